import type { Limits } from './limits';
import { Gate } from './limits';
import { Pictures } from './pictures';
import type { PictureKind } from './pictures';
import { Plays } from './plays';
import { Records } from './records';
import { scenarioOf } from './scenarios';
import type { ScenarioName } from './scenarios';
import { look, newTask } from './task';
import type { EmulatedImage, EmulatedTask, Look, Progress } from './task';
import type { Parameters } from './contract';

export type ServiceOptions = {
	key: string;
	progress: Progress;
	pictures: PictureKind;
	limits: Limits;
};

/** What both servers share: the tasks, what is recorded of the calls, and what is to go wrong. */
export class Service {
	/** `http://127.0.0.1:PORT/model` */
	baseUrl = '';

	/** Scheme, host and port of the image server. */
	imagesOrigin = '';

	readonly tasks = new Map<string, EmulatedTask>();

	/** Every image by its path on the image server. */
	readonly imagesByPath = new Map<string, { task: EmulatedTask; image: EmulatedImage }>();

	readonly records: Records;

	readonly plays = new Plays();

	readonly pictures: Pictures;

	readonly gate: Gate;

	constructor(readonly options: ServiceOptions) {
		this.records = new Records(options.key);
		this.pictures = new Pictures(options.pictures);
		this.gate = new Gate(options.limits);
	}

	addTask(body: Partial<Parameters> & { prompt: string }, scenario?: ScenarioName): EmulatedTask {
		const task = newTask(body);
		if (scenario) task.scenario = scenario;
		task.pictureFormat = scenarioOf(scenario).pictureFormat ?? task.pictureFormat;
		this.tasks.set(task.id, task);
		for (const image of task.images) this.imagesByPath.set(image.path, { task, image });
		return task;
	}

	/** Where a task stands now. */
	look(task: EmulatedTask): Look {
		const seen = look(task, this.options.progress, scenarioOf(task.scenario));
		// Drawn while the client is still reading the status, so that the result need not wait for it.
		if (task.ending?.how === 'succeeded') {
			for (const image of task.images) this.pictures.of(task, image).catch(() => undefined);
		}
		return seen;
	}

	/** How many tasks have not ended. */
	openTasks(): number {
		return [...this.tasks.values()].filter((task) => this.look(task).status !== 'COMPLETED').length;
	}

	reset(): void {
		this.tasks.clear();
		this.imagesByPath.clear();
		this.records.clear();
		this.plays.clear();
		this.gate.reset();
	}
}
