import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Work } from './figure';
import type { Machine } from './machine';
import { sentence } from './machine';
import { table } from './table';

/** The page and the data that other documents take their figures from. */
export async function writeReport(
	folder: string,
	works: Work[],
	schedule: string,
	machine: Machine,
): Promise<void> {
	await mkdir(folder, { recursive: true });
	await writeFile(
		join(folder, 'benchmarks.json'),
		`${JSON.stringify({ machine, works }, null, '\t')}\n`,
	);
	await writeFile(join(folder, 'benchmarks.md'), page(works, schedule, machine));
}

const page = (works: Work[], schedule: string, machine: Machine): string => `# Benchmarks

Measured by \`npm run bench -- --write\` in a whole n8n against an emulated service on the same
machine, in a process of its own. *Recipe*: the workflow of nine nodes that people build today
(\`test/bench/recipe.json\`), in the same run. *One by one*: this node with "Max Tasks in Flight" 1.

${sentence(machine)}

${table(works)}

## How

${works.map(({ work, method }) => `- **${work}**: ${method}`).join('\n')}

## Schedule and pace, simulated

\`\`\`
${schedule.trim()}
\`\`\`
`;
