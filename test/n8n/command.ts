import { once } from 'node:events';
import { basename } from 'node:path';
import { spawnGroup, stopGroup } from './processGroup';

export type Say = (line: string) => void;

/** To the person at the terminal; what a command is asked for goes to stdout. */
export const say: Say = (line) => console.error(line);

/** Aborts at the first Ctrl-C or request to end; a second one ends everything at once. */
export function stopSignal(): AbortSignal {
	const stopping = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(name, () => {
			if (stopping.signal.aborted) process.exit(130);
			say('\nStopping …');
			stopping.abort();
		});
	return stopping.signal;
}

/** Who gets what is being done, line by line, and what breaks it off. */
export type Quietly = { say?: Say; signal?: AbortSignal };

interface Step extends Quietly {
	/** What is being done: `Installing n8n`. */
	doing: string;
	cwd: string;
}

const LINES_OF_A_FAILURE = 40;

/** Runs npm: the one that runs this process where there is one, else the one on the path. */
export async function npm(args: string[], step: Step): Promise<string> {
	const running = process.env.npm_execpath;
	if (running && basename(running) === 'npm-cli.js')
		return await runCommand(process.execPath, [running, ...args], step);
	// On Windows npm is a batch file, which only a shell starts.
	if (process.platform === 'win32')
		return await runCommand('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], step);
	return await runCommand('npm', args, step);
}

/**
 * Runs a command to its end and returns what it printed to stdout. Says what it does, and shows the
 * command's own words only when it fails.
 */
async function runCommand(command: string, args: string[], step: Step): Promise<string> {
	const { doing, cwd, signal } = step;
	signal?.throwIfAborted();
	step.say?.(`${doing} …`);
	const stdio = ['ignore' as const, 'pipe' as const, 'pipe' as const];
	const child = spawnGroup(command, args, { cwd, env: npmEnvironment(), stdio });
	let stdout = '';
	let output = '';
	child.stdout?.on('data', (chunk) => {
		stdout += chunk;
		output += chunk;
	});
	child.stderr?.on('data', (chunk) => (output += chunk));
	const abort = () => void stopGroup(child, 2000);
	signal?.addEventListener('abort', abort);
	try {
		const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
		signal?.throwIfAborted();
		if (code !== 0) {
			const last = output.trimEnd().split('\n').slice(-LINES_OF_A_FAILURE).join('\n');
			throw new Error(`${doing} failed (exit code ${code ?? killedBy}). Output:\n${last}`);
		}
	} finally {
		signal?.removeEventListener('abort', abort);
	}
	return stdout;
}

/**
 * The environment without what an outer `npm run` says about its own package: an inner npm
 * would take that package for the one that it works on. The user's own npm settings stay.
 */
function npmEnvironment(): NodeJS.ProcessEnv {
	const own = /^(npm_(lifecycle|package)_|npm_config_(local_prefix|prefix|global)$|INIT_CWD$)/i;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
