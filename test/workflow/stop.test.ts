import { startEmulator } from '../emulator';
import type { Emulator, RecordedRequest, ScenarioName } from '../emulator';
import type { Run } from '../harness/run';
import type { Settings } from './fixture';
import { CONTINUE, FORBIDDEN, refused, tries, useFixture } from './fixture';

/** Stop at any moment, in real time: what ends, what is cancelled, and that nothing follows. */

const fixture = useFixture();

/** Polls often enough that one more would be seen within `AFTERWARDS_MS`. */
const OFTEN = { pollInterval: 0.5 };
/** Whoever waits for the next poll waits longer than the test may take. */
const SELDOM = { pollInterval: 3600 };
const AFTERWARDS_MS = 600;

/** Stops a run, which then has to end. @returns what has arrived from then on, until some time after the end */
async function stop(run: Run, emulator: Emulator = fixture.emulator) {
	const before = emulator.requests.length;
	run.stop();
	const execution = await run.ended;
	await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
	expect(execution.status).toBe('canceled');
	fixture.expectNoKey(execution);
	return { execution, after: emulator.requests.slice(before) };
}

const arrived = async (call: RecordedRequest['call']) =>
	await fixture.emulator.whenRequested((request) => request.call === call, 15_000);

const answered = async (call: RecordedRequest['call']) =>
	await fixture.emulator.whenRequested(
		(request) => request.call === call && request.status > 0,
		15_000,
	);

/** The node has read the response to the call, and gone on to what follows it. */
async function goneOn(call: RecordedRequest['call']): Promise<void> {
	const { requestId } = await answered(call);
	// Another run, which the node serves after it has read that response.
	await fixture.run({ operation: 'getStatus', requestId });
}

const callsOf = (requests: RecordedRequest[]) => requests.map(({ call }) => call);

type Case = {
	/** What the service does: it lets the task run forever unless told otherwise. */
	service?: () => void;
	parameters?: () => object;
	settings?: Settings;
	/** When Stop comes: once a status has been answered. */
	when?: () => Promise<unknown>;
	/** The calls from then on: the cancel. */
	after?: Array<RecordedRequest['call']>;
};

const CASES: Record<string, Case> = {
	'between two polls, and no poll follows': {},
	'under Continue': { settings: CONTINUE },
	'under Continue (using error output)': { settings: { onError: 'continueErrorOutput' } },
	'under Retry On Fail, which does not try again': { settings: tries(3) },
	'during a status call, which is aborted': {
		service: () => fixture.emulator.answerNext('status', 'hang'),
		when: () => arrived('status'),
	},
	'while Get Result waits': {
		parameters: () => ({
			operation: 'getResult',
			requestId: fixture.emulator.addTask({}, 'stuckInQueue').id,
		}),
	},
	'also when the first cancel fails': {
		service: () => fixture.emulator.answerNext('cancel', 'error500'),
		after: ['cancel', 'cancel'],
	},
	'during a result call: the task is not cancelled': {
		service: () => {
			fixture.emulator.answerNext('status', { status: 200, body: { status: 'COMPLETED' } });
			fixture.emulator.answerNext('result', 'hang');
		},
		when: () => arrived('result'),
		after: [],
	},
	'during the pause before a call of Get Status is repeated: the task is not cancelled': {
		service: () => fixture.emulator.answerNext('status', refused(50)),
		parameters: () => ({ operation: 'getStatus', requestId: fixture.emulator.addTask().id }),
		after: [],
	},
	'during the pause before a refused create is repeated: nothing is sent': {
		service: () => fixture.emulator.answerNext('create', refused(50)),
		when: () => answered('create'),
		after: [],
	},
};

