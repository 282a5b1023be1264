import { ageAt, CELLS, FIRST_AGE, widthOf } from './ages';

/** How long tasks take as far as nothing has been seen of them; see `schedule.ts`. */

/** The built-in assumption: at this age, the gap to the next look; in ms, straight in log-log. */
const ASSUMED_GAPS: ReadonlyArray<readonly [age: number, gap: number]> = [
	[100, 2_880],
	[2_880, 2_880],
	[2_881, 650],
	[3_530, 650],
	[3_531, 1_470],
	[5_500, 1_900],
	[9_000, 1_960],
	[15_000, 1_490],
	[25_000, 1_255],
	[45_000, 1_355],
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

type Assumption = {
	/** The looks due by each cell. */
	looks: Float64Array;
	/** The survival for which they are the best. */
	survival: Float64Array;
};

let worked: Assumption | undefined;

/** The assumption by cells of age. Worked out at its first use: n8n loads every node at its start. */
export const assumed = (): Assumption => (worked ??= workOut());

function workOut(): Assumption {
	const looks = new Float64Array(CELLS + 1).fill(FIRST_AGE / assumedGap(FIRST_AGE + 1));
	const survival = new Float64Array(CELLS + 1).fill(1);
	for (let cell = 0; cell < CELLS; cell++) {
		const due = widthOf(cell) / assumedGap(ageAt(cell + 0.5));
		const hazard = (due / INTENSITY) ** 2 / (widthOf(cell) / 1_000);
		looks[cell + 1] = looks[cell]! + due;
		survival[cell + 1] = survival[cell]! * Math.exp(-hazard);
	}
	return { looks, survival };
}
