// `npm start`: the whole of n8n with this package in it. This file runs in a fresh clone, where
// nothing is installed: it installs the development dependencies and hands over to ./main.ts.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

if (Number(process.versions.node.split('.')[0]) < 20) {
	console.error(`This needs Node 20 or later; here is ${process.versions.node}.`);
	process.exit(1);
}

// npm writes this file at the end of an installation: without it there is none, or half of one.
if (!existsSync(join(repository, 'node_modules', '.package-lock.json'))) {
	console.error('Installing the development dependencies (usually about a minute) …');
	const started = Date.now();
	const heartbeat = setInterval(() => {
		const seconds = Math.round((Date.now() - started) / 1000);
		console.error(`  … still installing the development dependencies (${seconds} s)`);
	}, 15_000);
	const code = await npmCi();
	clearInterval(heartbeat);
	if (code !== 0) {
		console.error(`npm ci failed (it ended with ${code}).`);
		process.exit(1);
	}
}

const { require: requireTypeScript } = await import('tsx/cjs/api');
requireTypeScript('./main.ts', import.meta.url);

function npmCi() {
	const script = process.env.npm_execpath;
	// No package here needs its script, and n8n-core's isolated-vm does not compile on Node 20.
	const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	const child = script?.endsWith('npm-cli.js')
		? spawn(process.execPath, [script, ...args], { cwd: repository, stdio: ['ignore', 2, 2] })
		: spawn('npm', args, { cwd: repository, stdio: ['ignore', 2, 2], shell: true });
	process.once('SIGTERM', () => {
		child.kill();
		process.exit(143);
	});
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (exitCode, signal) => resolve(exitCode ?? signal));
	});
}
