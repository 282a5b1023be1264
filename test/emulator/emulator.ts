import type { Call, Parameters } from '../service/contract';
import { ENDINGS } from '../service/endings';
import type { Fault, Wire } from '../service/faults';
import { Pictures } from '../service/pictures/pictures';
import type { PictureKind } from '../service/pictures/pictures';
import { Service } from '../service/service';
import type { Plan, Task } from '../service/task';
import { Gate } from './limits';
import type { Limits } from './limits';
import { Plays, scenarioOf } from './plays';
import type { When } from './plays';
import { recordOf } from './records';
import type { Incoming, RecordedRequest } from './records';
import type { Scenario, ScenarioName } from './scenarios';

/** How tasks advance: by the number of status calls, or by milliseconds from create to end. */
export type Progress =
	{ byReads: number } | { byTime: number | ((task: { parameters: Parameters }) => number) };

type Options = {
	key: string;
	/** `byReads` n: status call 1 says IN_QUEUE, then IN_PROGRESS, from the n-th on COMPLETED. */
	progress: Progress;
	limits: Limits;
	/** Milliseconds before each answer of the API. */
	latency: number;
	/** Called with each request once its answer is under way. */
	onAnswer: (request: RecordedRequest) => void;
};

/** Pictures are `small` unless told otherwise. */
export type EmulatorOptions = Partial<Options> & { pictures?: PictureKind };

const DEFAULTS: Options = {
	...{ key: 'key-of-the-emulated-service', progress: { byReads: 3 } },
	...{ limits: {}, latency: 0, onAnswer: () => {} },
};

/** Lets time pass until something holds; false where it does not in so many milliseconds. */
export type Until = (holds: () => boolean, timeoutMs: number) => Promise<boolean>;

const PORTION_IN_QUEUE = 0.25;

/** The service with a record of what it was asked, with limits, and with what it was told to do. */
export class Emulator extends Service {
	/** Every request of both ports in order of arrival. */
	readonly requests: RecordedRequest[] = [];
	/** Closes both ports and breaks every open connection. */
	stop: () => Promise<void> = async () => {};
	readonly pictures: Pictures;
	settings: Options;
	private plays = new Plays();
	private gate = new Gate();

	constructor(
		private readonly given: EmulatorOptions,
		private readonly until: Until,
	) {
		const pictures = new Pictures(given.pictures ?? 'small');
		super({
			pictures,
			key: () => this.key,
			limit: (call) => this.gate.enter(call, this.settings.limits, this.tasks.values()),
		});
		this.pictures = pictures;
		this.settings = { ...DEFAULTS, ...given };
	}

	get key(): string {
		return this.settings.key;
	}

	/** Other options than it was started with, until `reset`. */
	configure(options: Partial<Options>): void {
		this.settings = { ...DEFAULTS, ...this.given, ...options };
	}

	record(incoming: Incoming): RecordedRequest {
		const record = recordOf(incoming, this.key, (request) => this.identify(request));
		this.requests.push(record);
		return record;
	}

	/** What goes back for a request that was recorded. */
	async answer(record: RecordedRequest): Promise<Wire> {
		const { call, body } = record;
		const planned = this.plays.next(call);
		const played = planned || call !== 'create' ? undefined : this.plays.ofCreate(body);
		return await this.respond(record, this.identify(record), {
			fault: planned ?? played?.fault,
			plan: (given) => this.planFor(given, (played ?? this.plays.ofCreate(body)).scenario),
			onCreated: ({ id }) => (record.requestId = id),
		});
	}

	answered(record: RecordedRequest, status: number): void {
		record.status = status;
		this.settings.onAnswer(record);
	}

	addTask(body: Partial<Parameters> = {}, scenario: ScenarioName | Scenario = {}): Task {
		const plan = (parameters: Parameters) => this.planFor(parameters, scenarioOf(scenario));
		return this.add({ prompt: 'a red apple', ...body }, plan);
	}

	/** Ends a task by hand. Throws on an id that does not exist. */
	end(id: string, how: keyof typeof ENDINGS = 'succeeded'): void {
		const task = this.tasks.get(id);
		if (!task) throw new Error(`No task has the id ${id}`);
		task.end(ENDINGS[how]);
	}

	/** The next create (of this prompt), and `times - 1` after it, play this scenario. */
	play(scenario: ScenarioName | Scenario, when?: When): void {
		this.plays.book(scenario, when);
	}

	/** The next call of this kind, whatever its task, meets this; plans queue up. */
	answerNext(call: Call, fault: Fault, times = 1): void {
		this.plays.plan(call, fault, times);
	}

	/** Such requests, in order of arrival. */
	calls(call: Call, id?: string): RecordedRequest[] {
		return this.requests.filter(
			(one) => one.call === call && (id === undefined || one.requestId === id),
		);
	}

	/** Refused ones included. */
	creates = () => this.calls('create');
	statusReads = (id?: string) => this.calls('status', id);
	cancels = (id?: string) => this.calls('cancel', id);
	downloads = (id?: string) => this.calls('image', id);

	/** Whether the key appeared in any request to the image server, or in any for an image. */
	get keyReachedImages(): boolean {
		return this.requests.some(
			({ port, call, carriesKey }) => carriesKey && (port === 'images' || call === 'image'),
		);
	}

	/**
	 * The first request that matches, past ones included; `status` is 0 until it is answered. Rejects
	 * with the list of what was seen.
	 */
	async whenRequested(
		match: (request: RecordedRequest) => boolean,
		timeoutMs = 5000,
	): Promise<RecordedRequest> {
		const found = await this.until(() => this.requests.some(match), timeoutMs);
		if (found) return this.requests.find(match)!;
		const seen = this.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);
		throw new Error(`No such request within ${timeoutMs} ms. Seen:\n${seen.join('\n')}`);
	}

	/** Forgets tasks, requests, plans and other options; the addresses stay. */
	reset(): void {
		this.tasks.clear();
		this.requests.length = 0;
		this.plays = new Plays();
		this.gate = new Gate();
		this.configure({});
	}

	private planFor(parameters: Parameters, { times = 1, create: _, ...scenario }: Scenario): Plan {
		const course = courseOf(this.settings.progress, parameters, times);
		return { ...course, ending: ENDINGS.succeeded, ...scenario };
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
