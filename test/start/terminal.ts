import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What it knows of the service, the real one's key aside; and a promise at whose end Ctrl-C is pressed. */
type Options = { environment?: Record<string, string>; interrupted?: Promise<unknown> };

/** Runs `npm start` or `npm run n8n` in an empty folder, where it also keeps its temporary files. */
export async function runIn(
	cwd: string,
	command: 'start' | 'n8n',
	args: string[],
	options: Options,
) {
	const { SEAART_API_KEY: _, SEAART_BASE_URL: __, ...surroundings } = process.env;
	const temporary = { TMPDIR: cwd, TEMP: cwd, TMP: cwd };
	const script = join(__dirname, '..', command, 'main.mjs');
	const child = spawn(process.execPath, [script, ...args], {
		cwd,
		// Within Jest the engine would expect Jest's own module loader.
		env: { ...surroundings, JEST_WORKER_ID: undefined, ...options.environment, ...temporary },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	void options.interrupted?.then(() => child.kill('SIGINT'));
	let [stdout, stderr] = ['', ''];
	child.stdout.on('data', (chunk) => (stdout += chunk));
	child.stderr.on('data', (chunk) => (stderr += chunk));
	const [code] = await once(child, 'close');
	// npm and tsx keep caches of their own there.
	const isCache = (name: string) => /^(tsx-|node-compile-cache)/.test(name);
	const files = (await readdir(cwd)).filter((name) => !isCache(name));
	return { code, stdout, stderr, files };
}
