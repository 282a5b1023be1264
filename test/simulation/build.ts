import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../harness/n8n';

/** The compiled package that is simulated: it must not be older than its sources. */

const COMPILED = join(repository, 'dist/nodes/GptImage1/GptImage1.node.js');

const SOURCES = ['nodes', 'credentials', 'tsconfig.json'];

function newest(path: string): number {
	const { mtimeMs } = statSync(path);
	const inside = statSync(path).isDirectory() ? readdirSync(path) : [];
	return Math.max(mtimeMs, ...inside.map((name) => newest(join(path, name))));
}

const isStale = () =>
	!existsSync(COMPILED) ||
	statSync(COMPILED).mtimeMs < Math.max(...SOURCES.map((path) => newest(join(repository, path))));

/** @throws Error where dist/ is older than the sources: nothing is proven about those by running it */
export function requireFreshBuild(): void {
	if (isStale()) throw new Error('dist/ is older than nodes/ or credentials/: run "npm run build"');
}

export function buildWhereStale(): void {
	if (!isStale()) return;
	const gulp = join(repository, 'node_modules/gulp/bin/gulp.js');
	const { status } = spawnSync(process.execPath, [gulp, '--silent'], {
		cwd: repository,
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('The build failed');
	requireFreshBuild();
}
