/** Ages are cut into cells of equal width in log time, from 0.1 s to a day. */
export const FIRST_AGE = 100;
export const CELL = 0.025;
export const CELLS = 548;

export const ageAt = (cell: number) => FIRST_AGE * Math.exp(cell * CELL);
export const cellOf = (age: number) => Math.log(Math.max(age, FIRST_AGE) / FIRST_AGE) / CELL;
export const widthOf = (cell: number) => ageAt(cell + 1) - ageAt(cell);

/** A value between those of two cells. */
export function between(values: Float64Array, cell: number): number {
	const below = Math.min(Math.floor(cell), CELLS - 1);
	return values[below]! + (values[below + 1]! - values[below]!) * Math.min(cell - below, 1);
}
