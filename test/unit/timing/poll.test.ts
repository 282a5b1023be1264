import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { poll } from '../../../nodes/GptImage1/timing/poll';
import type { Poll } from '../../../nodes/GptImage1/timing/poll';
import { ManualClock, stateOf } from './manualClock';

let clock: ManualClock;
let scope: AbortScope;
/** When it was asked. */
let polls: number[];

beforeEach(() => {
	clock = new ManualClock();
	scope = new AbortScope();
	polls = [];
});

type Options = Partial<Poll<string>> & { takesMs?: number };

/** Polls a task that ends at such a moment, every second unless it says otherwise. */
function pollTask(endsAt: number, { takesMs = 0, ...options }: Options = {}) {
	const read = async () => {
		polls.push(clock.time);
		await clock.sleep(takesMs);
		return clock.time >= endsAt ? 'COMPLETED' : `RUNNING ${clock.time}`;
	};
	const rest = { delayMs: () => 1_000, createdAt: 0, firstAt: undefined, deadline: 10_000 };
	const hasEnded = (value: string) => value === 'COMPLETED';
	return poll<string>({ read, hasEnded, ...rest, ...options }, clock, scope);
}

const ENDED = { ended: 'COMPLETED' };
const timedOut = (last?: string) => ({ timedOut: true, last });
const NEVER = 9e9;
/** A poll that takes so long is under way at the deadline. */
const SLOW = { takesMs: 2_000, deadline: 2_000 };

it.each<[string, number, Options, object, number[]]>([
	['until the task has ended', 2_500, {}, ENDED, [1_000, 2_000, 3_000]],
	['at once where that is wanted', 800, { firstAt: 0 }, ENDED, [0, 1_000]],
	['first at the moment that is wanted', 800, { firstAt: 700 }, ENDED, [700, 1_700]],
	['last at the deadline', NEVER, { deadline: 1_300 }, timedOut('RUNNING 1300'), [1_000, 1_300]],
	['there, and finds that it has ended', 1_200, { deadline: 1_300 }, ENDED, [1_000, 1_300]],
	['there once', NEVER, { deadline: 1_000 }, timedOut('RUNNING 1000'), [1_000]],
	['once after it', NEVER, { deadline: -1, firstAt: 4_000 }, timedOut('RUNNING 0'), [0]],
	['after it, where the last poll began before it', 3_001, SLOW, ENDED, [1_000, 3_000]],
])('polls %s', async (_when, endsAt, options, outcome, at) => {
	expect(await clock.until(pollTask(endsAt, options))).toEqual(outcome);
	expect(polls).toEqual(at);
	expect(clock.timers).toBe(0);
});

it('waits by the age of the task, counted from the end of the poll before', async () => {
	const delayMs = jest.fn((ageMs: number) => ageMs);
	await clock.pass(1_000);
	await clock.until(pollTask(6_000, { takesMs: 300, delayMs, createdAt: 200 }));
	expect(delayMs.mock.calls).toEqual([[800], [1_900], [4_100]]);
	expect(polls).toEqual([1_800, 4_000, 8_400]);
});

it('tells `read` the deadline, and ends where it has no turn until then', async () => {
	const read = jest.fn(async () => (clock.time < 1_500 ? 'RUNNING' : undefined));
	const onRead = jest.fn();
	expect(await clock.until(pollTask(0, { read, onRead }))).toEqual(timedOut('RUNNING'));
	expect(read.mock.calls).toEqual([[10_000], [10_000]]);
	expect(onRead.mock.calls).toEqual([['RUNNING']]);
	expect(clock.time).toBe(2_000);
	expect(await clock.until(pollTask(0, { read }))).toEqual(timedOut());
});

it('throws what `read` throws, and ends on abort', async () => {
	const failure = new Error('no such task');
	const failing = pollTask(0, { read: jest.fn().mockRejectedValue(failure) });
	await expect(clock.until(failing)).rejects.toBe(failure);
	const polling = pollTask(NEVER);
	scope.abort();
	expect(await stateOf(polling)).toBe('rejected: Aborted');
	expect(clock.timers).toBe(0);
});
