import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { npm, type Say } from './command';

const repository = resolve(__dirname, '..', '..');
const SOURCE_FOLDERS = ['nodes', 'credentials'];
const TOOLS = ['gulpfile.js', 'tsconfig.json', 'package-lock.json'];

/** Builds the package, unless `dist/` is newer than all that it is built from. */
export async function build(quietly: { say: Say; signal?: AbortSignal }): Promise<void> {
	if (await isBuilt()) return;
	await npm(['run', 'build', '--silent'], {
		...quietly,
		doing: 'building the package',
		cwd: repository,
	});
}

async function isBuilt(): Promise<boolean> {
	const inFolders = await Promise.all(
		SOURCE_FOLDERS.map(async (folder) =>
			(await readdir(join(repository, folder), { recursive: true })).map((name) =>
				join(folder, name),
			),
		),
	);
	// A folder's own time tells of files that are gone.
	const sources = [...SOURCE_FOLDERS, ...inFolders.flat(), ...TOOLS];
	const changedAt = async (name: string) => (await stat(join(repository, name))).mtimeMs;
	const builtAt = await changedAt('dist').catch(() => 0);
	return Math.max(...(await Promise.all(sources.map(changedAt)))) < builtAt;
}
