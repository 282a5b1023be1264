import type { INodeExecutionData } from 'n8n-workflow';
import { startEmulator } from '../emulator';
import type { Emulator, EmulatorOptions, RecordedRequest } from '../emulator';
import { emulateInProcess } from '../emulator/inProcess';
import { CredentialsHelper } from '../harness/credentials';
import { startEngine } from '../harness/engine';
import type { Engine, WorkflowJson } from '../harness/engine';
import type { Execution } from '../harness/execution';
import type { Run, RunOptions } from '../harness/run';
import { SimulatedClock } from '../harness/simulatedClock';
import type { Call, Parameters } from '../service/contract';
import type { ENDINGS } from '../service/endings';
import { ERRORS } from '../service/responses';
import type { Task } from '../service/task';
import { imageWorkflow } from './workflows';
import type { Settings } from './workflows';

export type Situation = {
	/** The `json` of each input item; one empty item unless told otherwise. */
	items?: object[];
	settings?: Settings;
	credential?: object;
	onMessage?: RunOptions['onMessage'];
};

export const CONTINUE = { onError: 'continueRegularOutput' } as const;

export const ERROR_OUTPUT = { onError: 'continueErrorOutput' } as const;

/** Retry On Fail, with a pause that simulated time does not feel. */
export const tries = (maxTries: number) => ({ retryOnFail: true, maxTries, waitBetweenTries: 1 });

/** Items that start one after the other, `batchInterval` ms apart. */
export const batching = (batchInterval: number | string) => ({
	requestOptions: { batching: { batch: { batchSize: 1, batchInterval } } },
});

/** The prompt of each item. */
export const prompt = '={{ $json.prompt }}';

/** So many items, each with a prompt of its own: image 0, image 1, … */
export const prompts = (count: number) =>
	Array.from({ length: count }, (_, number) => ({ prompt: `image ${number}` }));

export const FORBIDDEN = { status: 403, body: { detail: 'Not now' } };

export const NO_CREDITS = { status: 402, body: { detail: 'Empty' } };

export const refused = (retryAfter: number | string) => ERRORS.tooMany('Too many', retryAfter);

export const after = async (ms: number) =>
	await new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Each read of a key takes so long, but for the first: n8n's own, for the base URL. */
export function slowCredentialStore(ms: number): void {
	const { getDecrypted } = CredentialsHelper.prototype;
	const reads = jest.spyOn(CredentialsHelper.prototype, 'getDecrypted');
	reads.mockImplementation(async function (this: CredentialsHelper, ...given) {
		if (reads.mock.calls.length > 1) await after(ms);
		return await getDecrypted.apply(this, given);
	});
}

/** Warnings in the log of a run. */
export const warnings = ({ logs }: Execution) =>
	logs.filter(({ level }) => level === 'warn').map(({ message }) => message);

/** Every string that is reachable, own properties of errors included. */
function stringsIn(value: unknown, seen = new Set<unknown>()): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null || seen.has(value)) return [];
	seen.add(value);
	return Object.getOwnPropertyNames(value).flatMap((name) => [
		name,
		...stringsIn((value as Record<string, unknown>)[name], seen),
	]);
}

/** The engine and the emulated service on which a test file runs its workflows. */
class Fixture {
	engine!: Engine;

	emulator!: Emulator;

	private readonly runs: Run[] = [];

	get credential(): { apiKey: string; baseUrl: string } {
		return { apiKey: this.emulator.key, baseUrl: this.emulator.baseUrl };
	}

	async run(parameters: object, situation: Situation = {}): Promise<Execution> {
		return await this.start(parameters, situation).ended;
	}

	start(parameters: object, situation: Situation = {}): Run {
		return this.startWorkflow(imageWorkflow(parameters, situation.settings), situation);
	}

	startWorkflow(workflow: WorkflowJson, { items = [{}], ...situation }: Situation = {}): Run {
		const given = { items: items.map((json) => ({ json })), credential: this.credential };
		return this.kept(this.engine.start(workflow, { ...given, ...situation } as RunOptions));
	}

	async retry(execution: Execution): Promise<Execution> {
		return await this.kept(this.engine.retry(execution, { credential: this.credential })).ended;
	}

	/** Ends what a failed test has left running; it would call the service in the midst of the next. */
	async endRuns(): Promise<void> {
		const runs = this.runs.splice(0);
		for (const run of runs) run.stop();
		for (const { ended } of runs) await ended;
	}

	protected kept(run: Run): Run {
		this.runs.push(run);
		return run;
	}

	requests(call?: Call): RecordedRequest[] {
		return call ? this.emulator.calls(call) : this.emulator.requests;
	}

	/** Every call that arrived, in order, as `create`, `status`, `result`, `cancel` or `image`. */
	calls(): Array<Call | undefined> {
		return this.emulator.requests.map(({ call }) => call);
	}

	/** How often each call was made. */
	counts() {
		const [creates, statuses, results, cancels] = (
			['create', 'status', 'result', 'cancel'] as const
		).map((call) => this.requests(call).length);
		return { creates, statuses, results, cancels };
	}

	/** The first such call, once it has arrived. */
	async arrived(call: Call): Promise<RecordedRequest> {
		return await this.emulator.whenRequested((one) => one.call === call, 60_000);
	}

