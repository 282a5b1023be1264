import * as fc from 'fast-check';
import { fixedDelayMs, pollDelayMs } from '../../../nodes/GptImage1/timing/schedule';

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
