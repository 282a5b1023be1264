import * as fc from 'fast-check';
import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';
import { RateLimiter, type RateLimits } from '../../../nodes/GptImage1/timing/rateLimiter';
import { seeded } from '../../seeded';
import { CountingScope, ManualClock, settled, stateOf } from './manualClock';

const WINDOW_MS = 1_005;
const NEVER = 1e12;

let clock: ManualClock;

beforeEach(() => {
	clock = new ManualClock();
});

const limiterOf = (limits: RateLimits) => new RateLimiter(limits, clock);

/** When so many turns that are asked for now are granted, in the order of asking. */
async function turnsOf(limiter: RateLimiter, count: number): Promise<number[]> {
	const turns = Array.from({ length: count }, async () => {
		expect(await limiter.turn(NEVER, new AbortScope())).toEqual({ granted: true });
		return clock.time;
	});
	return await clock.until(Promise.all(turns));
}

/** The distance of the turns that come after the hold, in ms; and with it the rate. */
async function gapOf(limiter: RateLimiter): Promise<number> {
	const [first, second] = await turnsOf(limiter, 2);
	return second! - first!;
}

const gapAt = (rate: number) => expect.closeTo(WINDOW_MS / rate, 6);

const holdMs = async (limiter: RateLimiter) => {
	const turn = await limiter.turn(clock.time, new AbortScope());
	return turn.granted ? undefined : turn.holdMs;
};

describe('turns', () => {
	it('come at once, without a timer, when nothing is in the way', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		for (let turn = 0; turn < 10; turn++) {
			expect(await limiter.turn(NEVER, new AbortScope())).toEqual({ granted: true });
		}
		expect(clock.calls.sleepUntil).toBe(0);
	});

	it('come at once again after some had to wait, past the deadline too', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		await turnsOf(limiter, 2);
		await clock.pass(5_000);
		const sleeps = clock.calls.sleepUntil;
		expect(await limiter.turn(clock.time - 1, new AbortScope())).toEqual({ granted: true });
		expect(clock.calls.sleepUntil).toBe(sleeps);
	});

	it('are no more than perSecond within 1.005 s', async () => {
		const turns = await turnsOf(limiterOf({ perSecond: 3 }), 8);
		expect(turns).toEqual([0, 0, 0, 1_005, 1_005, 1_005, 2_010, 2_010]);
	});

	it('are counted as they were granted, not as they were planned', async () => {
		clock = new ManualClock(seeded(7), 40);
		const limiter = limiterOf({ perSecond: 3 });
		const turns = await turnsOf(limiter, 30);
		expect(turns).toEqual([...turns].sort((one, other) => one - other));
		turns.slice(3).forEach((at, index) => {
			expect(at).toBeGreaterThanOrEqual(turns[index]! + WINDOW_MS);
		});
	});

	it('come in the order of asking, late comers last', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		const order: string[] = [];
		const ask = async (name: string) =>
			await limiter.turn(NEVER, new AbortScope()).then(() => order.push(name));
		const early = ['a', 'b', 'c'].map(ask);
		await clock.pass(WINDOW_MS);
		await clock.until(Promise.all([...early, ask('d')]));
		expect(order).toEqual(['a', 'b', 'c', 'd']);
	});
});

