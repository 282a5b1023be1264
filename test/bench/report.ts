import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from './figure';
import type { Machine } from './machine';
import { sentence } from './machine';
import { figuresTable } from './table';

type Report = { machine: Machine; results: Result[]; pollSchedule: string };

/** The page, and the data that other documents take their figures from. */
export async function writeReport(folder: string, report: Report): Promise<void> {
	const { machine, results } = report;
	const json = JSON.stringify({ machine, results }, null, '\t');
	await writeFile(join(folder, 'benchmarks.json'), `${json}\n`);
	await writeFile(join(folder, 'benchmarks.md'), page(report));
}

const page = ({ machine, results, pollSchedule }: Report): string => `# Benchmarks

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
`;
