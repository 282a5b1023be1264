import { startEmulator } from '../emulator';
import type { Emulator, RecordedRequest } from '../emulator';
import type { Execution } from '../harness/execution';
import type { Run } from '../harness/run';
import { useFixture } from './fixture';

/** Stop at any moment, in real time: what ends, what is cancelled, and that nothing follows. */

const fixture = useFixture();

/** Polls often enough that one more would be seen within `AFTERWARDS_MS`. */
const OFTEN = { pollInterval: 0.5 };
/** Whoever waits for the next poll waits longer than the test may take. */
const SELDOM = { pollInterval: 3600 };
const AFTERWARDS_MS = 600;

type Stopped = {
	execution: Execution;
	/** What arrived after Stop, until some time after the end. */
	after: RecordedRequest[];
};

/** Stops a run, which then has to end, and sees what arrives from then on. */
async function stop(run: Run, emulator: Emulator = fixture.emulator): Promise<Stopped> {
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

const answered = async (call: RecordedRequest['call'], count = 1) =>
	await fixture.emulator.whenRequested(
		() =>
			fixture.emulator.requests.filter((request) => request.call === call && request.status > 0)
				.length >= count,
		15_000,
	);

/** The node has read the response to the call, and gone on to what follows it. */
async function goneOn(call: RecordedRequest['call']): Promise<void> {
	const { requestId } = await answered(call);
	// Another run, which the node serves after it has read that response.
	await fixture.run({ operation: 'getStatus', requestId });
}

const callsOf = (requests: RecordedRequest[]) => requests.map(({ call }) => call);

const loggedBy = ({ logs }: Execution) => logs.map(({ message }) => message).join('\n');

describe('the tasks of a stopped run are cancelled', () => {
	let slow: Emulator;
	beforeAll(async () => (slow = await startEmulator({ latency: 300 })));
	afterAll(async () => await slow.stop());

	test('during the sleep before a poll, which ends', async () => {
		fixture.emulator.play('stuckInProgress');
		const run = fixture.start({ prompt: 'x', options: SELDOM });
		await goneOn('create');
		const { id } = fixture.onlyTask();
		const { execution, after } = await stop(run);
		expect(after).toMatchObject([{ call: 'cancel', requestId: id, status: 202, method: 'PUT' }]);
		expect(fixture.emulator.tasks.get(id)?.ending).toMatchObject({ how: 'cancelled' });
		expect(loggedBy(execution)).toContain(`stopped: task cancelled (task ${id}`);
	});

	test('between two polls, and no poll follows', async () => {
		fixture.emulator.play('stuckInProgress');
		const run = fixture.start({ prompt: 'x', options: OFTEN });
		await answered('status');
		const { after } = await stop(run);
		expect(callsOf(after)).toEqual(['cancel']);
	});

	test('during a status call, which is aborted', async () => {
		fixture.emulator.answerNext('status', 'hang');
		const run = fixture.start({ prompt: 'x', options: OFTEN });
		const status = await arrived('status');
		const { after } = await stop(run);
		expect(callsOf(after)).toEqual(['cancel']);
		expect(status.endedAt).toBeDefined();
	});

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

	test('15 of 15, though no more than ten are cancelled a second', async () => {
		fixture.emulator.play('stuckInQueue', { times: 15 });
		const items = Array.from({ length: 15 }, (_, number) => ({ number }));
		const options = { ...SELDOM, maxTasksInFlight: 15 };
		const run = fixture.start({ prompt: '={{ $json.number }}', options }, { items });
		await answered('create', 15);
		const { after } = await stop(run);
		expect(callsOf(after)).toEqual(Array(15).fill('cancel'));
		expect(after.map(({ requestId }) => requestId).sort()).toEqual(
			[...fixture.emulator.tasks.keys()].sort(),
		);
	});

	test('of Get Result, which waits for it', async () => {
		const { id } = fixture.emulator.addTask({}, 'stuckInQueue');
		const run = fixture.start({ operation: 'getResult', requestId: id, options: OFTEN });
		await answered('status');
		const { after } = await stop(run);
		expect(after).toMatchObject([{ call: 'cancel', requestId: id }]);
	});

	test('also when the first cancel fails', async () => {
		fixture.emulator.play('stuckInQueue');
		fixture.emulator.answerNext('cancel', 'error500');
		const run = fixture.start({ prompt: 'x', options: SELDOM });
		await goneOn('create');
		const { after } = await stop(run);
		expect(after).toMatchObject([
			{ call: 'cancel', status: 500 },
			{ call: 'cancel', status: 202 },
		]);
	});
});

describe('no cancel is sent', () => {
	test('with Cancel on Stop off', async () => {
		fixture.emulator.play('stuckInProgress');
		const run = fixture.start({ prompt: 'x', options: { ...SELDOM, cancelOnStop: false } });
		await goneOn('create');
		const { execution, after } = await stop(run);
		expect(after).toEqual([]);
		const line = "stopped: task left running because 'Cancel on Stop' is off";
		expect(loggedBy(execution)).toContain(`${line} (task ${fixture.onlyTask().id}`);
	});

	test('for a task that has ended, during the download of its image', async () => {
		fixture.emulator.answerNext('image', 'hang');
		const { id } = fixture.emulator.addTask();
		fixture.emulator.end(id);
		const run = fixture.start({ operation: 'getResult', requestId: id });
		const download = await arrived('image');
		const { after } = await stop(run);
		expect(after).toEqual([]);
		expect(download.endedAt).toBeDefined();
		expect(download.finished).toBe(false);
	});

	test('during a result call', async () => {
		fixture.emulator.answerNext('result', 'hang');
		const run = fixture.start({ prompt: 'x', options: OFTEN });
		await arrived('result');
		const { after } = await stop(run);
		expect(after).toEqual([]);
	});

	test('by Get Status, during the pause before a repeated call', async () => {
		const { id } = fixture.emulator.addTask();
		const response = { status: 503, headers: { 'retry-after': '50' }, body: {} };
		fixture.emulator.answerNext('status', response, 10);
		const run = fixture.start({ operation: 'getStatus', requestId: id });
		await answered('status');
		const { after } = await stop(run);
		expect(after).toEqual([]);
	});

	test('during the pause before a refused create is repeated', async () => {
		const response = { status: 429, headers: { 'retry-after': '50' }, body: {} };
		fixture.emulator.answerNext('create', response, 10);
		const run = fixture.start({ prompt: 'x' });
		await answered('create');
		const { after } = await stop(run);
		expect(after).toEqual([]);
	});
});

describe('the run ends as canceled all the same', () => {
	test('when the task has just ended', async () => {
		fixture.emulator.play('alreadyCompletedAtCancel');
		const run = fixture.start({ prompt: 'x', options: SELDOM });
		await goneOn('create');
		const { execution, after } = await stop(run);
		expect(after).toMatchObject([{ call: 'cancel', status: 400 }]);
		expect(loggedBy(execution)).toContain('stopped: task had already finished');
	});

	test('when the cancel is refused', async () => {
		fixture.emulator.play('stuckInProgress');
		fixture.emulator.answerNext('cancel', { status: 403, body: { detail: 'No' } });
		const run = fixture.start({ prompt: 'x', options: SELDOM });
		await goneOn('create');
		const { execution, after } = await stop(run);
		expect(after).toHaveLength(1);
		const line = execution.logs.find(({ message }) => /could not cancel the task/.test(message));
		expect(line).toMatchObject({ level: 'warn', metadata: { reason: expect.any(String) } });
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'under %s',
		async (onError) => {
			fixture.emulator.play('stuckInProgress');
			const run = fixture.start({ prompt: 'x', options: SELDOM }, { settings: { onError } });
			await goneOn('create');
			const { after } = await stop(run);
			expect(callsOf(after)).toEqual(['cancel']);
		},
	);

	test('under Retry On Fail, which does not try again', async () => {
		fixture.emulator.play('stuckInProgress', { times: 3 });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const run = fixture.start({ prompt: 'x', options: SELDOM }, { settings });
		await goneOn('create');
		const { after } = await stop(run);
		expect(callsOf(after)).toEqual(['cancel']);
		expect(fixture.emulator.creates()).toHaveLength(1);
	});
});

describe('in real time', () => {
	test('a wait lasts as long as its time-out', async () => {
		fixture.emulator.play('stuckInQueue');
		const started = performance.now();
		const execution = await fixture.run({ prompt: 'x', options: { timeout: 1 } });
		expect(performance.now() - started).toBeGreaterThanOrEqual(1000);
		expect(execution.error?.message).toContain('was still queued after 1 second [item 0]');
	});

	test('a failure ends the sleeps of the other items', async () => {
		fixture.emulator.answerNext('status', { status: 403, body: {} });
		fixture.emulator.play('stuckInQueue', { times: 2 });
		const items = [{ seconds: 0.5 }, { seconds: 3600 }];
		const options = { pollInterval: '={{ $json.seconds }}' };
		const execution = await fixture.run({ prompt: 'x', options }, { items });
		expect(execution.status).toBe('error');
		expect(fixture.emulator.statusReads()).toHaveLength(1);
		// The other task keeps running, and the error says which it is.
		const ids = [...fixture.emulator.tasks.keys()];
		expect(ids).toHaveLength(2);
		for (const id of ids) {
			expect(`${execution.error?.message} ${execution.error?.description}`).toContain(id);
		}
		expect(fixture.emulator.cancels()).toEqual([]);
	});
});