describe('a deadline', () => {
	it('is when a waiter learns at the latest that its turn does not come', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		await turnsOf(limiter, 1);
		const turn = limiter.turn(800, new AbortScope());
		await clock.pass(799);
		expect(await stateOf(turn)).toBe('pending');
		await clock.pass(1);
		expect(await turn).toEqual({ granted: false, holdMs: 0 });
		expect(clock.timers).toBe(0);
	});

	it('costs those behind no turn', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		await turnsOf(limiter, 1);
		const [early, next] = [800, NEVER].map((at) => limiter.turn(at, new AbortScope()));
		expect(await clock.until(early!)).toEqual({ granted: false, holdMs: 0 });
		expect(await clock.until(next!)).toEqual({ granted: true });
		expect(clock.time).toBe(WINDOW_MS);
	});

	it('that has passed leaves a turn that needs no wait, but none that does', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		await clock.pass(5_000);
		expect(await limiter.turn(4_990, new AbortScope())).toEqual({ granted: true });
		expect(await limiter.turn(4_990, new AbortScope())).toEqual({ granted: false, holdMs: 0 });
		expect(clock.time).toBe(5_000);
		const waits = limiter.turn(NEVER, new AbortScope());
		clock.time = 9_000;
		// Somebody else was first, though its timer has not rung yet.
		expect(await limiter.turn(8_990, new AbortScope())).toEqual({ granted: false, holdMs: 0 });
		expect(await clock.until(waits)).toEqual({ granted: true });
	});

	it('before the end of a hold is told at once, also to those that wait already', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		await turnsOf(limiter, 1);
		const turns = [NEVER, 3_000, 70_000, 2_000].map((at) => limiter.turn(at, new AbortScope()));
		limiter.refused(60_000);
		const late = limiter.turn(59_000, new AbortScope());
		const denied = 'resolved: {"granted":false,"holdMs":60000}';
		const states = await Promise.all([...turns, late].map(stateOf));
		expect(states).toEqual(['pending', denied, 'pending', denied, denied]);
		expect(clock.time).toBe(0);
		await clock.until(turns[0]!);
		expect(clock.time).toBe(60_000);
		await clock.until(turns[2]!);
	});

	it('of one who waits is held against a hold that grows', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		limiter.refused(10_000);
		const turns = [11_000, 30_000].map((at) => limiter.turn(at, new AbortScope()));
		expect(await Promise.all(turns.map(stateOf))).toEqual(['pending', 'pending']);
		limiter.refused(20_000);
		expect(await turns[0]).toEqual({ granted: false, holdMs: 20_000 });
		expect(await stateOf(turns[1]!)).toBe('pending');
	});
});

describe('a hold longer than a waiter takes part in', () => {
	it('is told at once, whether it was there before or comes later', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		limiter.refused(5_000);
		const turns = [4_999, 5_000, 20_000].map((maxHoldMs) =>
			limiter.turn(NEVER, new AbortScope(), maxHoldMs),
		);
		expect(await turns[0]).toEqual({ granted: false, holdMs: 5_000 });
		await clock.pass(3_000);
		// What has passed of it does not count.
		limiter.refused(5_000);
		expect(await Promise.all(turns.map(stateOf))).toEqual([
			'resolved: {"granted":false,"holdMs":5000}',
			'pending',
			'pending',
		]);
		limiter.refused(5_001);
		expect(await turns[1]).toEqual({ granted: false, holdMs: 5_001 });
		expect(await clock.until(turns[2]!)).toEqual({ granted: true });
		expect(clock.time).toBe(8_001);
	});

	it('does not keep from waiting for those before it', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		await turnsOf(limiter, 1);
		expect(await clock.until(limiter.turn(NEVER, new AbortScope(), 10))).toEqual({ granted: true });
		expect(clock.time).toBe(WINDOW_MS);
	});
});

