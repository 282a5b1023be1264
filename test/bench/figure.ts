export type Unit = '' | '%' | '×' | 'MB' | 'kB' | 'ms' | 's';

/** One line of the table. A figure without a target is printed for comparison only. */
export type Figure = {
	what: string;
	measured: number;
	unit: Unit;
	atMost?: number;
	exactly?: number;
	/** The same for the recipe; words where there is no number. */
	recipe?: number | string;
	/** The same for the node with "Max Tasks in Flight" 1, as nodes work that take item after item. */
	oneByOne?: number | string;
};

/** What a bench has done, and what came of it. */
export type Work = {
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
