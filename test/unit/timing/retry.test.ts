import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';
import { retry } from '../../../nodes/GptImage1/timing/retry';
import type { Attempt, Failed, RetryPolicy } from '../../../nodes/GptImage1/timing/retry';
import { handlersOf, ManualClock, stateOf } from './manualClock';

type Outcome = Attempt<string>;

let clock: ManualClock;
let scope: AbortScope;
/** When the attempts started. */
let attempts: number[];

beforeEach(() => {
	clock = new ManualClock(() => 0);
	scope = new AbortScope();
	attempts = [];
});

/** The outcomes come one after another, the last one again and again. */
function run(outcomes: Outcome[], policy: Partial<RetryPolicy> = {}): Promise<string> {
	const attempt = async () => {
		attempts.push(clock.time);
		return outcomes[Math.min(attempts.length, outcomes.length) - 1]!;
	};
	return retry(attempt, { maxFailures: 3, deadline: 1e9, ...policy }, clock, scope);
}

const good = { value: 'task' };
const bad = (repeat: Failed['repeat']) => {
	const error = new Error(repeat);
	return (retryAfterMs?: number): Outcome => ({ error, repeat, retryAfterMs });
};
const [no, failed, refused, later] = [bad('no'), bad('failed'), bad('refused'), bad('later')];

const LONGER = [failed(7_000), failed(0), failed(10), good];
const IN_LINE = { keepsPlace: true };
const OFTEN = [...Array<Outcome>(4).fill(refused(0)), good];
const BOTH_KINDS = [refused(), refused(), failed(), failed(), good];
const PAST_GRACE = [later(), failed(), failed(), good];
const GRACE = { graceUntil: 5_000, maxFailures: 1 };
const GRACE_PAST_DEADLINE = { graceUntil: 5_000, deadline: 2_000 };

type Case = [what: string, outcomes: Outcome[], policy: Partial<RetryPolicy>, startAt: number[]];

it.each<Case>([
	['of the first attempt, also past the deadline', [good], { deadline: -1 }, [0]],
	['of the first attempt that has one', [failed(), refused(), good], {}, [0, 500, 1_000]],
	['at once, where its place is kept', [refused(9_000), failed(), good], IN_LINE, [0, 0, 500]],
	['after the longer of Retry-After and a backoff', LONGER, {}, [0, 7_000, 8_000, 10_000]],
	['after many refusals, ever later', OFTEN, { maxFailures: 1 }, [0, 500, 1_500, 3_500, 7_500]],
	['after Retry-After, where a refusal has one', [refused(9_000), good], {}, [0, 9_000]],
	['after backoffs of its own for each kind', BOTH_KINDS, {}, [0, 500, 1_500, 2_000, 3_000]],
	['that comes later, after Retry-After', [later(3_000), good], { graceUntil: 5_000 }, [0, 3_000]],
	['after failures past the grace', PAST_GRACE, { graceUntil: 600 }, [0, 500, 1_000, 2_000]],
])('brings the value %s', async (_what, outcomes, policy, at) => {
	expect(await clock.until(run(outcomes, { maxFailures: 9, ...policy }))).toBe('task');
	expect(attempts).toEqual(at);
	expect([clock.timers, handlersOf(scope)]).toEqual([0, 0]);
});

// The last of the attempts is the one that is thrown, at once.
it.each<Case>([
	['what is not to be repeated', [no()], {}, [0]],
	['the last of five failures', [failed()], { maxFailures: 5 }, [0, 500, 1_500, 3_500, 7_500]],
	['the only failure that is allowed', [failed()], { maxFailures: 1 }, [0]],
	[
		'what lies before the deadline',
		[failed(), refused()],
		{ deadline: 3_400 },
		[0, 500, 1_000, 2_000],
	],
	['what comes together with the deadline', [failed()], { deadline: 500 }, [0, 500]],
	['what comes after the deadline', [refused()], { deadline: -1 }, [0]],
	['before a wait past the deadline', [refused(60_000)], { deadline: 59_999 }, [0]],
	['what is not there at the end of the grace', [later()], GRACE, [0, 500, 1_500, 3_500, 5_000]],
	['what is not there at the deadline', [later()], GRACE_PAST_DEADLINE, [0, 500, 1_500, 2_000]],
	['what is not there, without grace', [later()], {}, [0]],
	['what is not there, where the grace is over', [later()], { graceUntil: 0 }, [0]],
	['what is not there for longer than the grace', [later(3_000)], { graceUntil: 2_000 }, [0]],
])('throws %s', async (_what, outcomes, policy, at) => {
	const { error } = outcomes.at(-1) as Extract<Outcome, { error: Error }>;
	await expect(clock.until(run(outcomes, policy))).rejects.toBe(error);
	expect(attempts).toEqual(at);
	expect(clock.time).toBe(at.at(-1));
});

it('an abort ends the wait between two attempts, and lets no other start', async () => {
	const retrying = run([failed()]);
	expect(await stateOf(retrying)).toBe('pending');
	scope.abort();
	expect(await stateOf(retrying)).toBe('rejected: Aborted');
	await expect(run([good])).rejects.toBeInstanceOf(Aborted);
	expect([attempts, clock.timers]).toEqual([[0], 0]);
});

it.each([
	[failed(), 'rejected: Aborted'],
	[refused(), 'rejected: Aborted'],
	// A task may have been created: whoever hears `Aborted` instead would create it again.
	[no(), 'rejected: Error'],
	[good, 'resolved: "task"'],
])('an abort during an attempt is told instead of a further one: %j', async (outcome, told) => {
	const policy = { maxFailures: 9, deadline: 1e9 };
	const retrying = retry(async () => (scope.abort(), outcome), policy, clock, scope);
	expect(await stateOf(retrying)).toBe(told);
});
