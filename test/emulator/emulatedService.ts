import type { Parameters } from '../service/contract';
import type { Wire } from '../service/faults';
import { Pictures } from '../service/pictures/pictures';
import type { PictureKind } from '../service/pictures/pictures';
import { Service } from '../service/service';
import type { Plan, Task } from '../service/task';
import { ENDINGS } from '../service/task';
import type { Limits } from './limits';
import { Gate } from './limits';
import { Plays, scenarioOf } from './plays';
import type { Incoming, RecordedRequest } from './records';
import { Records } from './records';
import type { Scenario, ScenarioName } from './scenarios';

/** How tasks advance: by the number of status calls, or by milliseconds from create to end. */
export type Progress =
	{ byReads: number } | { byTime: number | ((task: { parameters: Parameters }) => number) };

export type EmulatedServiceOptions = {
	key: string;
	progress: Progress;
	pictures: PictureKind | Pictures;
	limits: Limits;
};

const PORTION_IN_QUEUE = 0.25;

/** The service with a record of what it was asked, limits, and what was told to go wrong. */
export class EmulatedService {
	readonly records: Records;

	readonly plays = new Plays();

	private readonly model: Service;

	private readonly gate: Gate;

	constructor(private readonly options: EmulatedServiceOptions) {
		const { key, pictures, limits } = options;
		this.records = new Records(key);
		this.gate = new Gate(
			limits,
			() => [...this.tasks.values()].filter(({ state }) => state !== 'ended').length,
		);
		this.model = new Service({
			key,
			pictures: pictures instanceof Pictures ? pictures : new Pictures(pictures),
			limit: (call) => this.gate.enter(call),
		});
	}

	/** @param imagesOrigin the host of the images, without a path */
	lieAt(baseUrl: string, imagesOrigin: string): void {
		Object.assign(this.model, { baseUrl, imagesOrigin });
	}

	get at(): { baseUrl: string; imagesOrigin: string } {
		const { baseUrl, imagesOrigin } = this.model;
		return { baseUrl, imagesOrigin };
	}

	get tasks(): Map<string, Task> {
		return this.model.tasks;
	}

	addTask(body: Partial<Parameters> = {}, scenario: ScenarioName | Scenario = {}): Task {
		const plan = this.planBy(scenarioOf(scenario));
		return this.model.add({ prompt: 'a red apple', ...body }, plan);
	}

	record(incoming: Incoming): RecordedRequest {
		return this.records.add(incoming, (request) => this.model.identify(request));
	}

	async respond(record: RecordedRequest): Promise<Wire> {
		const { call, body } = record;
		const planned = this.plays.next(call);
		const played = planned || call !== 'create' ? undefined : this.plays.ofCreate(body);
		return await this.model.respond(record, this.model.identify(record), {
			fault: planned ?? played?.fault,
			plan: (parameters) => {
				const { scenario } = played ?? this.plays.ofCreate(body);
				return this.planBy(scenario)(parameters);
			},
			onCreated: ({ id }) => (record.requestId = id),
		});
	}

	reset(): void {
		this.tasks.clear();
		this.records.clear();
		this.plays.clear();
		this.gate.reset();
	}

	private planBy({ times = 1, create: _, ...scenario }: Scenario): (p: Parameters) => Plan {
		return (parameters) => ({
			...courseOf(this.options.progress, parameters, times),
			ending: ENDINGS.succeeded,
			...scenario,
		});
	}
}

function courseOf(progress: Progress, parameters: Parameters, times: number) {
	if ('byReads' in progress) {
		return { countsCalls: true, runsAt: 2, endsAt: progress.byReads * times };
	}
	const { byTime } = progress;
	const endsAt = times * (typeof byTime === 'number' ? byTime : byTime({ parameters }));
	return { runsAt: endsAt * PORTION_IN_QUEUE, endsAt };
}