describe('a refusal', () => {
	it('holds back those that wait, but takes no turn back', async () => {
		const limiter = limiterOf({ perSecond: 2 });
		const turns = Array.from({ length: 3 }, () => limiter.turn(NEVER, new AbortScope()));
		expect(await Promise.all(turns.slice(0, 2))).toEqual([{ granted: true }, { granted: true }]);
		limiter.refused(5_000);
		await clock.pass(4_999);
		expect(await stateOf(turns[2]!)).toBe('pending');
		await clock.pass(1);
		expect(await turns[2]).toEqual({ granted: true });
	});

	it.each([0, 100, undefined])(
		'with Retry-After of %s ms still holds for a backoff',
		async (ms) => {
			for (const [random, hold] of [
				[0, 250],
				[0.5, 375],
				[0.9999, 500],
			] as const) {
				clock = new ManualClock(() => random);
				const limiter = limiterOf({ perSecond: 10 });
				limiter.refused(ms);
				expect(await holdMs(limiter)).toBeCloseTo(hold, 0);
			}
		},
	);

	it('holds longer each time, up to thirty seconds', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		const holds: number[] = [];
		for (let refusal = 0; refusal < 9; refusal++) {
			limiter.refused(0);
			holds.push((await holdMs(limiter))!);
			await turnsOf(limiter, 1);
		}
		for (const [index, all] of [500, 1e3, 2e3, 4e3, 8e3, 16e3, 30e3, 30e3, 30e3].entries()) {
			expect(holds[index]).toBeGreaterThanOrEqual(all / 2);
			expect(holds[index]).toBeLessThanOrEqual(all);
		}
	});

	it('is one of a row while a hold lasts, however many there are', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		for (let refusal = 0; refusal < 20; refusal++) limiter.refused(0);
		expect(await holdMs(limiter)).toBeLessThanOrEqual(500);
	});

	it('starts a new row once a call was accepted after the hold, and not by one in it', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		limiter.refused();
		limiter.accepted();
		await turnsOf(limiter, 1);
		limiter.refused();
		expect(await holdMs(limiter)).toBeGreaterThan(500);
		await turnsOf(limiter, 1);
		limiter.accepted();
		limiter.refused();
		expect(await holdMs(limiter)).toBeLessThanOrEqual(500);
	});

	it('never shortens the hold of an earlier one', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		limiter.refused(60_000);
		await clock.pass(1_000);
		limiter.refused(2_000);
		limiter.refused();
		expect(await holdMs(limiter)).toBe(59_000);
		limiter.refused(59_500);
		expect(await holdMs(limiter)).toBe(59_500);
	});
});

describe('the rate', () => {
	it.each([
		{ accepted: 8, perSecond: 10, rate: 0.96 * 8 },
		{ accepted: 3, perSecond: 10, rate: 0.96 * 5 },
		{ accepted: 0, perSecond: 20, rate: 0.96 * 10 },
		{ accepted: 0, perSecond: 1, rate: 0.96 * 0.5 },
	])('is $rate after a refusal with $accepted accepted of $perSecond', async (given) => {
		const limiter = limiterOf({ perSecond: given.perSecond });
		for (let call = 0; call < given.accepted; call++) limiter.accepted();
		limiter.refused();
		expect(await gapOf(limiter)).toEqual(gapAt(given.rate));
	});

	it('goes by what was accepted in the last second, and no longer', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		for (let call = 0; call < 2; call++) limiter.accepted();
		await clock.pass(1);
		for (let call = 0; call < 8; call++) limiter.accepted();
		await clock.pass(999);
		limiter.refused();
		expect(await gapOf(limiter)).toEqual(gapAt(0.96 * 8));
	});

	it('is lowered once in a row', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		for (let refusal = 0; refusal < 3; refusal++) {
			limiter.refused();
			limiter.refused();
			expect(await gapOf(limiter)).toEqual(gapAt(0.96 * 5));
		}
		limiter.accepted();
		await clock.pass(1_000);
		limiter.refused();
		expect(await gapOf(limiter)).toEqual(gapAt(0.96 * ((0.96 * 5) / 2)));
	});

	it('is no less than a turn in two seconds, also of one that comes after the window', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		for (let row = 0; row < 3; row++) {
			limiter.refused();
			await turnsOf(limiter, 1);
			limiter.accepted();
			await clock.pass(1_500);
		}
		const [before] = await turnsOf(limiter, 1);
		await clock.pass(1_500);
		const [next] = await turnsOf(limiter, 1);
		expect(next! - before!).toEqual(gapAt(0.96 * 0.5));
	});

	it('doubles every ten seconds after thirty of calm', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		const rate = 0.96 * 5;
		limiter.refused();
		const hold = (await holdMs(limiter))!;
		await clock.pass(hold + 30_000 - WINDOW_MS / rate);
		expect(await gapOf(limiter)).toEqual(gapAt(rate));
		expect(clock.time).toBeCloseTo(hold + 30_000);
		await clock.pass(10_000);
		await turnsOf(limiter, 1);
		const before = clock.time;
		const [next] = await turnsOf(limiter, 1);
		expect(next! - before).toBeCloseTo(WINDOW_MS / (2 * rate), 3);
	});

	it('counts no hold as calm', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		limiter.refused(120_000);
		expect(await gapOf(limiter)).toEqual(gapAt(0.96 * 5));
	});

	it('comes back to all turns of a second, from which a refusal takes half', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		limiter.refused();
		await clock.pass(24 * 3_600_000);
		limiter.accepted();
		await clock.pass(1_000);
		const turns = await turnsOf(limiter, 11);
		expect(turns.at(-1)! - turns[0]!).toBe(WINDOW_MS);
		expect(turns.at(-2)).toBe(turns[0]);
		await clock.pass(1_000);
		limiter.refused();
		expect(await gapOf(limiter)).toEqual(gapAt(0.96 * 5));
	});
});

