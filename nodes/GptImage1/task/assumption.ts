import { ageAt, CELLS, FIRST_AGE, widthOf } from './ages';

/** How long tasks take as far as nothing has been seen of them; see `schedule.ts`. */

/** The built-in assumption: at this age, the gap to the next look; in ms, straight in log-log. */
const ASSUMED_GAPS: ReadonlyArray<readonly [age: number, gap: number]> = [
	[100, 2_800],
	[2_800, 2_800],
	[2_801, 700],
	[3500, 700],
	[3501, 1500],
	[5_500, 1900],
	[9_000, 1900],
	[15_000, 1480],
	[25_000, 1250],
	[45_000, 1350],
	[75_000, 2_800],
	[600_000, 4_800],
	[100_000_000, 60_000],
];

/** Looks per √s for durations of so many ms. */
export const INTENSITY = 3.2;
export const INTENSITY_AT = 22_000;

function assumedGap(age: number): number {
	const above = ASSUMED_GAPS.findIndex(([at]) => at >= age);
	const [[at0, gap0], [at1, gap1]] = [ASSUMED_GAPS[above - 1]!, ASSUMED_GAPS[above]!];
	return gap0 * (gap1 / gap0) ** (Math.log(age / at0) / Math.log(at1 / at0));
}

/** The looks due by each cell under the assumption, and the survival for which they are the best. */
export const ASSUMED = (() => {
	const looks = new Float64Array(CELLS + 1).fill(FIRST_AGE / assumedGap(FIRST_AGE + 1));
	const survival = new Float64Array(CELLS + 1).fill(1);
	for (let cell = 0; cell < CELLS; cell++) {
		const due = widthOf(cell) / assumedGap(ageAt(cell + 0.5));
		const hazard = (due / INTENSITY) ** 2 / (widthOf(cell) / 1_000);
		looks[cell + 1] = looks[cell]! + due;
		survival[cell + 1] = survival[cell]! * Math.exp(-hazard);
	}
	return { looks, survival };
})();
