import * as fc from 'fast-check';
import {
	fixedDelayMs,
	MAX_REMEMBERED,
	pollDelayMs,
} from '../../../nodes/GptImage1/timing/schedule';
import { seeded } from '../../seeded';

const MIDDLE = 0.5; // neither longer nor shorter than planned

describe('while no task of its kind has ended', () => {
	it('the first poll is at 2.5 s, whenever the create was answered', () => {
		for (const ageMs of [0, 300, 1_900]) {
			expect(ageMs + pollDelayMs(ageMs, [], MIDDLE)).toBeCloseTo(2_500);
		}
	});

	it('no second poll follows at once where the first came early', () => {
		const firstAt = pollDelayMs(0, [], 0);
		expect(firstAt).toBe(2_250);
		expect(pollDelayMs(firstAt, [], 0)).toBeGreaterThan(500);
	});

	it.each([
		[2_500, 625],
		[6_000, 1_500],
		[60_000, 1_500],
		[120_000, 3_000],
		[200_000, 5_000],
		[3_600_000, 5_000],
	])('the gap at an age of %s ms is %s ms', (ageMs, gapMs) => {
		expect(pollDelayMs(ageMs, [], MIDDLE)).toBeCloseTo(gapMs);
	});
});

describe('once tasks have ended', () => {
	/** Ten of them: earliest 20 / 1.1 s, latest 44 s. */
	const ten = [20, 21, 22, 25, 29, 30, 33, 36, 38, 40].map((s) => s * 1_000);
	const earliest = 20_000 / 1.1;

	it.each([
		['long before, four usual gaps', 0, 6_000],
		['shortly before, the rest', earliest - 2_000, 2_000],
		['between, a twentieth of the range, or two thirds of the usual gap', 30_000, 1_000],
		['just beyond, the same', 44_001, 1_000],
		['beyond, a third of the time since', 44_000 + 3_900, 1_300],
		['far beyond, the usual gap', 50_000, 1_500],
		['far beyond, the usual gap', 400_000, 5_000],
	])('%s', (_name, ageMs, gapMs) => {
		expect(pollDelayMs(ageMs, ten, MIDDLE)).toBeCloseTo(gapMs, 0);
	});

	it('a narrow range is polled in a twentieth of it, though not closer than 0.25 s', () => {
		const latest = 11_000 * 1.5;
		const narrow = (latest - 10_000 / 1.5) / 20;
		expect(pollDelayMs(10_500, [10_000, 11_000], MIDDLE)).toBeCloseTo(narrow);
		expect(pollDelayMs(3_000, Array(10).fill(3_000), MIDDLE)).toBe(250);
		expect(pollDelayMs(3_000, Array(10).fill(3_000), 0)).toBe(225);
	});

	it('the range is the wider the fewer have ended', () => {
		// One: from half of its age to twice it.
		expect(pollDelayMs(9_000, [20_000], MIDDLE)).toBeCloseTo(1_000);
		expect(pollDelayMs(10_000, [20_000], MIDDLE)).toBeCloseTo(1_000);
		expect(pollDelayMs(39_999, [20_000], MIDDLE)).toBeCloseTo(1_000);
		// Ten: from ten elevenths of it.
		expect(pollDelayMs(17_000, Array(10).fill(20_000), MIDDLE)).toBeCloseTo(20_000 / 1.1 - 17_000);
	});
});

it('every gap is at random up to a tenth shorter or longer, and bounded', () => {
	const age = fc.double({ min: 0, max: 1e8, noNaN: true });
	const known = fc.array(fc.double({ min: 1, max: 1e7, noNaN: true }), { maxLength: 10 });
	const chance = fc.double({ min: 0, max: 0.999999, noNaN: true });
	fc.assert(
		fc.property(age, known, chance, (ageMs, foundEndedMs, random) => {
			const planned = pollDelayMs(ageMs, foundEndedMs, MIDDLE);
			expect(planned).toBeGreaterThanOrEqual(250);
			expect(planned).toBeLessThanOrEqual(20_000);
			const gap = pollDelayMs(ageMs, foundEndedMs, random);
			expect(gap / planned).toBeCloseTo(0.9 + random / 5);
		}),
		{ seed: 4 },
	);
});

