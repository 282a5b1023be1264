import * as fc from 'fast-check';
import { Pace } from '../../nodes/GptImage1/task/pace';
import { fixedWindow, mostInASecond, seeded, simulateRun, tokenBucket } from '../bench/schedule';

const fiveHundred = { items: 500, slots: 50, mostOpen: 50, duration: () => 2_000, seed: 1 };

describe('looks', () => {
	it('of one task come when they are wanted', () => {
		const pace = new Pace();
		expect(pace.looks.next(0, 2_800)).toBe(2_800);
		expect(pace.looks.next(2_820, 3_500)).toBe(3_500);
	});

	it('never exceed ten in any one second, whatever is wanted and given back', () => {
		const wish = fc.record({
			passes: fc.integer({ min: 0, max: 40 }),
			wanted: fc.integer({ min: 0, max: 3_000 }),
			isLast: fc.boolean(),
			isGivenBack: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(wish, { minLength: 40, maxLength: 150 }), (wishes) => {
				const pace = new Pace();
				const looks: number[] = [];
				let now = 0;
				for (const { passes, wanted, isLast, isGivenBack } of wishes) {
					now += passes;
					const time = now + wanted;
					const at = isLast ? pace.looks.latest(now, time) : pace.looks.next(now, time);
					if (at === undefined) continue;
					expect(at).toBeGreaterThanOrEqual(isLast ? now : time);
					expect(at).toBeLessThanOrEqual(isLast ? time : Infinity);
					if (isGivenBack) pace.looks.release(at);
					else looks.push(at);
				}
				expect(mostInASecond(looks.sort((one, other) => one - other))).toBeLessThanOrEqual(10);
			}),
			{ numRuns: 200, seed: 4 },
		);
	});

	it('leave near moments free though far ones are reserved', () => {
		const pace = new Pace();
		for (let task = 0; task < 50; task++) pace.looks.next(0, 60_000);
		expect(pace.looks.next(0, 2_000)).toBe(2_000);
	});

	it('give each of a hundred tasks its turn in 10.1 s', () => {
		const pace = new Pace();
		const looks = Array.from({ length: 100 }, () => pace.looks.next(0, 2_800));
		expect(new Set(looks).size).toBe(100);
		expect(Math.max(...looks)).toBeLessThan(2_800 + 10_100);
	});

	it('of a hundred tasks stay under 600 in a minute', () => {
		const hundred = { items: 100, slots: 100, latency: 20, duration: () => 90_000, seed: 1 };
		const { looks } = simulateRun(hundred);
		for (const from of [0, 15_000, 30_000, 40_000]) {
			const inMinute = looks.filter((look) => look >= from && look < from + 60_000);
			expect(inMinute.length).toBeLessThanOrEqual(600);
		}
	});

	it('at one deadline come one before the other, and none where there is no room left', () => {
		const pace = new Pace();
		const looks = Array.from({ length: 30 }, () => pace.looks.latest(0, 1_000));
		expect(looks.slice(0, 10)).toEqual([1_000, 970, 940, 910, 880, 850, 820, 790, 760, 730]);
		expect(looks.slice(10)).toEqual(Array(20).fill(undefined));
		expect(pace.looks.latest(0, 2_200)).toBe(2_200);
		pace.looks.release(790);
		expect(pace.looks.latest(0, 1_000)).toBe(790);
	});

	it('before a deadline are none while the service wants none', () => {
		const pace = new Pace();
		pace.looks.refused(0, 5_000, 0.5);
		expect(pace.looks.latest(100, 4_999)).toBeUndefined();
		expect(pace.looks.latest(100, 5_000)).toBe(5_000);
	});

	it('that a refusal has overtaken are put off, and all are slower for a while', () => {
		const pace = new Pace();
		const at = pace.looks.next(0, 1_000);
		pace.looks.refused(500, 5_000, 0.5);
		const again = pace.looks.next(at, at, at);
		expect(again).toBe(5_500);
		expect(pace.looks.next(again, again, again)).toBe(again);
		const spanFrom = (now: number) => {
			const looks = Array.from({ length: 10 }, () => pace.looks.next(now, now));
			return pace.looks.next(now, now) - looks[0]!;
		};
		expect(spanFrom(again + 2_000)).toBeGreaterThan(1_200);
		expect(spanFrom(again + 120_000)).toBeCloseTo(1_005, 0);
	});

	it('never exceed ten in any one second, however late timers ring', () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 30, maxLength: 60 }),
				(lateness) => {
					const pace = new Pace();
					const made: number[] = [];
					const sleeping = lateness.map((late) => ({ at: pace.looks.next(0, 0), late }));
					while (sleeping.length > 0) {
						sleeping.sort((one, other) => one.at + one.late - other.at - other.late);
						const { at, late } = sleeping.shift()!;
						const now = Math.max(at + late, made.at(-1) ?? 0);
						const again = pace.looks.next(now, at, at);
						if (again <= now) made.push(now);
						else sleeping.push({ at: again, late });
					}
					expect(made).toHaveLength(lateness.length);
					expect(mostInASecond(made)).toBeLessThanOrEqual(10);
				},
			),
			{ numRuns: 200, seed: 4 },
		);
	});

	it('wait longer with every refusal that names no time', () => {
		const pace = new Pace();
		const holds: number[] = [];
		for (let now = 0, round = 0; round < 5; round++) {
			pace.looks.refused(now, undefined, 0.5);
			holds.push(pace.looks.next(now, now) - now);
			now += holds.at(-1)!;
		}
		for (let round = 1; round < 5; round++) expect(holds[round]).toBeGreaterThan(holds[round - 1]!);
	});
});

