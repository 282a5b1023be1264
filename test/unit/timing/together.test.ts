import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { poll } from '../../../nodes/GptImage1/timing/poll';
import { RateLimiter } from '../../../nodes/GptImage1/timing/rateLimiter';
import { retry, type Attempt } from '../../../nodes/GptImage1/timing/retry';
import { MAX_REMEMBERED, pollDelayMs } from '../../../nodes/GptImage1/timing/schedule';
import { Semaphore } from '../../../nodes/GptImage1/timing/semaphore';
import { seeded } from '../../seeded';
import { ManualClock } from './manualClock';

/** Of each call, there and back. */
const LATENCY_MS = 40;

/** So many calls at once, and so many a second after. @returns ms until the next, 0 where it may */
function tokenBucket(capacity: number, perSecond: number) {
	let [tokens, last] = [capacity, 0];
	return (now: number) => {
		tokens = Math.min(capacity, tokens + ((now - last) / 1_000) * perSecond);
		last = now;
		if (tokens < 1) return ((1 - tokens) / perSecond) * 1_000;
		tokens--;
		return 0;
	};
}

type Run = {
	items: number;
	inFlight: number;
	durationMs: (random: () => number) => number;
	/** What the service takes. */
	createLimit?: (now: number) => number;
	pollLimit?: (now: number) => number;
	maxOpen?: number;
	saysWhen?: boolean;
	timeoutMs?: number;
	seed: number;
};

/** One run of the node, as far as it is a matter of timing, against a simulated service. */
async function simulate(run: Run) {
	const { items, inFlight, maxOpen = Infinity, timeoutMs = 600_000 } = run;
	const random = seeded(run.seed);
	const clock = new ManualClock(random, 3);
	const scope = new AbortScope();
	const semaphore = new Semaphore();
	const creates = new RateLimiter({ perSecond: 20, grows: true }, clock);
	const reads = new RateLimiter({ perSecond: 10 }, clock);
	const counts = { creates: 0, created: 0, refused: 0, polls: 0, open: 0 };
	const pollsAt: number[] = [];
	const endsAt: number[] = [];
	const timedOutLateMs: number[] = [];
	let foundEndedMs: number[] = [];
	let lastFoundAt = 0;

	/** A call under a rate limiter, refused where the service says so. */
	const call = async <T>(
		limiter: RateLimiter,
		deadline: number,
		limit: () => number,
		answer: () => T,
	): Promise<Attempt<T | undefined>> => {
		const turn = await limiter.turn(deadline, scope);
		if (!turn.granted) return { value: undefined };
		if (limiter === creates) counts.creates++;
		else pollsAt.push(clock.time);
		await clock.sleep(LATENCY_MS / 2);
		const waitMs = limit();
		const value = waitMs > 0 ? undefined : answer();
		await clock.sleep(LATENCY_MS / 2);
		if (waitMs === 0) {
			limiter.accepted();
			return { value };
		}
		counts.refused++;
		const retryAfterMs = run.saysWhen ? Math.ceil(waitMs / 1_000) * 1_000 : undefined;
		limiter.refused(retryAfterMs);
		return { error: new Error('429'), repeat: 'refused', retryAfterMs };
	};
	const repeated = async <T>(deadline: number, attempt: () => Promise<Attempt<T | undefined>>) =>
		await retry(attempt, { maxFailures: 1, deadline }, clock, scope).catch(() => undefined);

	const item = async () => {
		const isFull = () => (counts.open >= maxOpen ? 1_000 : (run.createLimit?.(clock.time) ?? 0));
		const task = await repeated(Infinity, () =>
			call(creates, Infinity, isFull, () => {
				const end = clock.time + run.durationMs(random);
				counts.open++;
				counts.created++;
				endsAt.push(end);
				void clock.sleep(end - clock.time).then(() => counts.open--);
				return { end };
			}),
		);
		const createdAt = clock.time;
		const deadline = createdAt + timeoutMs;
		const status = () => call(reads, deadline, pollLimit, () => clock.time >= task!.end);
		const pollLimit = () => run.pollLimit?.(clock.time) ?? 0;
		const outcome = await poll(
			{
				read: async () => await repeated(deadline, status),
				hasEnded: (hasEnded) => hasEnded,
				delayMs: (ageMs) => pollDelayMs(ageMs, foundEndedMs, random()),
				createdAt,
				firstAt: undefined,
				deadline,
			},
			clock,
			scope,
		);
		if ('timedOut' in outcome) timedOutLateMs.push(clock.time - deadline);
		else {
			foundEndedMs = [...foundEndedMs, clock.time - createdAt].slice(-MAX_REMEMBERED);
			lastFoundAt = clock.time;
		}
	};
	const all = Array.from({ length: items }, () => semaphore.run(inFlight, scope, item));
	await clock.until(Promise.all(all));
	const busiest = Math.max(
		...pollsAt.map((from) => pollsAt.filter((at) => at >= from && at < from + 1_000).length),
	);
	const lastEndAt = Math.max(...endsAt);
	return {
		...counts,
		wallMs: lastFoundAt,
		lastEndAt,
		busiest,
		polls: pollsAt.length,
		timedOutLateMs,
		timers: clock.timers,
	};
}

const SEEDS = [1, 2, 3];

it.each(SEEDS)('50 tasks under a service that takes 5 polls a second (seed %s)', async (seed) => {
	const durationMs = (random: () => number) => 15_000 + 15_000 * random();
	const pollLimit = tokenBucket(5, 5);
	const run = await simulate({ seed, items: 50, inFlight: 50, durationMs, pollLimit });
	expect(run.wallMs / run.lastEndAt).toBeLessThanOrEqual(1.17);
	expect(run.refused).toBeLessThanOrEqual(10);
	expect(run.timedOutLateMs).toEqual([]);
});

describe.each([true, false])(
	'500 tasks of 2 s, ten creates a second, Retry-After: %s',
	(saysWhen) => {
		it.each(SEEDS)('(seed %s)', async (seed) => {
			const run = await simulate({
				seed,
				items: 500,
				inFlight: 50,
				maxOpen: 50,
				saysWhen,
				durationMs: () => 2_000,
				createLimit: tokenBucket(10, 10),
			});
			expect(run.wallMs / 51_000).toBeLessThanOrEqual(1.12);
			expect(run.refused).toBeLessThanOrEqual(14);
			expect([run.created, run.timers]).toEqual([500, 0]);
		});
	},
);

it.each(SEEDS)('300 tasks of 5 s, 50 in flight, at ten polls a second (seed %s)', async (seed) => {
	const run = await simulate({ seed, items: 300, inFlight: 50, durationMs: () => 5_000 });
	expect(run.wallMs).toBeLessThanOrEqual(40_100);
	expect(run.busiest).toBe(10);
});

it.each(SEEDS)('50 tasks that all time out together are hardly late (seed %s)', async (seed) => {
	const durationMs = () => 1e9;
	const run = await simulate({ seed, items: 50, inFlight: 50, durationMs, timeoutMs: 30_000 });
	expect(run.timedOutLateMs).toHaveLength(50);
	// The last poll is under way for 40 ms, and a timer rings 3 ms late.
	expect(Math.max(...run.timedOutLateMs)).toBeLessThanOrEqual(50);
	expect(Math.min(...run.timedOutLateMs)).toBeGreaterThanOrEqual(0);
	expect(run.busiest).toBe(10);
});
