import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';
import { retry, type Attempt, type RetryPolicy } from '../../../nodes/GptImage1/timing/retry';
import { CountingScope, ManualClock, stateOf } from './manualClock';

type Outcome = Attempt<string>;

let clock: ManualClock;
let scope: CountingScope;
/** When the attempts started. */
let attempts: number[];

beforeEach(() => {
	clock = new ManualClock(() => 0);
	scope = new CountingScope();
	attempts = [];
});

const errors = {
	refused: new Error('429'),
	failed: new Error('503'),
	later: new Error('404'),
	no: new Error('400'),
};

const bad = (repeat: keyof typeof errors, retryAfterMs?: number): Outcome => ({
	error: errors[repeat],
	repeat,
	retryAfterMs,
});

/** The outcomes come one after another, the last one again and again. */
function run(outcomes: Outcome[], policy: Partial<RetryPolicy> = {}): Promise<string> {
	const attempt = async () => {
		attempts.push(clock.time);
		return outcomes[Math.min(attempts.length, outcomes.length) - 1]!;
	};
	return retry(attempt, { maxFailures: 3, deadline: 1e9, ...policy }, clock, scope);
}

const settle = async (promise: Promise<string>) => {
	promise.catch(() => {});
	await clock.until(Promise.allSettled([promise]));
	return await promise;
};

const good = { value: 'task' };

it('brings the value of the first attempt that has one', async () => {
	expect(await settle(run([bad('failed'), bad('refused'), good]))).toBe('task');
	expect(attempts).toEqual([0, 500, 1_000]);
	expect([clock.timers, scope.open]).toEqual([0, 0]);
});

it('throws at once what is not to be repeated', async () => {
	await expect(settle(run([bad('no')]))).rejects.toBe(errors.no);
	expect([attempts, clock.time]).toEqual([[0], 0]);
});

describe('a failure', () => {
	it('is repeated after a growing backoff, until so many have failed', async () => {
		await expect(settle(run([bad('failed')], { maxFailures: 5 }))).rejects.toBe(errors.failed);
		expect(attempts).toEqual([0, 500, 1_500, 3_500, 7_500]);
		// The last one is thrown at once.
		expect(clock.time).toBe(7_500);
	});

	it('is thrown where it is the only one allowed', async () => {
		await expect(settle(run([bad('failed')], { maxFailures: 1 }))).rejects.toBe(errors.failed);
		expect(attempts).toEqual([0]);
	});

	it('waits for the longer of Retry-After and the backoff', async () => {
		const outcomes = [bad('failed', 7_000), bad('failed', 0), bad('failed', 10), good];
		await settle(run(outcomes, { maxFailures: 9 }));
		expect(attempts).toEqual([0, 7_000, 8_000, 10_000]);
	});
});

describe('a refusal', () => {
	it('never counts as a failure', async () => {
		const refusals = Array<Outcome>(50).fill(bad('refused'));
		expect(await settle(run([...refusals, good], { maxFailures: 1 }))).toBe('task');
		expect(attempts).toHaveLength(51);
	});

	it('waits for a backoff that grows, though Retry-After is 0', async () => {
		const refusals = Array<Outcome>(4).fill(bad('refused', 0));
		await settle(run([...refusals, good]));
		expect(attempts).toEqual([0, 500, 1_500, 3_500, 7_500]);
	});

	it('waits for Retry-After where that is longer', async () => {
		await settle(run([bad('refused', 9_000), good]));
		expect(attempts).toEqual([0, 9_000]);
	});

	it('does not make the backoff of a failure longer', async () => {
		const outcomes = [bad('refused'), bad('refused'), bad('failed'), bad('failed'), good];
		await settle(run(outcomes));
		expect(attempts).toEqual([0, 500, 1_500, 2_000, 3_000]);
	});
});

