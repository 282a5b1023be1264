/**
 * `npm test`: installs what is missing, builds, and runs the unit, workflow and package tests.
 * What follows `--` goes to Jest: npm test -- --selectProjects unit
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..');

function run(...args) {
	const { status } = spawnSync(process.execPath, args, { cwd: repository, stdio: 'inherit' });
	if (status !== 0) process.exit(status ?? 1);
}

await installDependencies();
run('node_modules/gulp/bin/gulp.js', '--silent');

const chosen = process.argv.slice(2);
// A chosen part of the tests covers a part of the code, which says nothing.
const coverage = chosen.length === 0 ? ['--coverage'] : [];
run('node_modules/jest/bin/jest.js', ...coverage, ...chosen);
