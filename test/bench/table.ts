import { isMissed } from './figure';
import type { Figure, Unit, Work } from './figure';

const HEAD = ['Work', 'Figure', 'Target', 'Measured', '', 'Recipe', 'One by one'];

/** Markdown, with columns padded so that it can be read as it is. */
export function table(works: Work[]): string {
	const rows = works.flatMap(({ work, figures }) =>
		figures.map((figure, index) => [index === 0 ? work : '', ...cellsOf(figure)]),
	);
	const widths = HEAD.map((title, column) =>
		Math.max(title.length, 3, ...rows.map((row) => row[column]!.length)),
	);
	const line = (cells: string[]) =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
	return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function cellsOf(figure: Figure): string[] {
	const { what, measured, unit, recipe, oneByOne } = figure;
	const has = targetOf(figure);
	const verdict = has === '' ? '' : isMissed(figure) ? 'MISSED' : 'met';
	return [what, has, written(measured, unit), verdict, other(recipe, unit), other(oneByOne, unit)];
}

function targetOf({ atMost, exactly, unit }: Figure): string {
	if (exactly !== undefined) return `= ${withUnit(String(exactly), unit)}`;
	return atMost === undefined ? '' : `≤ ${withUnit(String(atMost), unit)}`;
}

const other = (value: number | string | undefined, unit: Unit) =>
	typeof value === 'number' ? written(value, unit) : (value ?? '');

function written(value: number, unit: Unit): string {
	if (Number.isNaN(value)) return 'nothing';
	const digits = Number.isInteger(value) || value >= 100 ? 0 : value < 10 ? 3 : 1;
	return withUnit(value.toFixed(digits), unit);
}

const withUnit = (number: string, unit: Unit) => (unit === '' ? number : `${number} ${unit}`);