describe('creates', () => {
	it('of twenty items start within 100 ms where none is refused', () => {
		const { starts, wall, slowest, callsPerTask } = simulateRun({
			items: 20,
			slots: 20,
			latency: 20,
			duration: (random) => 4_000 + 4_000 * random(),
			seed: 1,
		});
		expect(starts[19]).toBeLessThanOrEqual(100);
		expect(callsPerTask).toBeLessThanOrEqual(8);
		expect(wall / slowest).toBeLessThanOrEqual(1.1);
	});

	it.each([
		['a token bucket', () => tokenBucket(10, 10), true, 20],
		['a token bucket that names no time', () => tokenBucket(10, 10), false, 20],
		['a fixed window', () => fixedWindow(10, 1_000, 300), true, 20],
		['a fixed window that names no time', () => fixedWindow(10, 1_000, 300), false, 20],
		['a distant token bucket', () => tokenBucket(10, 10), true, 100],
		['a distant fixed window', () => fixedWindow(10, 1_000, 300), true, 100],
	])('of five hundred items keep to %s', (_name, limiter, saysWhen, latency) => {
		const run = simulateRun({ ...fiveHundred, limiter: limiter(), saysWhen, latency });
		expect(run.refused).toBeLessThanOrEqual(60);
		expect(run.wall).toBeLessThanOrEqual(1.15 * 51_000);
		expect(mostInASecond(run.looks)).toBeLessThanOrEqual(10);
	});

	it('come back after a storm of refusals', () => {
		const steady = { items: 300, slots: 50, latency: 20, duration: () => 5_000, seed: 1 };
		const calm = simulateRun(steady).wall;
		const stormy = simulateRun({ ...steady, storm: [6_000, 11_000] });
		expect(stormy.refused).toBeLessThanOrEqual(20);
		expect(stormy.wall).toBeLessThanOrEqual(calm + 15_000);
	});

	it('that were to start are held by one refusal, for all items', () => {
		const pace = new Pace();
		expect(pace.creates.next(0)).toBe(0);
		const reserved = pace.creates.next(0);
		expect(reserved).toBe(2);
		pace.creates.refused(1, 3_000, 0.5);
		const again = pace.creates.next(2, reserved);
		expect(again).toBe(3_001);
		expect(pace.creates.next(3_001, again)).toBe(3_001);
	});

	it('are held longer with every refusal that names no time, and never for ever', () => {
		const pace = new Pace();
		const random = seeded(4);
		let [now, longest] = [0, 0];
		for (let round = 0; round < 20; round++) {
			pace.creates.refused(now, undefined, random());
			const at = pace.creates.next(now);
			longest = Math.max(longest, at - now);
			now = at;
		}
		expect(longest).toBeGreaterThan(10_000);
		expect(longest).toBeLessThanOrEqual(30_000);
	});
});