it('a fixed interval is up to a tenth longer', () => {
	expect(fixedDelayMs(5_000, 0)).toBe(5_000);
	expect(fixedDelayMs(5_000, 0.5)).toBe(5_250);
	expect(fixedDelayMs(5_000, 0.999999)).toBeCloseTo(5_500, 0);
});

type Draw = (random: () => number) => number;

const logNormal =
	(medianMs: number, sigma: number): Draw =>
	(random) => {
		const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
		return medianMs * Math.exp(sigma * normal);
	};

const uniform =
	(fromMs: number, toMs: number): Draw =>
	(random) =>
		fromMs + (toMs - fromMs) * random();

const either =
	(one: Draw, other: Draw): Draw =>
	(random) =>
		(random() < 0.5 ? one : other)(random);

/** Polls one task; @returns how late its end was found, and with how many polls */
function pollOne(durationMs: number, foundEndedMs: number[], random: () => number) {
	let [age, polls] = [0, 0];
	for (; age < durationMs; polls++) age += pollDelayMs(age, foundEndedMs, random());
	return { lateMs: age - durationMs, polls, age };
}

/** Remembers the ages of such tasks, one after another. */
function remember(durations: number[], random: () => number): number[] {
	return durations.reduce<number[]>((known, durationMs) => {
		const { age } = pollOne(durationMs, known, random);
		return [...known, age].slice(-MAX_REMEMBERED);
	}, []);
}

const RUNS = 200;

/** Mean delay in s and mean polls of the task after so many. */
function measure(draw: Draw, before: number) {
	const random = seeded(1);
	let [late, polls] = [0, 0];
	for (let run = 0; run < RUNS; run++) {
		const known = remember(
			Array.from({ length: before }, () => draw(random)),
			random,
		);
		const found = pollOne(draw(random), known, random);
		late += found.lateMs / RUNS / 1_000;
		polls += found.polls / RUNS;
	}
	return { late, polls };
}

describe('simulated: mean delay in s and polls a task, at most', () => {
	const fiveOrForty = either(logNormal(5_000, 0.3), logNormal(40_000, 0.3));

	/** Those of the first task, and of the one after ten. */
	it.each<[string, Draw, number[], number[]]>([
		['20 s, sigma .5', logNormal(20_000, 0.5), [0.8, 18], [0.72, 16.5]],
		['2.5 to 3.5 s', uniform(2_500, 3_500), [0.41, 2.8], [0.16, 4]],
		['4 to 8 s', uniform(4_000, 8_000), [0.72, 6], [0.19, 9]],
		['5 or 40 s, sigma .3', fiveOrForty, [0.73, 18.5], [0.65, 22.5]],
		['10 min, sigma .3', logNormal(600_000, 0.3), [2.7, 190], [2.4, 125]],
	])('tasks of %s', (_what, draw, first, tenth) => {
		for (const [before, [late, polls]] of [
			[0, first],
			[10, tenth],
		] as const) {
			const measured = measure(draw, before);
			expect(measured.late).toBeLessThanOrEqual(late!);
			expect(measured.polls).toBeLessThanOrEqual(polls!);
		}
	});

	it.each([
		{ ten: 60_000, then: 5_000, meanMs: 1_100 },
		{ ten: 600_000, then: 20_000, meanMs: 4_500 },
	])('a task of $then ms after ten of $ten is found $meanMs late', ({ ten, then, meanMs }) => {
		const random = seeded(1);
		let lateMs = 0;
		for (let run = 0; run < 100; run++) {
			const known = remember(Array<number>(10).fill(ten), random);
			lateMs += pollOne(then, known, random).lateMs / 100;
		}
		expect(lateMs).toBeLessThanOrEqual(meanMs);
	});
});
