/** Commands that the scripts of package.json start, and what those install first: this file needs nothing. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a command to its end; true if it succeeded. */
export function run(command, args, { cwd = repository, env = {}, stdio = 'inherit' } = {}) {
	const { status } = spawnSync(command, args, {
		cwd,
		env: { ...process.env, ...env },
		stdio,
		// On Windows npm is a batch file, which only a shell can start.
		shell: command === 'npm' && process.platform === 'win32',
	});
	return status === 0;
}

/** Builds the package; true if it succeeded. */
export const build = () => run(process.execPath, ['node_modules/gulp/bin/gulp.js', '--silent']);

/** npm writes the hidden lock file at the end: without it there is no installation, or half of one. */
function isInstalled(folder) {
	try {
		const [wanted, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map(
			(name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).packages,
		);
		return Object.entries(wanted).every(
			([path, { version, optional }]) =>
				path === '' || optional || installed[path]?.version === version,
		);
	} catch {
		return false;
	}
}

/** Installs what a folder's lock file names, unless it is all there; true if it succeeded. */
export function installIn(folder, what) {
	if (isInstalled(folder)) return true;
	console.error(`Installing ${what} …`);
	// No package here needs its script, and n8n-core's isolated-vm does not compile on Node 20.
	const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
	// Without a network npm would take minutes to say so; what it has cached may do.
	const network = ['--prefer-offline', '--fetch-retry-mintimeout=1000', '--fetch-retry-factor=2'];
	// stdout belongs to the command that needs the packages.
	return run('npm', [...args, ...network], { cwd: folder, stdio: ['ignore', 2, 2] });
}

/** What every command here needs first. Where it cannot be had, the process ends. */
export function installDependencies() {
	const isNew = Number(process.versions.node.split('.')[0]) >= 20;
	if (!isNew) console.error(`Node.js 20 or later is required (found ${process.versions.node}).`);
	if (!isNew || !installIn(repository, 'the dependencies (usually about a minute)'))
		process.exit(1);
}
