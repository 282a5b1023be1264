import { startEmulator } from '../emulator';
import type { Emulator, RecordedRequest } from '../emulator';
import type { Execution } from '../engine/execution';
import type { Run } from '../engine/run';
import { useBench } from './bench';

/** Stop at any moment, in real time: what ends, what is cancelled, and that nothing follows. */

const bench = useBench();

const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** So long after the end a request that should not be would have come, in ms. */
const AFTERWARDS = 150;

type Stopped = {
	execution: Execution;
	/** From Stop to the end of the run, in ms. */
	took: number;
	/** What arrived after Stop, until some time after the end. */
	after: RecordedRequest[];
};

async function stop(run: Run, emulator: Emulator = bench.emulator): Promise<Stopped> {
	const before = emulator.requests.length;
	const at = Date.now();
	run.stop();
	const execution = await run.ended;
	const took = Date.now() - at;
	await pause(AFTERWARDS);
	bench.expectNoKey(execution);
	return { execution, took, after: emulator.requests.slice(before) };
}

const arrived = async (call: RecordedRequest['call'], count = 1) =>
	await bench.emulator.whenRequested(
		(request) =>
			request.call === call &&
			bench.emulator.requests.filter((other) => other.call === call).length >= count,
		15_000,
	);

const answeredCall = async (call: RecordedRequest['call']) =>
	await bench.emulator.whenRequested((request) => request.call === call && request.status > 0);

/** The task exists, and the first look at it is some way off. */
const sleeping = async () => {
	await answeredCall('create');
	await pause(50);
};

const idsOf = (requests: RecordedRequest[]) => requests.map(({ requestId }) => requestId).sort();

const callsOf = (requests: RecordedRequest[]) => requests.map(({ call }) => call);

const soon = { pollInterval: 0.5 };

