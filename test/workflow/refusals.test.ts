import type { Call } from '../service/contract';
import type { Execution } from '../harness/execution';
import { useSimulatedFixture } from './fixture';

/** What a service that asks for patience is given: neither a failure nor a storm of calls. */

const fixture = useSimulatedFixture({ progress: { byTime: 20_000 } });

const refusal = (retryAfter: string) => ({
	status: 429,
	headers: { 'retry-after': retryAfter },
	body: { error: { code: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests' } },
});

/** Whether `from <= at < to` for so many. */
const countIn = (times: number[], from: number, to: number) =>
	times.filter((at) => at >= from && at < to).length;

const busiestSecond = (times: number[]) =>
	Math.max(...times.map((at) => countIn(times, at, at + 1000)));

/** Sends the call for one task that has succeeded, or for a new one. */
const parametersFor = (call: Call): object => {
	if (call === 'create') return { prompt: 'x', waitForCompletion: false };
	const { id } = fixture.emulator.addTask({});
	const operation = { status: 'getStatus', result: 'getResult', cancel: 'cancel' }[call as string];
	return { operation, requestId: id, waitForCompletion: false, downloadImages: false };
};

describe('Retry-After never makes a storm of calls', () => {
	const CALLS: Call[] = ['create', 'status', 'result', 'cancel'];
	const WAITS = { nothing: '0', 'a date that has passed': 'Wed, 21 Oct 2015 07:28:00 GMT' };
	const cases = CALLS.flatMap((call) =>
		Object.entries(WAITS).map(([what, header]) => [call, what, header] as const),
	);

	test.each(cases)('%s: %s', async (call, _what, header) => {
		fixture.emulator.answerNext(call, refusal(header), 100_000);
		fixture.start(parametersFor(call));
		await fixture.time.pass(3000);
		expect(fixture.requests(call).length).toBeGreaterThan(0);
		expect(fixture.requests(call).length).toBeLessThanOrEqual(10);
	});
});

describe('a refusal is a wait, not a failure', () => {
	/** Refuses a call for some time once the first has come, and lets the run go on to its end. */
	async function refuseFor(call: Call, durationMs: number, parameters: object): Promise<Execution> {
		fixture.emulator.answerNext(call, refusal('1'), 100_000);
		const run = fixture.start(parameters);
		await fixture.untilAnswered(call);
		await fixture.time.pass(durationMs);
		fixture.emulator.answerTruly();
		return await fixture.time.settle(run.ended);
	}

	const wait = { prompt: 'x', downloadImages: false };

	test.each<[Call, number]>([
		['status', 40_000],
		['result', 40_000],
	])('of a %s in a wait of ten minutes, for %i ms', async (call, durationMs) => {
		const execution = await refuseFor(call, durationMs, wait);
		expect(execution.error?.message).toBeUndefined();
		expect(execution.rows('Image')).toMatchObject([{ json: { state: 'succeeded' } }]);
		expect(fixture.requests('create')).toHaveLength(1);
	});

	test.each<[string, Call]>([
		['Get Status', 'status'],
		['Get Result', 'result'],
		['Cancel', 'cancel'],
	])('of %s, for 15 s', async (_operation, call) => {
		const execution = await refuseFor(call, 15_000, parametersFor(call));
		expect(execution.error?.message).toBeUndefined();
		expect(execution.rows('Image')).toHaveLength(1);
	});
});

test('under Continue, a Retry-After of an hour does not hold every item in turn', async () => {
	fixture.emulator.answerNext('create', refusal('3600'), 100_000);
	const started = fixture.time.now;
	const execution = await fixture.run(
		{ prompt: '={{ $json.prompt }}', options: { maxTasksInFlight: 1 } },
		{
			items: Array.from({ length: 5 }, (_, number) => ({ prompt: `image ${number}` })),
			settings: { onError: 'continueRegularOutput' },
		},
	);
	const rows = execution.rows('Image');
	expect(rows.map(({ json }) => Object.keys(json))).toEqual(Array(5).fill(['error']));
	expect((fixture.time.now - started) / 60_000).toBeLessThan(15);
});

describe('many request IDs', () => {
	const OPERATIONS: Array<[string, Call]> = [
		['getResult', 'result'],
		['cancel', 'cancel'],
		['getStatus', 'status'],
	];

	async function ask(operation: string, count: number): Promise<Execution> {
		const items = Array.from({ length: count }, () => ({
			id: fixture.emulator.addTask({}).id,
		}));
		await fixture.time.pass(60_000);
		const parameters = {
			operation,
			requestId: '={{ $json.id }}',
			waitForCompletion: false,
			downloadImages: false,
		};
		return await fixture.run(parameters, { items });
	}

	test.each(OPERATIONS)('%s: at most ten calls in any second', async (operation) => {
		const execution = await ask(operation, 100);
		expect(execution.status).toBe('success');
		expect(execution.rows('Image')).toHaveLength(100);
		const times = fixture.requests().map(({ at }) => at);
		expect(times.length).toBeGreaterThanOrEqual(100);
		expect(busiestSecond(times)).toBeLessThanOrEqual(10);
	});

	test.each(OPERATIONS)('%s: a bounded number of calls at once', async (operation, call) => {
		// Just within the time that such a call is given.
		fixture.emulator.configure({ latency: call === 'cancel' ? 9_000 : 25_000 });
		const execution = await ask(operation, 150);
		expect(execution.status).toBe('success');
		const calls = fixture.requests(call);
		const open = calls.map(
			({ at }) => calls.filter((c) => c.at <= at && (c.endedAt ?? Infinity) > at).length,
		);
		expect(Math.max(...open)).toBeLessThan(100);
	});
});