test.each(Object.entries(CASES))('%s', async (_what, theCase) => {
	const { service, parameters, settings, after = ['cancel'] } = theCase;
	const { when = () => answered('status') } = theCase;
	fixture.emulator.play('stuckInProgress');
	service?.();
	const run = fixture.start({ prompt: 'x', ...parameters?.(), options: OFTEN }, { settings });
	await when();
	const stopped = await stop(run);
	expect(callsOf(stopped.after)).toEqual(after);
	expect(fixture.requests().filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
});

describe('the tasks of a stopped run are cancelled', () => {
	let slow: Emulator;
	beforeAll(async () => (slow = await startEmulator({ latency: 300 })));
	afterAll(async () => await slow.stop());

	test('during its create, which is not aborted: its response is used to cancel', async () => {
		const credential = { apiKey: slow.key, baseUrl: slow.baseUrl };
		const run = fixture.start({ prompt: 'x' }, { credential });
		const create = await slow.whenRequested(({ call }) => call === 'create');
		expect(create.status).toBe(0);
		await stop(run, slow);
		expect(create.status).toBe(200);
		expect(callsOf(slow.requests)).toEqual(['create', 'cancel']);
		expect([...slow.tasks.values()]).toMatchObject([{ ending: { how: 'cancelled' } }]);
	});

	test('while items wait for a permit: those are never created', async () => {
		fixture.emulator.play('stuckInQueue', { times: 3 });
		const options = { ...OFTEN, maxTasksInFlight: 1 };
		const run = fixture.start({ prompt: 'x', options }, { items: [{}, {}, {}] });
		await answered('status');
		const { after } = await stop(run);
		expect(fixture.emulator.tasks.size).toBe(1);
		expect(callsOf(after)).toEqual(['cancel']);
	});
});

test('for a task that has ended, during the download of its image: no cancel is sent', async () => {
	fixture.emulator.answerNext('image', 'hang');
	const run = fixture.start({ operation: 'getResult', requestId: fixture.endedTask() });
	const download = await arrived('image');
	const { after } = await stop(run);
	expect(after).toEqual([]);
	expect(download.endedAt).toBeDefined();
	expect(download.finished).toBe(false);
});

describe('during the sleep before a poll, which ends', () => {
	/** @returns what was sent, what was logged, and the task */
	async function stopInSleep(scenario: ScenarioName, options: object = {}) {
		fixture.emulator.play(scenario);
		const run = fixture.start({ prompt: 'x', options: { ...SELDOM, ...options } });
		await goneOn('create');
		const { execution, after } = await stop(run);
		const logged = execution.logs.map(({ message }) => message).join('\n');
		return { execution, after, logged, task: fixture.onlyTask() };
	}

	test('the task is cancelled', async () => {
		const { after, logged, task } = await stopInSleep('stuckInProgress');
		const { id, ending } = task;
		expect(after).toMatchObject([{ call: 'cancel', requestId: id, status: 202, method: 'PUT' }]);
		expect(ending).toMatchObject({ how: 'cancelled' });
		expect(logged).toContain(`stopped: task cancelled (task ${id}`);
	});

	test('with Cancel on Stop off', async () => {
		const { after, logged, task } = await stopInSleep('stuckInProgress', { cancelOnStop: false });
		expect(after).toEqual([]);
		const line = "stopped: task left running because 'Cancel on Stop' is off";
		expect(logged).toContain(`${line} (task ${task.id}`);
	});

	test('when the task has just ended', async () => {
		const { after, logged } = await stopInSleep('alreadyCompletedAtCancel');
		expect(after).toMatchObject([{ call: 'cancel', status: 400 }]);
		expect(logged).toContain('stopped: task had already finished');
	});

	test('when the cancel is refused', async () => {
		fixture.emulator.answerNext('cancel', FORBIDDEN);
		const { execution, after } = await stopInSleep('stuckInProgress');
		expect(after).toHaveLength(1);
		const line = execution.logs.find(({ message }) => /could not cancel the task/.test(message));
		expect(line).toMatchObject({ level: 'warn', metadata: { reason: expect.any(String) } });
	});
});
