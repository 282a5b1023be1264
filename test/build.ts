import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The compiled package, which some tests load: it must not be older than its sources. */

const repository = join(__dirname, '..');
const COMPILED = join(repository, 'dist/nodes/GptImage1/GptImage1.node.js');
const SOURCES = ['nodes', 'credentials', 'gulpfile.js', 'tsconfig.json', 'package-lock.json'];

/** A folder's own time tells of files that are gone. */
function newest(path: string): number {
	const { mtimeMs } = statSync(path);
	const inside = statSync(path).isDirectory() ? readdirSync(path) : [];
	return Math.max(mtimeMs, ...inside.map((name) => newest(join(path, name))));
}

const isStale = () =>
	!existsSync(COMPILED) ||
	statSync(COMPILED).mtimeMs < Math.max(...SOURCES.map((path) => newest(join(repository, path))));

/** Builds the package where dist/ is older than its sources. @throws Error where that fails */
export default function buildWhereStale(): void {
	if (!isStale()) return;
	console.error('dist/ is older than its sources: building');
	const gulp = join(repository, 'node_modules/gulp/bin/gulp.js');
	const options = { cwd: repository, stdio: 'inherit' } as const;
	const { status } = spawnSync(process.execPath, [gulp, '--silent'], options);
	if (status !== 0 || isStale()) throw new Error('The build failed');
}