	/** The first such call that was answered, once so many were. */
	async answered(call: Call, count = 1): Promise<RecordedRequest> {
		const answered = () => this.requests(call).filter(({ status }) => status > 0);
		const enough = (one: RecordedRequest) => one === answered()[0] && answered().length >= count;
		return await this.emulator.whenRequested(enough, 60_000);
	}

	onlyTask(): Task {
		const [task, ...more] = this.emulator.tasks.values();
		if (!task || more.length > 0) throw new Error(`There are ${more.length + 1} tasks`);
		return task;
	}

	/** A task that has been made before and has ended. @returns its request ID */
	endedTask(how?: keyof typeof ENDINGS, body?: Partial<Parameters>): string {
		const { id } = this.emulator.addTask(body);
		this.emulator.end(id, how);
		return id;
	}

	/** Where the service keeps an image. */
	urlOf(requestId: string, index = 0): string {
		return `${this.emulator.imagesOrigin}${this.emulator.tasks.get(requestId)!.images[index]!.path}`;
	}

	/** The bytes of an image as the service keeps them. */
	picture(requestId: string, index = 0): Buffer {
		return this.emulator.tasks.get(requestId)!.images[index]!.picture!.bytes;
	}

	/** How often a create was sent for each prompt. */
	createsByPrompt(): Record<string, number> {
		const count: Record<string, number> = {};
		for (const { body } of this.requests('create')) {
			const { prompt } = body as { prompt: string };
			count[prompt] = (count[prompt] ?? 0) + 1;
		}
		return count;
	}

	/** The request ID of the latest task with this prompt. */
	requestIdFor(prompt: string): string | undefined {
		const tasks = [...this.emulator.tasks.values()].reverse();
		return tasks.find(({ parameters }) => parameters.prompt === prompt)?.id;
	}

	/** The only item that a run of one item puts out. */
	onlyItem(execution: Execution): INodeExecutionData {
		const [item, ...more] = execution.items('Image');
		expect([item?.pairedItem, more]).toEqual([{ item: 0 }, []]);
		this.expectNoKey(execution);
		return item!;
	}

	/** Asserts that a run failed with a message, and with these parts in the description. */
	expectError(execution: Execution, message: unknown, ...description: string[]): void {
		expect(execution.status).toBe('error');
		expect(execution.items('Image')).toEqual([]);
		expect(execution.error?.message).toEqual(message);
		for (const part of description) expect(execution.error?.description).toContain(part);
		this.expectNoKey(execution);
	}

	/** Asserts that the key is nowhere in what a run has left behind: items, errors, log lines. */
	expectNoKey(execution: Execution, key = this.emulator.key): void {
		const { saved, data, logs } = execution;
		// Whatever becomes of the letters' case: a status word, for one, is shown in capitals.
		const leaks = (text: string) => text.toLowerCase().includes(key.toLowerCase());
		expect(stringsIn([saved, data, logs]).filter(leaks)).toEqual([]);
	}

	async file(item: INodeExecutionData | undefined, property = 'data'): Promise<Buffer> {
		return await this.engine.bytes(item?.binary?.[property]);
	}

	/** Asserts that an item has the file of which its `json` speaks. */
	async expectItsFile(item: INodeExecutionData | undefined): Promise<void> {
		const { request_id: id, index = 0 } = item?.json ?? {};
		expect(await this.file(item)).toEqual(this.picture(String(id), Number(index)));
	}
}

/** Under simulated time: an hour of polling costs none. The service is in this process. */
class SimulatedFixture extends Fixture {
	time!: SimulatedClock;

	protected override kept(run: Run): Run {
		super.kept(run);
		return Object.create(run, {
			ended: { get: async () => await this.time.settle(run.ended) },
		}) as Run;
	}

	override async endRuns(): Promise<void> {
		await this.time.settle(super.endRuns());
	}
}

/** A fixture for the tests of this file, in real time; the service forgets everything between two. */
export function useFixture(options?: EmulatorOptions): Fixture {
	const fixture = new Fixture();
	beforeAll(async () => {
		fixture.emulator = await startEmulator(options);
		fixture.engine = await startEngine();
	});
	beforeEach(() => fixture.emulator.reset());
	afterEach(async () => await fixture.endRuns());
	afterAll(async () => {
		await fixture.engine?.stop();
		await fixture.emulator?.stop();
	});
	return fixture;
}

/** The same under simulated time. */
export function useSimulatedFixture(options?: EmulatorOptions): SimulatedFixture {
	const fixture = new SimulatedFixture();
	beforeAll(async () => {
		fixture.engine = await startEngine();
		// n8n starts timers of its own at its first run, which are to be none of a simulated one's.
		await fixture.engine.run(imageWorkflow({ prompt: '' }), {
			credential: { apiKey: 'none', baseUrl: 'http://localhost' },
		});
	});
	beforeEach(() => {
		fixture.time = new SimulatedClock();
		// What is drawn at random is drawn from the middle, so that calls can be counted.
		jest.spyOn(Math, 'random').mockReturnValue(0.5);
		fixture.emulator = emulateInProcess(fixture.time, options);
	});
	afterEach(async () => {
		await fixture.endRuns();
		await fixture.emulator.stop();
		fixture.time.end();
		jest.restoreAllMocks();
	});
	afterAll(async () => await fixture.engine?.stop());
	return fixture;
}
