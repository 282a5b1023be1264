/** Commands that the scripts of package.json start, and packages that they install for themselves. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a command to its end; true if it succeeded. */
export function run(command, args, { cwd = repository, env = {} } = {}) {
	const { status } = spawnSync(command, args, {
		cwd,
		env: { ...process.env, ...env },
		stdio: 'inherit',
		// On Windows npm is a batch file, which only a shell can start.
		shell: command === 'npm' && process.platform === 'win32',
	});
	return status === 0;
}

/** Builds the package; true if it succeeded. */
export const build = () => run(process.execPath, ['node_modules/gulp/bin/gulp.js', '--silent']);

/** Installs what a folder's own lock file names, unless it is all there; true if it succeeded. */
export function installIn(folder, what) {
	// npm writes this file at the end of an installation: without it there is none, or half of one.
	if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return true;
	console.log(`Installing ${what} …`);
	const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	return run('npm', args, { cwd: folder });
}
