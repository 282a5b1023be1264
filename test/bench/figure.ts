export type Unit = '' | '×' | 'MB' | 'lines' | 'ms' | 's';

/** A figure without a bound is printed for comparison only. */
export type Figure = {
	what: string;
	measured: number;
	unit: Unit;
	atMost?: number;
	exactly?: number;
	/** The same for the baseline workflow; words where there is no number. */
	baseline?: number | string;
};

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
