import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

interface Circumstances {
	/** Of the service; the real one's key is never handed on. */
	environment?: Record<string, string>;
	/** When this resolves, Ctrl-C is pressed. */
	interrupted?: Promise<unknown>;
}

/** Runs `npm start` or `npm run n8n` in an empty folder, where it also keeps its temporary files. */
export async function runIn(
	cwd: string,
	command: 'start' | 'n8n',
	args: string[],
	{ environment = {}, interrupted }: Circumstances = {},
) {
	const { SEAART_API_KEY: _, SEAART_BASE_URL: __, ...surroundings } = process.env;
	const script = join(__dirname, '..', command, 'main.mjs');
	const child = spawn(process.execPath, [script, ...args], {
		cwd,
		env: {
			...surroundings,
			// Within Jest the engine would expect Jest's own module loader.
			JEST_WORKER_ID: undefined,
			...environment,
			...{ TMPDIR: cwd, TEMP: cwd, TMP: cwd },
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	void interrupted?.then(() => child.kill('SIGINT'));
	let stdout = '';
	let stderr = '';
	child.stdout.on('data', (chunk) => (stdout += chunk));
	child.stderr.on('data', (chunk) => (stderr += chunk));
	const code = await new Promise((done) => child.once('close', done));
	// npm and tsx keep caches of their own there.
	const isCache = (name: string) => /^(tsx-|node-compile-cache)/.test(name);
	const files = (await readdir(cwd)).filter((name) => !isCache(name));
	return { code, stdout, stderr, files };
}
