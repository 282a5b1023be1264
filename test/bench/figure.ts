export type Unit = '' | '×' | 'MB' | 'lines' | 'ms' | 's';

type Comparison = {
	atMost?: number;
	exactly?: number;
	/** The same for the baseline workflow; words where there is no number. */
	baseline?: number | string;
};

export type Figure = Comparison & { what: string; measured: number; unit: Unit };

/** Without a bound it is printed for comparison only. */
export const figure = (
	what: string,
	measured: number,
	unit: Unit,
	comparison: Comparison = {},
): Figure => ({ what, measured, unit, ...comparison });

/** What a bench measured. */
export type Result = {
	work: string;
	/** How it was measured, in a sentence or two for the reader of the table. */
	method: string;
	figures: Figure[];
};

export function isMissed({ measured, atMost, exactly }: Figure): boolean {
	if (exactly !== undefined) return measured !== exactly;
	return atMost !== undefined && !(measured <= atMost);
}

export const meanOf = (values: number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

export function medianOf(values: number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const half = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
