import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';

export type Figure = {
	what: string;
	measured: number;
	unit: '' | '×' | 'MB' | 'lines' | 'ms' | 's';
	/** Without a bound it is printed for comparison only. */
	atMost?: number;
	exactly?: number;
	/** The same for the baseline workflow; words where there is no number. */
	baseline?: number | string;
};

export const figure = (
	what: string,
	measured: number,
	unit: Figure['unit'],
	comparison: Pick<Figure, 'atMost' | 'exactly' | 'baseline'> = {},
): Figure => ({ what, measured, unit, ...comparison });

/** What a bench measured. */
export type Result = {
	work: string;
	/** How it was measured, in a sentence or two for the reader of the table. */
	method: string;
	figures: Figure[];
};

export const meanOf = (values: number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of an odd number of values. */
export const medianOf = (values: number[]): number =>
	[...values].sort((one, other) => one - other)[(values.length - 1) / 2]!;

export function isMissed({ measured, atMost, exactly }: Figure): boolean {
	if (exactly !== undefined) return measured !== exactly;
	return atMost !== undefined && !(measured <= atMost);
}

/** Where figures come from. */
export function thisMachine() {
	const lockFile = join(__dirname, '..', 'n8n', '2.41', 'package-lock.json');
	const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
		packages: Record<string, { version: string }>;
	};
	const versionOf = (name: string) => packages[`node_modules/${name}`]!.version;
	return {
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		cores: cpus().length,
		memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
		system: type(),
		/** The Node of the benches; n8n 2.41 brings its own. */
		node: process.versions.node,
		n8n: `${versionOf('n8n')} on Node ${versionOf('node')}`,
		/** How many processes wanted a core, on average over a minute, when the benches began. */
		load: Math.round(loadavg()[0]! * 10) / 10,
		date: new Date().toISOString().slice(0, 10),
	};
}

type Report = { machine: ReturnType<typeof thisMachine>; results: Result[]; pollSchedule: string };

export function markdownTable(rows: string[][]): string {
	const [head, ...others] = rows.map((cells) => `| ${cells.join(' | ')} |`);
	return [head, `|${'---|'.repeat(rows[0]!.length)}`, ...others].join('\n');
}

const figuresTable = (results: Result[]): string =>
	markdownTable([
		['Work', 'Figure', 'Bound', 'Measured', '', 'Baseline workflow'],
		...results.flatMap(({ work, figures }) =>
			figures.map((one, index) => [index === 0 ? work : '', ...cellsOf(one)]),
		),
	]);

function cellsOf(one: Figure): string[] {
	const { what, measured, unit, atMost, exactly, baseline = '' } = one;
	const bound = exactly !== undefined ? `= ${exactly}` : atMost !== undefined ? `≤ ${atMost}` : '';
	const verdict = bound && (isMissed(one) ? 'MISSED' : 'met');
	const other = typeof baseline === 'number' ? written(baseline, unit) : baseline;
	return [what, bound && `${bound} ${unit}`, written(measured, unit), verdict, other];
}

function written(value: number, unit: string): string {
	if (!Number.isFinite(value)) return 'nothing';
	const digits = Number.isInteger(value) || value >= 100 ? 0 : value < 10 ? 2 : 1;
	return `${value.toFixed(digits)} ${unit}`;
}

const sentence = ({ cpu, cores, memory, system, node, n8n, load, date }: Report['machine']) =>
	`${date}, ${cpu}, ${cores} cores, ${memory}, ${system}; n8n ${n8n}, benches on Node ${node}; ` +
	`load average at the start ${load}.`;

/** docs/benchmarks.md */
export const pageOf = async ({ machine, results, pollSchedule }: Report): Promise<string> =>
	await format(
		`# Benchmarks

Measured by \`npm run bench -- --write\` in a complete n8n, against an emulated service in another
process on the same machine. _Baseline workflow_: the nine nodes that people use today
(\`test/bench/baselineWorkflow.json\`), in the same run.

${sentence(machine)}

${figuresTable(results)}

## Method

${results.map(({ work, method }) => `- **${work}**: ${method}`).join('\n')}

## Poll schedule, simulated

Mean seconds from the end of a task to the poll that finds it, and mean number of polls: with the
automatic schedule for the first task of a run and for one after ten, and with fixed intervals.

${pollSchedule}
`,
		{ parser: 'markdown' },
	);
