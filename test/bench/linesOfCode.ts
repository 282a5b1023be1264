import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figure } from './report';
import type { Result } from './report';

/** How much there is to read for a maintainer. */
export async function linesOfCode(): Promise<Result> {
	const files = ['nodes', 'credentials']
		.flatMap((folder) =>
			readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))),
		)
		.filter((path) => path.endsWith('.ts'))
		.map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }));
	const sum = (of: typeof files) => of.reduce((total, { lines }) => total + lines, 0);
	const longest = files.reduce((one, other) => (other.lines > one.lines ? other : one));
	const timing = files.filter(({ path }) => path.startsWith(join('nodes', 'GptImage1', 'timing')));
	return {
		work: 'TypeScript in `nodes/` and `credentials/`',
		method: `All lines, comments and blank ones included. The longest file is \`${longest.path}\`.`,
		figures: [
			figure('lines', sum(files), 'lines', { atMost: 3600 }),
			figure('the longest file', longest.lines, 'lines', { atMost: 150 }),
			figure('timing/', sum(timing) || NaN, 'lines', { atMost: 350 }),
		],
	};
}
