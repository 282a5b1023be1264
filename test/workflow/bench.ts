import { inspect } from 'node:util';
import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { startEmulator } from '../emulator';
import type { Emulator, EmulatorOptions, RecordedRequest } from '../emulator';
import type { Task } from '../service/task';
import { startEngine } from '../engine/engine';
import type { Engine, WorkflowJson } from '../engine/engine';
import type { Execution } from '../engine/execution';
import type { Run, RunOptions } from '../engine/run';

/** What the node's own fields are, beside its parameters: `onError`, `retryOnFail`, `type`, … */
export type Settings = Partial<INode>;

export type Situation = {
	/** The `json` of each input item; one empty item unless told otherwise. */
	items?: IDataObject[];
	settings?: Settings;
	credential?: IDataObject;
};

const NODE_TYPE = 'n8n-nodes-seaart-gpt-image-1.gptImage1';

/** Start, then the node under test, called Image. */
export function imageWorkflow(parameters: object, settings: Settings = {}): WorkflowJson {
	const node = (name: string, type: string): INode => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	});
	return {
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			{ ...node('Image', NODE_TYPE), parameters: parameters as INode['parameters'], ...settings },
		],
		connections: { Start: { main: [[{ node: 'Image', type: 'main', index: 0 }]] } },
	};
}

/** The engine and the emulated service that a test file runs its workflows on. */
export class Bench {
	engine!: Engine;

	emulator!: Emulator;

	private runs: Run[] = [];

	get credential(): { apiKey: string; baseUrl: string } {
		return { apiKey: this.emulator.key, baseUrl: this.emulator.baseUrl };
	}

	/** Runs the node once with these parameters. */
	async run(parameters: object, situation: Situation = {}): Promise<Execution> {
		return await this.start(parameters, situation).ended;
	}

	start(parameters: object, { items, settings, credential }: Situation = {}): Run {
		const options: RunOptions = { credential: (credential ?? this.credential) as never };
		if (items) options.items = items.map((json) => ({ json }));
		const run = this.engine.start(imageWorkflow(parameters, settings), options);
		this.runs.push(run);
		return run;
	}

	/** Ends what a failed test has left running; it would call the service in the midst of the next. */
	async endRuns(): Promise<void> {
		const runs = this.runs.splice(0);
		for (const run of runs) run.stop();
		await Promise.all(runs.map(async ({ ended }) => await ended));
	}

	/** Every call that arrived, in order, as `create`, `status`, `result`, `cancel` or `image`. */
	calls(): Array<RecordedRequest['call']> {
		return this.emulator.requests.map(({ call }) => call);
	}

	/** How often each call was made. */
	counts() {
		const count = (call: RecordedRequest['call']) =>
			this.calls().filter((one) => one === call).length;
		return {
			creates: count('create'),
			statuses: count('status'),
			results: count('result'),
			cancels: count('cancel'),
		};
	}

	/** The task of a run of one item. */
	onlyTask(): Task {
		const [task, ...more] = this.emulator.tasks.values();
		if (!task || more.length > 0) throw new Error(`There are ${more.length + 1} tasks`);
		return task;
	}

	/** How often a create was sent for each prompt. */
	createsByPrompt(): Record<string, number> {
		const count: Record<string, number> = {};
		for (const { body } of this.emulator.creates()) {
			const { prompt } = body as { prompt: string };
			count[prompt] = (count[prompt] ?? 0) + 1;
		}
		return count;
	}

	/** The request ID of the latest task with this prompt. */
	requestIdFor(prompt: string): string | undefined {
		return [...this.emulator.tasks.values()]
			.filter((task) => task.parameters.prompt === prompt)
			.at(-1)?.id;
	}

	/** Asserts that the key is nowhere in what a run has left behind: items, errors, log lines. */
	expectNoKey(execution: Execution, key = this.emulator.key): void {
		const { saved, data, logs } = execution;
		const left = inspect([saved, data], { depth: 20, maxStringLength: null });
		expect(left).not.toContain(key);
		expect(logs.map(({ text }) => text).join('\n')).not.toContain(key);
	}

	/** The bytes of an image as the service keeps them. */
	async picture(requestId: unknown, index = 0): Promise<Buffer> {
		const picture = this.emulator.tasks.get(String(requestId))?.images[index]?.picture;
		if (!picture) throw new Error(`The service has no picture ${index} of ${String(requestId)}`);
		return picture.bytes;
	}

	/** The bytes of a file of an item. */
	async file(item: INodeExecutionData | undefined, property = 'data'): Promise<Buffer> {
		return await this.engine.bytes(item?.binary?.[property]);
	}
}

/** A bench for the tests of this file; the service forgets everything between two of them. */
export function useBench(options?: EmulatorOptions): Bench {
	const bench = new Bench();
	beforeAll(async () => {
		bench.emulator = await startEmulator(options);
		bench.engine = await startEngine();
	}, 60_000);
	beforeEach(() => bench.emulator.reset());
	afterEach(async () => await bench.endRuns());
	afterAll(async () => {
		await bench.engine?.stop();
		await bench.emulator?.stop();
	});
	return bench;
}