describe('growth', () => {
	/** Every call is answered in 100 ms, until so many have been made. */
	async function burst(limits: RateLimits, count: number): Promise<number[]> {
		const limiter = limiterOf(limits);
		const calls = Array.from({ length: count }, async () => {
			await limiter.turn(NEVER, new AbortScope());
			const at = clock.time;
			await clock.sleep(100);
			limiter.accepted();
			return at;
		});
		return await clock.until(Promise.all(calls));
	}

	it('allows twice what was accepted in the last second, as soon as it was', async () => {
		const turns = await burst({ perSecond: 20, grows: true }, 140);
		const count = (at: number) => turns.filter((turn) => turn === at).length;
		expect([0, 100, 200].map(count)).toEqual([20, 20, 40]);
		expect(turns.at(-1)).toBe(300);
	});

	it('is not there unless it is asked for', async () => {
		expect((await burst({ perSecond: 20 }, 60)).at(-1)).toBe(2 * WINDOW_MS);
	});

	it('falls back when calls become few', async () => {
		const limiter = limiterOf({ perSecond: 2, grows: true });
		for (let call = 0; call < 10; call++) limiter.accepted();
		expect((await turnsOf(limiter, 20)).at(-1)).toBe(0);
		await clock.pass(2_000);
		expect(await turnsOf(limiter, 3)).toEqual([2_000, 2_000, 2_000 + WINDOW_MS]);
	});

	it('ends with the first refusal; what was accepted then stays the most', async () => {
		const limiter = limiterOf({ perSecond: 2, grows: true });
		for (let call = 0; call < 10; call++) limiter.accepted();
		limiter.refused();
		expect(await gapOf(limiter)).toEqual(gapAt(0.96 * 10));
		await clock.pass(24 * 3_600_000);
		for (let call = 0; call < 10; call++) limiter.accepted();
		const turns = await turnsOf(limiter, 11);
		expect(turns.at(-2)).toBe(turns[0]);
		expect(turns.at(-1)! - turns[0]!).toBe(WINDOW_MS);
	});
});

describe('an abort', () => {
	it('rejects whoever waits, and leaves neither timer nor handler', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		const scope = new CountingScope();
		await limiter.turn(NEVER, scope);
		const children = [1, 2, 3].map(() => scope.child());
		const turns = children.map((child) => limiter.turn(NEVER, child));
		children[1]!.abort();
		const states = async () => await Promise.all(turns.map(stateOf));
		expect(await states()).toEqual(['pending', 'rejected: Aborted', 'pending']);
		children[0]!.abort();
		children[2]!.abort();
		expect(await states()).toEqual(Array(3).fill('rejected: Aborted'));
		expect([clock.timers, scope.open]).toEqual([0, 0]);
		await clock.pass(WINDOW_MS);
		expect(await limiter.turn(NEVER, new AbortScope())).toEqual({ granted: true });
	});

	it('costs those behind no turn', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		const scope = new AbortScope();
		await turnsOf(limiter, 1);
		const turns = [scope, new AbortScope()].map((one) => limiter.turn(NEVER, one));
		scope.abort();
		await expect(turns[0]).rejects.toBeInstanceOf(Aborted);
		await clock.until(turns[1]!);
		expect(clock.time).toBe(WINDOW_MS);
	});

	it('that has been gives no turn, though one were free', async () => {
		const scope = new AbortScope();
		scope.abort();
		const limiter = limiterOf({ perSecond: 1 });
		await expect(limiter.turn(NEVER, scope)).rejects.toBeInstanceOf(Aborted);
		expect(await limiter.turn(NEVER, new AbortScope())).toEqual({ granted: true });
	});

	it('leaves nothing behind after turns that came or did not', async () => {
		const limiter = limiterOf({ perSecond: 2 });
		const scope = new CountingScope();
		const turns = [NEVER, NEVER, NEVER, 500, 3_000].map((at) => limiter.turn(at, scope));
		await clock.until(Promise.all(turns));
		expect([clock.timers, scope.open]).toEqual([0, 0]);
	});
});

