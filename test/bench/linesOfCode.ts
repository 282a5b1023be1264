import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { figure } from './figure';
import type { Result } from './figure';

const repository = resolve(__dirname, '..', '..');
const TIMING = join('nodes', 'GptImage1', 'timing');

/** How much there is to read for a maintainer. */
export async function linesOfCode(): Promise<Result> {
	const files = await Promise.all(['nodes', 'credentials'].map(linesByFile)).then((all) =>
		all.flat(),
	);
	const sum = (of: typeof files) => of.reduce((total, { lines }) => total + lines, 0);
	const longest = files.reduce((one, other) => (other.lines > one.lines ? other : one));
	const timing = files.filter(({ path }) => path.startsWith(TIMING));
	return {
		work: 'TypeScript in `nodes/` and `credentials/`',
		method: `All lines, comments and blank ones included. The longest file is \`${longest.path}\`.`,
		figures: [
			figure('lines', sum(files), 'lines', { atMost: 3600 }),
			figure('the longest file', longest.lines, 'lines', { atMost: 150 }),
			figure('timing/', timing.length > 0 ? sum(timing) : NaN, 'lines', { atMost: 350 }),
		],
	};
}

async function linesByFile(folder: string): Promise<Array<{ path: string; lines: number }>> {
	const names = await readdir(join(repository, folder), { recursive: true });
	const paths = names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
	return await Promise.all(
		paths.map(async (path) => {
			const text = await readFile(join(repository, path), 'utf8');
			return { path, lines: text.split('\n').length - 1 };
		}),
	);
}
