import * as fc from 'fast-check';
import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';
import { RateLimiter } from '../../../nodes/GptImage1/timing/rateLimiter';
import type { RateLimits } from '../../../nodes/GptImage1/timing/rateLimiter';
import { handlersOf, ManualClock, settled } from './manualClock';

const WINDOW_MS = 1_005;
const NEVER = 1e12;

let clock: ManualClock;

beforeEach(() => void (clock = new ManualClock(() => 0.5)));

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
const gapOf = async (limiter: RateLimiter) =>
	(await turnsOf(limiter, 2)).reduce((first, second) => second - first);

const gapAt = (rate: number) => expect.closeTo(WINDOW_MS / rate, 6);

it('lets a call with an earlier place go first, also before one that waits for the next turn', async () => {
	const limiter = limiterOf({ perSecond: 1 });
	const [first, second] = [limiter.place(), limiter.place()];
	const order: number[] = [];
	const ask = async (place: number) => {
		await limiter.turn(NEVER, new AbortScope(), Infinity, place);
		order.push(place);
	};
	const asked = [ask(second)];
	await settled();
	asked.push(ask(second), ask(first));
	await clock.until(Promise.all(asked));
	expect(order).toEqual([1, 0, 1]);
	limiter.accepted();
	expect(limiter.lastAcceptedAt).toBe(clock.now());
});

/**
 * Plays a script: `ask` for a turn (`<800`: by that deadline, `~50`: in no longer hold), `refused` (`:90`:
 * with that Retry-After), `accepted`, `pass:90` ms, `abort:1`: the second that asked, `come`: so long until
 * each turn has come or not; `*3` is three times.
 *
 * @returns of each turn when it was granted, or denied (`!`, and how long the hold still lasts), or aborted
 */
async function play(limiter: RateLimiter, script: string): Promise<string> {
	const asked: Array<Promise<string>> = [];
	const scopes: AbortScope[] = [];
	const ask = async (deadline = NEVER, maxHoldMs = Infinity) => {
		scopes.push(new AbortScope());
		const outcome = await limiter.turn(deadline, scopes.at(-1)!, maxHoldMs).then(
			(turn) => (turn.granted ? '' : `!${turn.holdMs}`),
			({ constructor }: Error) => `!${constructor.name}`,
		);
		return `${Math.round(clock.time)}${outcome}`;
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
			else if (word === 'abort') scopes[number(token, ':')!]?.abort();
			else await clock.until(Promise.all(asked));
			await settled();
		}
	}
	const outcomes = await clock.until(Promise.all(asked));
	expect([clock.timers, ...scopes.filter((scope) => handlersOf(scope) > 0)]).toEqual([0]);
	return outcomes.join(' ');
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
		['free where they are aborted', 1, 'ask*4 abort:2 abort:1', '0 0!Aborted 0!Aborted 1005'],
		['held by the longest refusal', 9, 'refused:900 pass:99 refused:9 refused ask<99', '99!801'],
	])('are %s', async (_what, perSecond, script, outcomes) => {
		expect(await play(limiterOf({ perSecond }), script)).toBe(outcomes);
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

test.each([
	['is a backoff', 'refused', [250, 375, 500]],
	['is no shorter for Retry-After', 'refused:100', [250, 375, 500]],
	['doubles in a row', 'refused ask come refused ask come refused', [1000, 1500, 2000]],
	['ends at thirty seconds', `${'refused ask come '.repeat(9)}refused`, [15e3, 22_500, 30e3]],
	['counts once while it lasts', 'refused*20', [250, 375, 500]],
	['grows if a call in it was accepted', 'refused accepted ask come refused', [500, 750, 1000]],
	['is reset by an accepted call', 'refused ask come accepted refused', [250, 375, 500]],
])('a hold %s', async (_what, script, holds) => {
	for (const [index, random] of [0, 0.5, 1].entries()) {
		clock = new ManualClock(() => random);
		const limiter = limiterOf({ perSecond: 10 });
		await play(limiter, script);
		const turn = await limiter.turn(clock.time, new AbortScope());
		expect(turn).toEqual({ granted: false, holdMs: expect.closeTo(holds[index]!) });
	}
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
		['half of all after a day', 10, 'refused pass:86400000 accepted pass:1000 refused', 5],
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
		const turns = (await turnsOf(limiter, 11)).map((at, _index, [first]) => at - first!);
		expect(turns.slice(-2)).toEqual([0, WINDOW_MS]);
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
		const turns = (await turnsOf(limiter, 11)).map((at, _index, [first]) => at - first!);
		expect(turns.slice(-2)).toEqual([0, WINDOW_MS]);
	});
});

test('whoever has been aborted gets no turn, though it were free', async () => {
	const limiter = limiterOf({ perSecond: 1 });
	const scope = new AbortScope(AbortSignal.abort());
	await expect(limiter.turn(NEVER, scope)).rejects.toBeInstanceOf(Aborted);
	expect(await play(limiter, 'ask')).toBe('0');
});

test('does as much for a turn with 2000 waiters as with 50, and sleeps for none of the first', async () => {
	const callsFor = async (count: number) => {
		clock = new ManualClock();
		const calls = [jest.spyOn(clock, 'now'), jest.spyOn(clock, 'sleepUntil')];
		await turnsOf(limiterOf({ perSecond: 10 }), count);
		return calls.map(({ mock }) => mock.calls.length / count);
	};
	const [free, few, many] = [await callsFor(10), await callsFor(50), await callsFor(2_000)];
	expect(free[1]).toBe(0);
	expect(many[0]).toBeLessThanOrEqual(few[0]! + 1);
	expect(many[1]).toBeLessThanOrEqual(few[1]! + 1);
});

test('keeps to every rule, whatever comes', async () => {
	const timed = (most: number, word: string) => fc.nat(most).map((value) => word + value);
	const asks = [fc.constantFrom('ask', 'refused', 'accepted'), timed(20_000, 'ask<')];
	const others = [timed(700, 'pass:'), timed(30, 'abort:'), timed(3_000, 'refused:')];
	const tokens = fc.array(fc.oneof(...asks, ...others), { minLength: 20, maxLength: 80 });
	const rules = fc.asyncProperty(tokens, fc.boolean(), async (script, grows) => {
		clock = new ManualClock(() => 0.5, 5);
		const limiter = limiterOf({ perSecond: 3, grows });
		const holds: Array<{ from: number; until: number }> = [];
		const refused = limiter.refused.bind(limiter);
		limiter.refused = (retryAfterMs = 0) => {
			holds.push({ from: clock.time, until: clock.time + Math.max(375, retryAfterMs) });
			refused(retryAfterMs);
		};
		const outcomes = (await play(limiter, script.join(' '))).split(' ');
		const granted = outcomes.filter((one) => !one.includes('!')).map(Number);
		expect(granted).toEqual([...granted].sort((one, other) => one - other));
		// The moments in a script's outcome are rounded.
		const isHeld = (at: number) => holds.some(({ from, until }) => at > from + 1 && at < until - 1);
		expect(granted.filter(isHeld)).toEqual([]);
		const gaps = granted.slice(3).map((at, index) => at - granted[index]!);
		if (!grows) expect(Math.min(...gaps)).toBeGreaterThanOrEqual(WINDOW_MS - 1);
	});
	await fc.assert(rules, { seed: 4, numRuns: 100 });
});
