import { isMissed } from './figure';
import type { Figure, Result, Unit } from './figure';

/** Columns are padded, so that the table can be read as it is. */
export function markdownTable(head: string[], rows: string[][]): string {
	const widths = head.map((title, column) =>
		Math.max(title.length, 3, ...rows.map((row) => row[column]!.length)),
	);
	const line = (cells: string[]) =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
	return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

export function figuresTable(results: Result[]): string {
	const head = ['Work', 'Figure', 'Bound', 'Measured', '', 'Baseline workflow'];
	const rows = results.flatMap(({ work, figures }) =>
		figures.map((figure, index) => [index === 0 ? work : '', ...cellsOf(figure)]),
	);
	return markdownTable(head, rows);
}

function cellsOf(figure: Figure): string[] {
	const { what, measured, unit, baseline = '' } = figure;
	const bound = boundOf(figure);
	const verdict = bound === '' ? '' : isMissed(figure) ? 'MISSED' : 'met';
	const other = typeof baseline === 'number' ? written(baseline, unit) : baseline;
	return [what, bound, written(measured, unit), verdict, other];
}

function boundOf({ atMost, exactly, unit }: Figure): string {
	if (exactly !== undefined) return `= ${withUnit(String(exactly), unit)}`;
	return atMost === undefined ? '' : `≤ ${withUnit(String(atMost), unit)}`;
}

function written(value: number, unit: Unit): string {
	if (!Number.isFinite(value)) return 'nothing';
	const digits = Number.isInteger(value) || value >= 100 ? 0 : value < 10 ? 2 : 1;
	return withUnit(value.toFixed(digits), unit);
}

const withUnit = (number: string, unit: Unit) => (unit === '' ? number : `${number} ${unit}`);