describe('the deadline', () => {
	it('starts no attempt after it, and throws as soon as that is certain', async () => {
		await expect(settle(run([bad('failed'), bad('refused')], { deadline: 3_400 }))).rejects.toBe(
			errors.refused,
		);
		expect(attempts).toEqual([0, 500, 1_000, 2_000]);
		expect(clock.time).toBe(2_000);
	});

	it('may come together with an attempt', async () => {
		await expect(settle(run([bad('failed')], { deadline: 500 }))).rejects.toBe(errors.failed);
		expect(attempts).toEqual([0, 500]);
	});

	it('ends a wait for Retry-After before it begins', async () => {
		const refused = run([bad('refused', 60_000)], { deadline: 59_999 });
		await expect(settle(refused)).rejects.toBe(errors.refused);
		expect(clock.time).toBe(0);
	});

	it('that has passed leaves the first attempt', async () => {
		await clock.pass(100);
		expect(await settle(run([good], { deadline: 90 }))).toBe('task');
		await expect(settle(run([bad('refused')], { deadline: 90 }))).rejects.toBe(errors.refused);
		expect(attempts).toEqual([100, 100]);
	});
});

describe('what is not there yet', () => {
	it('is asked for until the grace ends, once more at its end', async () => {
		const later = run([bad('later')], { graceUntil: 5_000, maxFailures: 1 });
		await expect(settle(later)).rejects.toBe(errors.later);
		expect(attempts).toEqual([0, 500, 1_500, 3_500, 5_000]);
		expect(clock.time).toBe(5_000);
	});

	it('is asked for no longer than to the deadline', async () => {
		const later = run([bad('later')], { graceUntil: 5_000, deadline: 2_000 });
		await expect(settle(later)).rejects.toBe(errors.later);
		expect(attempts).toEqual([0, 500, 1_500, 2_000]);
	});

	it('is not asked for again without grace', async () => {
		await expect(settle(run([bad('later')]))).rejects.toBe(errors.later);
		await clock.pass(10);
		await expect(settle(run([bad('later')], { graceUntil: 10 }))).rejects.toBe(errors.later);
		expect(attempts).toEqual([0, 10]);
	});

	it('is not asked for before Retry-After has passed', async () => {
		await settle(run([bad('later', 3_000), good], { graceUntil: 5_000 }));
		expect(attempts).toEqual([0, 3_000]);
		attempts = [];
		const later = run([bad('later', 3_000)], { graceUntil: 5_000 });
		await expect(settle(later)).rejects.toBe(errors.later);
		expect(attempts).toEqual([3_000]);
	});

	it('does not keep failures from being repeated after the grace', async () => {
		await settle(run([bad('later'), bad('failed'), bad('failed'), good], { graceUntil: 600 }));
		expect(attempts).toEqual([0, 500, 1_000, 2_000]);
	});
});

describe('an abort', () => {
	it('ends the wait between two attempts', async () => {
		const retrying = run([bad('failed')]);
		expect(await stateOf(retrying)).toBe('pending');
		scope.abort();
		expect(await stateOf(retrying)).toBe('rejected: Aborted');
		expect([attempts, clock.timers]).toEqual([[0], 0]);
	});

	it('lets no attempt start', async () => {
		scope.abort();
		await expect(run([good])).rejects.toBeInstanceOf(Aborted);
		expect(attempts).toEqual([]);
	});

	it('during an attempt is told instead of a further one', async () => {
		const policy = { maxFailures: 9, deadline: 1e9 };
		const during = async (outcome: Outcome) => {
			const stopped = new AbortScope();
			return await retry(async () => (stopped.abort(), outcome), policy, clock, stopped);
		};
		await expect(during(bad('failed'))).rejects.toBeInstanceOf(Aborted);
		await expect(during(bad('refused'))).rejects.toBeInstanceOf(Aborted);
		// A task may have been created: whoever hears `Aborted` instead would create it again.
		await expect(during(bad('no'))).rejects.toBe(errors.no);
		expect(await during(good)).toBe('task');
	});
});

it('reads its policy anew after each attempt', async () => {
	let startedAt = Infinity;
	const attempt = async () => {
		startedAt = Math.min(startedAt, clock.time);
		attempts.push(clock.time);
		return bad('refused');
	};
	const policy = {
		maxFailures: 1,
		get deadline() {
			return startedAt + 1_000;
		},
	};
	await clock.pass(60_000);
	await expect(settle(retry(attempt, policy, clock, scope))).rejects.toBe(errors.refused);
	expect(attempts).toEqual([60_000, 60_500]);
});

it('throws what the attempt throws', async () => {
	const failure = new Error('of the attempt itself');
	const policy = { maxFailures: 3, deadline: 1e9 };
	const retrying = retry(async () => await Promise.reject(failure), policy, clock, scope);
	await expect(retrying).rejects.toBe(failure);
});