it('does as much for a turn with 2000 waiters as with 50', async () => {
	const workFor = async (count: number) => {
		clock = new ManualClock();
		await turnsOf(limiterOf({ perSecond: 10 }), count);
		return { now: clock.calls.now / count, sleeps: clock.calls.sleepUntil / count };
	};
	const [few, many] = [await workFor(50), await workFor(2_000)];
	expect(many.now).toBeLessThanOrEqual(few.now + 1);
	expect(many.sleeps).toBeLessThanOrEqual(few.sleeps + 1);
});

it('keeps to every rule, whatever comes', async () => {
	const step = fc.oneof(
		fc.record({ kind: fc.constant('ask' as const), within: fc.integer({ min: -5, max: 4_000 }) }),
		fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 700 }) }),
		fc.record({ kind: fc.constant('abort' as const), which: fc.nat(30) }),
		fc.record({ kind: fc.constant('accepted' as const) }),
		fc.record({
			kind: fc.constant('refused' as const),
			retryAfterMs: fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined }),
		}),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(step, { minLength: 20, maxLength: 80 }),
			fc.boolean(),
			async (steps, grows) => {
				clock = new ManualClock(() => 0.5, 5);
				const limiter = limiterOf({ perSecond: 3, grows });
				const granted: Array<{ at: number; place: number }> = [];
				const scopes: AbortScope[] = [];
				let [heldUntil, holds] = [-Infinity, 0];
				const ask = async (place: number, deadline: number, scope: AbortScope) => {
					const turn = await limiter.turn(deadline, scope);
					if (turn.granted) {
						expect(clock.time).toBeGreaterThanOrEqual(heldUntil);
						granted.push({ at: clock.time, place });
						return;
					}
					expect(turn.holdMs).toBe(Math.max(0, heldUntil - clock.time));
					// Not before it was certain, and no later than it had to be.
					if (heldUntil <= deadline) expect(clock.time).toBeGreaterThanOrEqual(deadline);
					expect(clock.time).toBeLessThanOrEqual(Math.max(deadline + 5, askedAt[place]!));
				};
				const asked: Array<Promise<void>> = [];
				const askedAt: number[] = [];
				for (const one of steps) {
					await settled();
					if (one.kind === 'ask') {
						askedAt.push(clock.time);
						scopes.push(new AbortScope());
						asked.push(ask(asked.length, clock.time + one.within, scopes.at(-1)!));
					} else if (one.kind === 'abort') scopes[one.which]?.abort();
					else if (one.kind === 'pass') await clock.pass(one.ms);
					else if (one.kind === 'accepted') {
						if (clock.time >= heldUntil) holds = 0;
						limiter.accepted();
					} else {
						if (clock.time >= heldUntil) holds++;
						const backoff = 0.75 * Math.min(30_000, 250 * 2 ** holds);
						const hold = Math.max(backoff, one.retryAfterMs ?? 0);
						heldUntil = Math.max(heldUntil, clock.time + hold);
						limiter.refused(one.retryAfterMs);
					}
				}
				for (const outcome of await clock.until(Promise.allSettled(asked))) {
					if (outcome.status === 'rejected' && !(outcome.reason instanceof Aborted)) {
						throw outcome.reason;
					}
				}
				expect(clock.timers).toBe(0);
				const places = granted.map(({ place }) => place);
				expect(places).toEqual([...places].sort((one, other) => one - other));
				if (grows) return;
				granted.slice(3).forEach(({ at }, index) => {
					expect(at).toBeGreaterThanOrEqual(granted[index]!.at + WINDOW_MS);
				});
			},
		),
		{ seed: 4, numRuns: 300 },
	);
});