describe('the tasks of a stopped run are cancelled', () => {
	let slow: Emulator;
	beforeAll(async () => (slow = await startEmulator({ latency: 300 })));
	afterAll(async () => await slow.stop());

	test('in the sleep between two looks', async () => {
		bench.emulator.play('stuckInProgress');
		const run = bench.start({ prompt: 'x', options: soon });
		const { requestId } = await answeredCall('status');
		await pause(50);
		const { execution, took, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(took).toBeLessThan(400);
		expect(callsOf(after)).toEqual(['cancel']);
		expect(after).toMatchObject([{ requestId, status: 202, method: 'PUT' }]);
		expect(bench.emulator.tasks.get(requestId!)?.ending).toMatchObject({ how: 'cancelled' });
		const lines = execution.logs.map(({ message }) => message);
		expect(lines.filter((line) => line.includes(requestId!)).join()).toContain('cancelled');
	});

	test('in a status call, which is broken off', async () => {
		bench.emulator.answerNext('status', 'hang');
		const run = bench.start({ prompt: 'x', options: soon });
		const status = await arrived('status');
		const { execution, took, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(took).toBeLessThan(400);
		expect(callsOf(after)).toEqual(['cancel']);
		expect(status.endedAt).toBeDefined();
	});

	test('while its create is on the way: the answer is used to cancel', async () => {
		const credential = { apiKey: slow.key, baseUrl: slow.baseUrl };
		const run = bench.start({ prompt: 'x' }, { credential });
		await slow.whenRequested(({ call }) => call === 'create');
		const { execution, took } = await stop(run, slow);
		expect(execution.status).toBe('canceled');
		expect(took).toBeLessThan(250);
		await slow.whenRequested(({ call, status }) => call === 'cancel' && status > 0);
		await pause(AFTERWARDS);
		expect(callsOf(slow.requests)).toEqual(['create', 'cancel']);
		expect([...slow.tasks.values()]).toMatchObject([{ ending: { how: 'cancelled' } }]);
	});

	test('in the queue for a place: what waits is never created', async () => {
		bench.emulator.play('stuckInQueue', { times: 3 });
		const options = { ...soon, maxTasksInFlight: 1 };
		const run = bench.start({ prompt: 'x', options }, { items: [{}, {}, {}] });
		await answeredCall('status');
		const { execution, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(bench.emulator.tasks.size).toBe(1);
		expect(callsOf(after)).toEqual(['cancel']);
	});

	test('a hundred at once', async () => {
		const all = 100;
		bench.emulator.play('stuckInQueue', { times: all });
		const items = Array.from({ length: all }, (_, number) => ({ number }));
		const options = { maxTasksInFlight: all };
		const run = bench.start({ prompt: '={{ $json.number }}', options }, { items });
		await arrived('create', all);
		await pause(150);
		const at = Date.now();
		const { execution, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(callsOf(after)).toEqual(Array(all).fill('cancel'));
		expect(idsOf(after)).toEqual([...bench.emulator.tasks.keys()].sort());
		// A second on a machine of its own; here other tests run beside this one.
		expect(Math.max(...after.map((request) => request.at)) - at).toBeLessThan(2500);
	});

	test('of Get Result, which waits for it', async () => {
		const { id } = bench.emulator.addTask({}, 'stuckInQueue');
		const run = bench.start({ operation: 'getResult', requestId: id, options: soon });
		await answeredCall('status');
		const { execution, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(after).toMatchObject([{ call: 'cancel', requestId: id }]);
	});

	test('also when the first cancel fails', async () => {
		bench.emulator.play('stuckInQueue');
		bench.emulator.answerNext('cancel', 'error500');
		const run = bench.start({ prompt: 'x', options: soon });
		await sleeping();
		const { execution, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(after.map(({ status }) => status)).toEqual([500, 202]);
	});
});

describe('no cancel is sent', () => {
	test('with Cancel on Stop off', async () => {
		bench.emulator.play('stuckInProgress');
		const run = bench.start({ prompt: 'x', options: { ...soon, cancelOnStop: false } });
		await sleeping();
		const { execution, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(after).toEqual([]);
		const [id] = [...bench.emulator.tasks.keys()];
		const line = execution.logs.find(({ message }) => message.includes('Cancel on Stop'));
		expect(line?.text).toContain(id);
	});

	test('for a task that has ended, in the download of its image', async () => {
		bench.emulator.answerNext('image', 'hang');
		const { id } = bench.emulator.addTask();
		bench.emulator.end(id);
		const run = bench.start({ operation: 'getResult', requestId: id });
		const download = await arrived('image');
		const { execution, took, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(took).toBeLessThan(400);
		expect(after).toEqual([]);
		expect(download.endedAt).toBeDefined();
		expect(download.finished).toBe(false);
	});

	test('in a result call', async () => {
		bench.emulator.answerNext('result', 'hang');
		const run = bench.start({ prompt: 'x', options: soon });
		await arrived('result');
		const { execution, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(after).toEqual([]);
	});

	test('by Get Status, in the pause before it asks again', async () => {
		const { id } = bench.emulator.addTask();
		bench.emulator.answerNext('status', 'error500', 10);
		const run = bench.start({ operation: 'getStatus', requestId: id });
		await answeredCall('status');
		const { execution, took, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(took).toBeLessThan(300);
		expect(after).toEqual([]);
	});

	test('before a create that was refused is repeated', async () => {
		bench.emulator.answerNext('create', 'rateLimited', 10);
		const run = bench.start({ prompt: 'x' });
		await answeredCall('create');
		const { execution, took, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(took).toBeLessThan(300);
		expect(after).toEqual([]);
	});
});

describe('the run ends as canceled all the same', () => {
	test('when the task has just ended', async () => {
		bench.emulator.play('alreadyCompletedAtCancel');
		const run = bench.start({ prompt: 'x', options: soon });
		await sleeping();
		const { execution, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(after).toMatchObject([{ call: 'cancel', status: 400 }]);
		expect(execution.logs.map(({ message }) => message).join()).toContain('had ended');
	});

	test('when the cancel is refused', async () => {
		bench.emulator.play('stuckInProgress');
		bench.emulator.answerNext('cancel', { status: 403, body: { detail: 'No' } });
		const run = bench.start({ prompt: 'x', options: soon });
		await sleeping();
		const { execution, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(after).toHaveLength(1);
		const line = execution.logs.find(({ message }) => /could not be cancelled/.test(message));
		expect(line).toMatchObject({ level: 'warn', metadata: { reason: expect.any(String) } });
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'under %s',
		async (onError) => {
			bench.emulator.play('stuckInProgress');
			const run = bench.start({ prompt: 'x', options: soon }, { settings: { onError } });
			await sleeping();
			const { execution, after } = await stop(run);
			expect(execution.status).toBe('canceled');
			expect(callsOf(after)).toEqual(['cancel']);
		},
	);

	test('under Retry On Fail, which does not try again', async () => {
		bench.emulator.play('stuckInProgress', { times: 3 });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const run = bench.start({ prompt: 'x', options: soon }, { settings });
		await sleeping();
		const { execution, after } = await stop(run);
		expect(execution.status).toBe('canceled');
		expect(callsOf(after)).toEqual(['cancel']);
		expect(bench.emulator.creates()).toHaveLength(1);
	});
});

describe('in real time', () => {
	test('the time-out is kept to', async () => {
		bench.emulator.play('stuckInQueue');
		const started = Date.now();
		const options = { timeout: 1, pollInterval: 0.7 };
		const execution = await bench.run({ prompt: 'x', options });
		const took = Date.now() - started;
		expect(execution.error?.message).toContain('had not ended after 1 second');
		expect(took).toBeGreaterThanOrEqual(1000);
		expect(took).toBeLessThan(1500);
		expect(bench.emulator.statusReads()).toHaveLength(2);
	});

	test('a failure ends the sleeps of the other items', async () => {
		bench.emulator.answerNext('status', { status: 403, body: {} });
		bench.emulator.play('stuckInQueue', { times: 2 });
		const items = [{ seconds: 0.5 }, { seconds: 60 }];
		const options = { pollInterval: '={{ $json.seconds }}' };
		const started = Date.now();
		const execution = await bench.run({ prompt: 'x', options }, { items });
		expect(execution.status).toBe('error');
		expect(Date.now() - started).toBeLessThan(2000);
		// The other task runs on, and the error says which it is.
		const ids = [...bench.emulator.tasks.keys()];
		expect(ids).toHaveLength(2);
		for (const id of ids) {
			expect(`${execution.error?.message} ${execution.error?.description}`).toContain(id);
		}
		expect(bench.emulator.cancels()).toEqual([]);
	});
});
