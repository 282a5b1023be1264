/**
 * `npm test`: installs what is missing, builds, and runs the unit, workflow and package tests.
 * What follows `--` goes to Jest: npm test -- --selectProjects unit
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..');

function run(command, args) {
	const { status } = spawnSync(command, args, {
		cwd: repository,
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	if (status !== 0) process.exit(status ?? 1);
}

// npm writes this file at the end of an installation: without it there is none, or half of one.
if (!existsSync(join(repository, 'node_modules', '.package-lock.json'))) {
	console.log('Installing the development dependencies (usually about a minute) …');
	run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
run(process.execPath, [join(repository, 'node_modules/gulp/bin/gulp.js'), '--silent']);

const chosen = process.argv.slice(2);
// A chosen part of the tests covers a part of the code, which says nothing.
const coverage = chosen.length === 0 ? ['--coverage'] : [];
run(process.execPath, [join(repository, 'node_modules/jest/bin/jest.js'), ...coverage, ...chosen]);
