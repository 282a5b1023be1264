import { inspect } from 'node:util';
import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { startEmulator } from '../emulator';
import type { Emulator, EmulatorOptions, RecordedRequest } from '../emulator';
import { emulateInProcess } from '../emulator/inProcess';
import { startEngine } from '../harness/engine';
import type { Engine, WorkflowJson } from '../harness/engine';
import type { Execution } from '../harness/execution';
import type { Run, RunOptions } from '../harness/run';
import { SimulatedClock } from '../harness/simulatedClock';
import type { Call, Parameters } from '../service/contract';
import type { ENDINGS } from '../service/endings';
import { ERRORS } from '../service/responses';
import type { Task } from '../service/task';

/** What the node's own fields are, beside its parameters: `onError`, `retryOnFail`, `type`, … */
export type Settings = Partial<INode>;

export type Situation = {
	/** The `json` of each input item; one empty item unless told otherwise. */
	items?: IDataObject[];
	settings?: Settings;
	credential?: IDataObject;
};

const NODE_TYPE = 'n8n-nodes-seaart-gpt-image-1.gptImage1';

export const CONTINUE = { onError: 'continueRegularOutput' } as const;

/** Retry On Fail, with a pause that simulated time does not feel. */
export const tries = (maxTries: number) => ({ retryOnFail: true, maxTries, waitBetweenTries: 1 });

/** Items that start one after the other, `batchInterval` ms apart. */
export const batching = (batchInterval: number) => ({
	requestOptions: { batching: { batch: { batchSize: 1, batchInterval } } },
});

/** The prompt of each item. */
export const prompt = '={{ $json.prompt }}';

/** n8n throws at a node that is not there. */
export const THROWS_WITHOUT_PROMPT = '={{ $json.prompt ?? $("Nowhere").item.json.prompt }}';

/** So many items, each with a prompt of its own: image 0, image 1, … */
export const prompts = (count: number) =>
	Array.from({ length: count }, (_, number) => ({ prompt: `image ${number}` }));

export const FORBIDDEN = { status: 403, body: { detail: 'Not now' } };

export const NO_CREDITS = { status: 402, body: { detail: 'Empty' } };

export const refused = (retryAfter: number | string) => ERRORS.tooMany('Too many', retryAfter);

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

/** An agent that calls the node once an item, with the item as its arguments. */
export function agentWorkflow(parameters: object, settings: Settings = {}): WorkflowJson {
	const { nodes } = imageWorkflow(parameters, settings);
	const [start, image] = nodes;
	image!.type += 'Tool';
	return {
		nodes: [...nodes, { ...start!, id: 'Agent', name: 'Agent', type: 'test.toolCaller' }],
		connections: {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Image: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
	};
}

/** The most of these that came within any second. */
export const busiestSecond = (requests: RecordedRequest[]) =>
	Math.max(
		...requests.map(({ at }) => requests.filter((r) => r.at >= at && r.at < at + 1000).length),
	);

/** The engine and the emulated service that a test file runs its workflows on. */
export class Fixture {
	engine!: Engine;

	emulator!: Emulator;

	private readonly runs: Run[] = [];

	get credential(): { apiKey: string; baseUrl: string } {
		return { apiKey: this.emulator.key, baseUrl: this.emulator.baseUrl };
	}

	/** Runs the node once with these parameters. */
	async run(parameters: object, situation: Situation = {}): Promise<Execution> {
		return await this.start(parameters, situation).ended;
	}

	start(parameters: object, { items, settings, credential }: Situation = {}): Run {
		const workflow = imageWorkflow(parameters, settings);
		const given = items && { items: items.map((json) => ({ json })) };
		return this.startWorkflow(workflow, { ...given, credential: credential as never });
	}

	startWorkflow(workflow: WorkflowJson, options: RunOptions = {}): Run {
		const { credential = this.credential } = options;
		return this.kept(this.engine.start(workflow, { ...options, credential }));
	}

	/** What "Retry execution" in the executions list does. */
	startRetry(execution: Execution): Run {
		return this.kept(this.engine.retry(execution, { credential: this.credential }));
	}

	async retry(execution: Execution): Promise<Execution> {
		return await this.startRetry(execution).ended;
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

	/** Such requests in order of arrival; all of them where no call is given. */
	requests(call?: Call): RecordedRequest[] {
		return call ? this.emulator.calls(call) : this.emulator.requests;
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

	/** A task that has been made before and has ended. @returns its request ID */
	endedTask(how?: keyof typeof ENDINGS, body?: Partial<Parameters>): string {
		const { id } = this.emulator.addTask(body);
		this.emulator.end(id, how);
		return id;
	}

	/** Where the service keeps an image. */
	urlOf(requestId: unknown, index = 0): string {
		const { images } = this.emulator.tasks.get(String(requestId))!;
		return `${this.emulator.imagesOrigin}${images[index]!.path}`;
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

/** Under simulated time: an hour of polling costs none. The service is in this process. */
export class SimulatedFixture extends Fixture {
	time!: SimulatedClock;

	/** Lets time pass until so many such calls have been answered; throws after an hour. */
	async untilAnswered(call: Call, count = 1): Promise<void> {
		const answered = () => this.requests(call).filter(({ status }) => status > 0).length;
		if (await this.time.until(() => answered() >= count, this.time.now + 3_600_000)) return;
		throw new Error(`Not ${count} calls of ${call} in an hour`);
	}

	/** How a run ends; throws where it continues after so long. */
	async endWithin(run: Run, ms: number): Promise<Execution> {
		let callOff = () => {};
		const late = new Promise<never>((_resolve, reject) => {
			const continues = () => reject(new Error(`The run continues after ${ms} ms`));
			callOff = this.time.after(ms, continues);
		});
		return await Promise.race([run.ended, late]).finally(callOff);
	}

	/** Time passes while a test waits for its end. */
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
	}, 60_000);
	beforeEach(() => fixture.emulator.reset());
	afterEach(async () => await fixture.endRuns());
	afterAll(async () => {
		await fixture.engine?.stop();
		await fixture.emulator?.stop();
	});
	return fixture;
}

/** The same under simulated time, with a clock for each test. */
export function useSimulatedFixture(options?: EmulatorOptions): SimulatedFixture {
	// Simulated time costs real time on a busy machine, and a test given up would go on beside the next.
	jest.setTimeout(120_000);
	const fixture = new SimulatedFixture();
	beforeAll(async () => {
		fixture.engine = await startEngine();
		// n8n starts timers of its own at its first run, which are to be none of a simulated one's.
		await fixture.engine.run(imageWorkflow({ prompt: '' }), {
			credential: { apiKey: 'none', baseUrl: 'http://localhost' },
		});
	}, 60_000);
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
