import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Say } from './command';
import { n8nEnvironment } from './environment';
import type { InstalledN8n } from './install';
import { freePort } from './port';
import { spawnGroup, stopGroup } from './processGroup';

export type N8nCommand = 'start' | 'worker';

export interface Launch extends InstalledN8n {
	command: N8nCommand;
	userFolder: string;
	port?: number;
	env: Record<string, string | undefined>;
	say?: Say;
	signal?: AbortSignal;
}

export interface Launched {
	url: string;
	port: number;
	pid: number;
	/** All that n8n has printed so far. */
	log(): string;
	/** Settles when the process has ended, whoever ended it. */
	ended: Promise<void>;
	/** Ends n8n and what it started. May be called again. */
	stop(): Promise<void>;
}

const START_TIMEOUT_MS = 180_000;
const ATTEMPTS = 3;

/**
 * Starts a process of n8n and returns when it is ready. A port that was free when it was chosen
 * can be taken by the time that n8n listens on it: then another one is tried.
 */
export async function launch(request: Launch): Promise<Launched> {
	request.say?.('Starting n8n (usually 10 to 20 seconds) …');
	for (let attempt = 1; ; attempt++) {
		const port = request.port ?? (await freePort());
		const launched = spawnN8n(request, port, await freePort());
		try {
			await waitUntilReady(launched, request);
			return launched;
		} catch (error) {
			await launched.stop();
			const taken = !request.port && /port \d+ is already in use/i.test(launched.log());
			if (!taken || attempt === ATTEMPTS) throw error;
		}
	}
}

function spawnN8n(request: Launch, port: number, brokerPort: number): Launched {
	const { version, nodeBinary, n8nScript, command, userFolder, env, signal } = request;
	signal?.throwIfAborted();
	const child = spawnGroup(
		nodeBinary,
		['--require', join(__dirname, 'endWithParent.cjs'), n8nScript, command],
		{
			cwd: userFolder,
			env: n8nEnvironment({ version, userFolder, port, brokerPort }, env),
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		},
	);
	let printed = '';
	child.stdout?.on('data', (chunk) => (printed += chunk));
	child.stderr?.on('data', (chunk) => (printed += chunk));
	const ended = new Promise<void>((resolve) => {
		child.once('close', () => resolve());
		child.once('error', (error) => {
			printed += `${error.message}\n`;
			resolve();
		});
	});
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		pid: child.pid ?? 0,
		log: () => printed,
		ended,
		stop: async () => await stopGroup(child),
	};
}

/**
 * n8n answers /healthz before its database and its nodes are loaded; only when /rest/login asks
 * for a sign-in (401) is a main process ready. The others have a readiness of their own.
 */
async function waitUntilReady(
	n8n: Launched,
	{ command, say, signal }: Pick<Launch, 'command' | 'say' | 'signal'>,
): Promise<void> {
	const [path, ready] = command === 'start' ? ['/rest/login', 401] : ['/healthz/readiness', 200];
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	let ended = false;
	void n8n.ended.then(() => (ended = true));
	for (let poll = 1; ; poll++) {
		signal?.throwIfAborted();
		const status = await fetch(`${n8n.url}${path}`).then(
			(response) => response.status,
			() => undefined,
		);
		if (ended) throw new Error(`n8n exited during startup. Output:\n${tail(n8n.log())}`);
		if (status === ready) return;
		if (Date.now() - started > START_TIMEOUT_MS)
			throw new Error(`n8n did not start within ${seconds()} s. Output:\n${tail(n8n.log())}`);
		if (poll % 50 === 0) say?.(`  … n8n is still starting (${seconds()} s)`);
		await sleep(300, undefined, { signal });
	}
}

const tail = (text: string) => text.trimEnd().split('\n').slice(-40).join('\n');
