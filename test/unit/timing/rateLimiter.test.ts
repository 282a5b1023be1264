import * as fc from 'fast-check';
import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';
import { RateLimiter, type RateLimits } from '../../../nodes/GptImage1/timing/rateLimiter';
import { CountingScope, ManualClock, settled, stateOf } from './manualClock';

const WINDOW_MS = 1_005;
const NEVER = 1e12;

let clock: ManualClock;

beforeEach(() => {
	clock = new ManualClock(() => 0.5);
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

/**
 * Plays a script: `ask` for a turn (`<800`: by that deadline, `~50`: in no longer hold), `refused` (`:90`:
 * with that Retry-After), `accepted`, `pass:90` ms, `come`: so long until each turn has come or not; `*3`
 * is three times.
 *
 * @returns of each turn when it was granted, or denied (`!`, and how long the hold still lasts)
 */
async function play(limiter: RateLimiter, script: string): Promise<string> {
	const asked: Array<Promise<string>> = [];
	const ask = async (deadline = NEVER, maxHoldMs = Infinity) => {
		const turn = await limiter.turn(deadline, new AbortScope(), maxHoldMs);
		const at = Math.round(clock.time);
		return turn.granted ? `${at}` : `${at}!${turn.holdMs}`;
	};
	const number = (token: string, sign: string) =>
		token.includes(sign) ? parseInt(token.split(sign)[1]!) : undefined;
	for (const token of script.split(' ')) {
		const [word] = /^[a-z]+/.exec(token)!;
		for (let left = number(token, '*') ?? 1; left > 0; left--) {
			if (word === 'ask') asked.push(ask(number(token, '<'), number(token, '~')));
			else if (word === 'refused') limiter.refused(number(token, ':'));
			else if (word === 'accepted') limiter.accepted();
			else if (word === 'pass') await clock.pass(number(token, ':')!);
			else await clock.until(Promise.all(asked));
			await settled();
		}
	}
	return (await clock.until(Promise.all(asked))).join(' ');
}

describe('turns', () => {
	test.each([
		['as many as perSecond within 1.005 s', 3, 'ask*7', '0 0 0 1005 1005 1005 2010'],
		['in the order of asking', 1, 'ask*3 pass:1005 ask', '0 1005 2010 3015'],
		['at once after a pause, late as they are', 1, 'ask*2 pass:5000 ask<4999', '0 1005 5000'],
		['denied at the deadline, which costs no turn', 1, 'ask ask<800 ask', '0 800!0 1005'],
		['denied past it where they need a wait', 1, 'pass:9 ask<8 ask<8', '9 9!0'],
		['denied in a hold past it', 1, 'ask ask<3 refused:600 ask<599 ask<600', '0 0!600 0!600 600!0'],
		['denied when a hold grows so long', 1, 'refused:600 ask<700 ask refused:900', '0!900 900'],
		['denied in a longer hold than asked for', 1, 'refused:500 ask~499 ask~500', '0!500 500'],
		['denied when it is longer', 9, 'refused:500 ask~500 pass:9 refused:500 refused:501', '9!501'],
		['not denied for that behind others', 1, 'ask ask~10', '0 1005'],
		['held back by a refusal, which takes none back', 2, 'ask*3 refused:5000', '0 0 5000'],
		['far apart at a low rate, after a pause too', 1, 'refused ask pass:1500 ask', '375 2469'],
		['held by the longest refusal', 9, 'refused:900 pass:99 refused:9 refused ask<99', '99!801'],
	])('are %s', async (_what, perSecond, script, outcomes) => {
		expect(await play(limiterOf({ perSecond }), script)).toBe(outcomes);
		expect(clock.timers).toBe(0);
	});

	test('need no timer when nothing is in the way', async () => {
		await turnsOf(limiterOf({ perSecond: 10 }), 10);
		expect(clock.calls.sleepUntil).toBe(0);
	});

	test('are denied past the deadline while another caller is first', async () => {
		const limiter = limiterOf({ perSecond: 1 });
		const others = turnsOf(limiter, 2);
		// The timer of the second has not rung yet.
		clock.time = 9_000;
		expect(await limiter.turn(8_990, new AbortScope())).toEqual({ granted: false, holdMs: 0 });
		await others;
	});
});

describe('a hold', () => {
	test.each([
		['is a backoff', 'refused', [250, 375, 500]],
		['is no shorter for Retry-After', 'refused:100', [250, 375, 500]],
		['doubles in a row', 'refused ask come refused ask come refused', [1000, 1500, 2000]],
		['ends at thirty seconds', `${'refused ask come '.repeat(9)}refused`, [15e3, 22_500, 30e3]],
		['counts once while it lasts', 'refused*20', [250, 375, 500]],
		['grows if a call in it was accepted', 'refused accepted ask come refused', [500, 750, 1000]],
		['is reset by an accepted call', 'refused ask come accepted refused', [250, 375, 500]],
	])('%s', async (_what, script, holds) => {
		for (const [index, random] of [0, 0.5, 1].entries()) {
			clock = new ManualClock(() => random);
			const limiter = limiterOf({ perSecond: 10 });
			await play(limiter, script);
			const turn = await limiter.turn(clock.time, new AbortScope());
			expect(turn).toEqual({ granted: false, holdMs: expect.closeTo(holds[index]!) });
		}
	});
});

describe('the rate after a refusal', () => {
	const row = 'refused*2 ask*2 come';

	test.each([
		['nearly what was accepted', 10, 'accepted*8 refused', 8],
		['half, where less was accepted', 10, 'accepted*3 refused', 5],
		['half, where nothing was accepted', 20, 'refused', 10],
		['no less than one in 2 s', 1, 'refused ask come accepted pass:1500 refused', 0.5],
		['what the last second accepted', 10, 'accepted*2 pass:1 accepted*8 pass:999 refused', 8],
		['lowered once in a row', 10, `${row} ${row} refused`, 5],
		['lowered again in the next row', 10, `${row} accepted pass:1000 refused`, (0.96 * 5) / 2],
		['the same after a long hold, which is no cooldown', 10, 'refused:120000', 5],
		[
			'half of all after a day without a refusal',
			10,
			'refused pass:86400000 accepted pass:1000 refused',
			5,
		],
	])('is %s', async (_what, perSecond, script, rate) => {
		const limiter = limiterOf({ perSecond });
		await play(limiter, script);
		expect(await gapOf(limiter)).toEqual(gapAt(0.96 * rate));
	});

	test('doubles every ten seconds after thirty without a refusal, up to all turns of a second', async () => {
		const limiter = limiterOf({ perSecond: 10 });
		const rate = 0.96 * 5;
		limiter.refused();
		await clock.pass(375 + 30_000 - WINDOW_MS / rate);
		expect(await gapOf(limiter)).toEqual(gapAt(rate));
		await clock.pass(10_000);
		await turnsOf(limiter, 1);
		const before = clock.time;
		expect((await turnsOf(limiter, 1))[0]! - before).toBeCloseTo(WINDOW_MS / (2 * rate), 3);
		await clock.pass(86_400_000);
		const turns = await turnsOf(limiter, 11);
		expect(turns.at(-2)).toBe(turns[0]);
		expect(turns.at(-1)! - turns[0]!).toBe(WINDOW_MS);
	});
});

describe('growth', () => {
	/** When so many calls are made, each of which is accepted after 100 ms. */
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

	test('allows twice what was accepted in the last second, where it is asked for', async () => {
		const turns = await burst({ perSecond: 20, grows: true }, 140);
		const count = (at: number) => turns.filter((turn) => turn === at).length;
		expect([0, 100, 200, 300].map(count)).toEqual([20, 20, 40, 60]);
		expect((await burst({ perSecond: 20 }, 60)).at(-1)).toBe(400 + 2 * WINDOW_MS);
	});

	test('falls back when calls become few', async () => {
		const limiter = limiterOf({ perSecond: 2, grows: true });
		const turns = await play(limiter, 'accepted*10 ask*4 pass:2000 ask*3');
		expect(turns).toBe('0 0 0 0 2000 2000 3005');
	});

	test('ends with the first refusal; what was accepted then stays the most', async () => {
		const limiter = limiterOf({ perSecond: 2, grows: true });
		await play(limiter, 'accepted*10 refused');
		expect(await gapOf(limiter)).toEqual(gapAt(0.96 * 10));
		await play(limiter, 'pass:86400000 accepted*10');
		const turns = await turnsOf(limiter, 11);
		expect([turns.at(-2), turns.at(-1)]).toEqual([turns[0], turns[0]! + WINDOW_MS]);
	});
});

test('an abort rejects whoever waits, and costs those behind no turn', async () => {
	const limiter = limiterOf({ perSecond: 1 });
	await limiter.turn(NEVER, new AbortScope());
	const scopes = [1, 2, 3].map(() => new CountingScope());
	const turns = scopes.map((scope) => limiter.turn(NEVER, scope));
	scopes[1]!.abort();
	const states = await Promise.all(turns.map(stateOf));
	expect(states).toEqual(['pending', 'rejected: Aborted', 'pending']);
	scopes[0]!.abort();
	expect(await clock.until(turns[2]!)).toEqual({ granted: true });
	expect(clock.time).toBe(WINDOW_MS);
	await expect(turns[0]).rejects.toBeInstanceOf(Aborted);
	// One that has been gives no turn, though it were free.
	await clock.pass(WINDOW_MS);
	await expect(limiter.turn(NEVER, scopes[0]!)).rejects.toBeInstanceOf(Aborted);
	expect(await limiter.turn(clock.time, new AbortScope())).toEqual({ granted: true });
});

test('does as much for a turn with 2000 waiters as with 50', async () => {
	const workFor = async (count: number) => {
		clock = new ManualClock();
		await turnsOf(limiterOf({ perSecond: 10 }), count);
		return { now: clock.calls.now / count, sleeps: clock.calls.sleepUntil / count };
	};
	const [few, many] = [await workFor(50), await workFor(2_000)];
	expect(many.now).toBeLessThanOrEqual(few.now + 1);
	expect(many.sleeps).toBeLessThanOrEqual(few.sleeps + 1);
});

test('keeps to every rule, whatever comes', async () => {
	const step = fc.oneof(
		fc.record({ ask: fc.integer({ min: -5, max: 4_000 }) }),
		fc.record({ pass: fc.integer({ min: 0, max: 700 }) }),
		fc.record({ abort: fc.nat(30) }),
		fc.constant({ accepted: true } as const),
		fc.record({ refused: fc.option(fc.integer({ min: 0, max: 3_000 })) }),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(step, { minLength: 20, maxLength: 80 }),
			fc.boolean(),
			async (steps, grows) => {
				clock = new ManualClock(() => 0.5, 5);
				const limiter = limiterOf({ perSecond: 3, grows });
				const granted: Array<{ at: number; place: number }> = [];
				const scopes: CountingScope[] = [];
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
					if ('ask' in one) {
						askedAt.push(clock.time);
						scopes.push(new CountingScope());
						asked.push(ask(asked.length, clock.time + one.ask, scopes.at(-1)!));
					} else if ('abort' in one) scopes[one.abort]?.abort();
					else if ('pass' in one) await clock.pass(one.pass);
					else if ('accepted' in one) {
						if (clock.time >= heldUntil) holds = 0;
						limiter.accepted();
					} else {
						if (clock.time >= heldUntil) holds++;
						const backoff = 0.75 * Math.min(30_000, 250 * 2 ** holds);
						heldUntil = Math.max(heldUntil, clock.time + Math.max(backoff, one.refused ?? 0));
						limiter.refused(one.refused ?? undefined);
					}
				}
				const failed = (await clock.until(Promise.allSettled(asked))).filter(
					(one) => one.status === 'rejected' && !(one.reason instanceof Aborted),
				);
				expect(failed).toEqual([]);
				expect([clock.timers, ...scopes.filter(({ open }) => open > 0)]).toEqual([0]);
				expect(granted).toEqual([...granted].sort((one, other) => one.place - other.place));
				if (grows) return;
				granted.slice(3).forEach(({ at }, index) => {
					expect(at).toBeGreaterThanOrEqual(granted[index]!.at + WINDOW_MS);
				});
			},
		),
		{ seed: 4, numRuns: 100 },
	);
});
