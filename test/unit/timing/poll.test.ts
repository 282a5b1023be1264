import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { poll, type Poll } from '../../../nodes/GptImage1/timing/poll';
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

/** Polls a task that ends at such a moment, every second unless it says otherwise. */
function pollTask(endsAt: number, options: Partial<Poll<string>> = {}) {
	const read = async () => {
		polls.push(clock.time);
		return clock.time >= endsAt ? 'COMPLETED' : `RUNNING ${clock.time}`;
	};
	const rest = { delayMs: () => 1_000, createdAt: 0, firstAt: undefined, deadline: 10_000 };
	const hasEnded = (value: string) => value === 'COMPLETED';
	return poll<string>({ read, hasEnded, ...rest, ...options }, clock, scope);
}

it('polls until the task has ended', async () => {
	expect(await clock.until(pollTask(2_500))).toEqual({ ended: 'COMPLETED' });
	expect(polls).toEqual([1_000, 2_000, 3_000]);
	expect(clock.timers).toBe(0);
});

it('waits by the age of the task, counted from the end of the poll before', async () => {
	const ages: number[] = [];
	await clock.pass(1_000);
	const read = async () => {
		polls.push(clock.time);
		await clock.sleep(300);
		return clock.time >= 6_000 ? 'COMPLETED' : 'RUNNING';
	};
	const delayMs = (ageMs: number) => {
		ages.push(ageMs);
		return ageMs;
	};
	await clock.until(pollTask(0, { read, delayMs, createdAt: 200 }));
	expect(ages).toEqual([800, 1_900, 4_100]);
	expect(polls).toEqual([1_800, 4_000, 8_400]);
});

it.each([
	[0, [0, 1_000]],
	[700, [700, 1_700]],
])('makes the first poll at %s where that is wanted', async (firstAt, expected) => {
	await clock.until(pollTask(800, { firstAt }));
	expect(polls).toEqual(expected);
});

it('tells of everything that was read', async () => {
	const onRead = jest.fn();
	await clock.until(pollTask(1_500, { onRead }));
	expect(onRead.mock.calls).toEqual([['RUNNING 1000'], ['COMPLETED']]);
});

describe('at the deadline', () => {
	it('polls for the last time, and brings what that read', async () => {
		const outcome = await clock.until(pollTask(9e9, { deadline: 2_300 }));
		expect(outcome).toEqual({ timedOut: true, last: 'RUNNING 2300' });
		expect(polls).toEqual([1_000, 2_000, 2_300]);
	});

	it('still finds a task that has ended in the last interval', async () => {
		const outcome = await clock.until(pollTask(2_200, { deadline: 2_300 }));
		expect(outcome).toEqual({ ended: 'COMPLETED' });
	});

	it('does not poll twice', async () => {
		await clock.until(pollTask(9e9, { deadline: 2_000 }));
		expect(polls).toEqual([1_000, 2_000]);
	});

	it('has polled once, though it had passed from the start', async () => {
		await clock.pass(3_000);
		const outcome = await clock.until(pollTask(9e9, { deadline: 2_000, firstAt: 4_000 }));
		expect(outcome).toEqual({ timedOut: true, last: 'RUNNING 3000' });
		expect(polls).toEqual([3_000]);
	});

	it('takes a poll that is under way for one before it', async () => {
		const read = async () => {
			polls.push(clock.time);
			await clock.sleep(2_000);
			return clock.time > 3_000 ? 'COMPLETED' : 'RUNNING';
		};
		const outcome = await clock.until(pollTask(0, { read, deadline: 2_000 }));
		expect(polls).toEqual([1_000, 3_000]);
		expect(outcome).toEqual({ ended: 'COMPLETED' });
	});
});

it('tells `read` the deadline, and ends where it has no turn until then', async () => {
	const read = jest.fn(async () => (clock.time < 1_500 ? 'RUNNING' : undefined));
	const onRead = jest.fn();
	const outcome = await clock.until(pollTask(0, { read, onRead }));
	expect(outcome).toEqual({ timedOut: true, last: 'RUNNING' });
	expect(read.mock.calls).toEqual([[10_000], [10_000]]);
	expect(onRead).toHaveBeenCalledTimes(1);
	expect(clock.time).toBe(2_000);
	const nothing = await clock.until(pollTask(0, { read }));
	expect(nothing).toEqual({ timedOut: true, last: undefined });
});

it('ends on abort, and throws what `read` throws', async () => {
	const polling = pollTask(9e9);
	scope.abort();
	expect(await stateOf(polling)).toBe('rejected: Aborted');
	expect(clock.timers).toBe(0);
	scope = new AbortScope();
	const failure = new Error('no such task');
	const failing = pollTask(0, { read: async () => await Promise.reject(failure) });
	await expect(clock.until(failing)).rejects.toBe(failure);
});
