import * as fc from 'fast-check';
import { fixedDelayMs, pollDelayMs } from '../../../nodes/GptImage1/timing/schedule';

/** Neither longer nor shorter than planned. */
const planned = (ageMs: number, known: number[]) => pollDelayMs(ageMs, known, 0.5);
const NONE: number[] = [];
/** From 20 / 1.1 to 44 s. */
const TEN = [20, 21, 22, 25, 29, 30, 33, 36, 38, 40].map((s) => s * 1_000);
const [FROM, TO] = [20_000 / 1.1, 44_000];
/** From half of its age to twice it. */
const ONE = [20_000];
const TWO = [10_000, 11_000];
const ALIKE = Array<number>(10).fill(3_000);

it.each([
	['the first is at 2.5 s', NONE, 0, 2_500],
	['the first is at 2.5 s, whenever the create was answered', NONE, 1_900, 600],
	['none ended, a quarter of the age', NONE, 2_500, 625],
	['none ended, 1.5 s', NONE, 6_000, 1_500],
	['none ended, 1.5 s', NONE, 60_000, 1_500],
	['none ended, a fortieth of the age', NONE, 120_000, 3_000],
	['none ended, 5 s', NONE, 3_600_000, 5_000],
	['long before, four usual gaps', TEN, 0, 6_000],
	['shortly before, the rest', TEN, FROM - 2_000, 2_000],
	['between, a twentieth of the range, or two thirds of the usual gap', TEN, 30_000, 1_000],
	['just beyond, the same', TEN, TO + 1, 1_000],
	['beyond, a third of the time since', TEN, TO + 3_900, 1_300],
	['far beyond, the usual gap', TEN, 50_000, 1_500],
	['far beyond, the usual gap', TEN, 400_000, 5_000],
	['one ended: a range from half of its age', ONE, 9_000, 1_000],
	['one ended: in it', ONE, 10_000, 1_000],
	['one ended: in it, up to twice its age', ONE, 39_999, 1_000],
	['two ended: a twentieth of a narrow range', TWO, 10_500, (11_000 * 1.5 - 10_000 / 1.5) / 20],
	['all alike: no closer than 0.25 s', ALIKE, 3_000, 250],
])('a poll: %s', (_when, known, ageMs, gapMs) => expect(planned(ageMs, known)).toBeCloseTo(gapMs));

it('no second poll follows at once where the first came early', () => {
	expect(pollDelayMs(0, NONE, 0)).toBe(2_250);
	expect(pollDelayMs(2_250, NONE, 0)).toBeGreaterThan(500);
});

it('every gap is at random up to a tenth shorter or longer, and bounded', () => {
	const age = fc.double({ min: 0, max: 1e8, noNaN: true });
	const known = fc.array(fc.double({ min: 1, max: 1e7, noNaN: true }), { maxLength: 10 });
	const chance = fc.double({ min: 0, max: 0.999999, noNaN: true });
	const isBounded = fc.property(age, known, chance, (ageMs, foundEndedMs, random) => {
		const gap = planned(ageMs, foundEndedMs);
		expect(gap >= 250 && gap <= 20_000).toBe(true);
		expect(pollDelayMs(ageMs, foundEndedMs, random) / gap).toBeCloseTo(0.9 + random / 5);
	});
	fc.assert(isBounded, { seed: 4 });
});

it('a fixed interval is up to a tenth longer', () => {
	expect([0, 0.5].map((random) => fixedDelayMs(5_000, random))).toEqual([5_000, 5_250]);
});
