import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, newSignIn } from './client';
import type { SignIn } from './client';
import type { Quietly } from './command';
import { n8nEnvironment } from './environment';
import { installN8n } from './install';
import type { InstalledN8n, N8nVersion } from './install';
import { installOurs, installPacked } from './packed';
import { freePort } from './port';
import { spawnGroup, stopGroup } from './processGroup';

/** The signal ends the start, half-started processes included. */
export interface ProcessOptions extends Quietly {
	/** Which n8n; the newest when not given. */
	version?: N8nVersion;
	/** Kept when given; otherwise a temporary one, removed by `stop()`. */
	userFolder?: string;
	/** Any free one when not given. */
	port?: number;
	/** Overrides of n8n's settings; `undefined` removes one. */
	env?: Record<string, string | undefined>;
	/** A tarball to install in place of this repository's package, or false for none. */
	tarball?: string | false;
}

export interface N8nProcess {
	url: string;
	pid: number;
	/** All that n8n has printed so far. */
	log(): string;
	/** Settles when the process has ended, whoever ended it. */
	ended: Promise<void>;
	/** Ends n8n and what it started. May be called again. */
	stop(): Promise<void>;
}

export interface N8n extends N8nProcess {
	/** Signed in as the owner. */
	client: Client;
	signIn: SignIn;
}

type Command = 'start' | 'worker';

const START_TIMEOUT_MS = 180_000;
const ATTEMPTS = 3;

/** A whole n8n with this package installed, the owner's account made, and a client signed in. */
export async function startN8n({
	signIn = newSignIn(),
	...options
}: ProcessOptions & { signIn?: SignIn } = {}): Promise<N8n> {
	const n8n = await startN8nProcess('start', options);
	try {
		const client = new Client(n8n.url);
		await client.signIn(signIn);
		return { ...n8n, client, signIn };
	} catch (error) {
		await n8n.stop();
		throw error;
	}
}

/**
 * One process of n8n with this package installed, but without an account: for queue mode, where
 * workers stand beside the main process. Give all of them one N8N_ENCRYPTION_KEY.
 */
export async function startN8nProcess(
	command: Command,
	options: ProcessOptions = {},
): Promise<N8nProcess> {
	const { version, userFolder: kept, tarball, say, signal } = options;
	const quietly = { say, signal };
	const installed = await installN8n({ version, ...quietly });
	const userFolder = kept ?? (await mkdtemp(join(tmpdir(), 'n8n-')));
	const removeTemporary = async () => {
		if (!kept) await rm(userFolder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		await mkdir(userFolder, { recursive: true });
		if (typeof tarball === 'string') await installPacked(userFolder, tarball, quietly);
		else if (tarball !== false) await installOurs(userFolder, quietly);
		const launched = await launch(installed, command, { ...options, userFolder });
		const stop = async () => {
			await launched.stop();
			await removeTemporary();
		};
		return { ...launched, stop };
	} catch (error) {
		await removeTemporary();
		throw error;
	}
}

type Launch = ProcessOptions & { userFolder: string };

/**
 * Starts a process of n8n and returns when it is ready. A port that was free when it was chosen
 * can be taken by the time that n8n listens on it: then another one is tried.
 */
async function launch(n8n: InstalledN8n, command: Command, options: Launch): Promise<N8nProcess> {
	options.say?.('Starting n8n (usually 10 to 20 seconds) …');
	for (let attempt = 1; ; attempt++) {
		const port = options.port ?? (await freePort());
		const launched = spawnN8n(n8n, command, { ...options, port }, await freePort());
		try {
			await untilReady(launched, command, options.signal);
			return launched;
		} catch (error) {
			await launched.stop();
			const taken = !options.port && /port \d+ is already in use/i.test(launched.log());
			if (!taken || attempt === ATTEMPTS) throw error;
		}
	}
}

function spawnN8n(
	{ version, nodeBinary, n8nScript }: InstalledN8n,
	command: Command,
	{ userFolder, port, env = {}, signal }: Launch & { port: number },
	brokerPort: number,
): N8nProcess {
	signal?.throwIfAborted();
	const args = ['--require', join(__dirname, 'endWithParent.cjs'), n8nScript, command];
	const child = spawnGroup(nodeBinary, args, {
		cwd: userFolder,
		env: n8nEnvironment(version, { userFolder, port, brokerPort }, env),
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
	});
	let printed = '';
	for (const stream of [child.stdout, child.stderr])
		stream?.on('data', (chunk) => (printed += chunk));
	const ended = new Promise<void>((resolve) => {
		child.once('close', () => resolve());
		child.once('error', (error) => {
			printed += `${error.message}\n`;
			resolve();
		});
	});
	const url = `http://127.0.0.1:${port}`;
	const stop = async () => await stopGroup(child);
	return { url, pid: child.pid ?? 0, log: () => printed, ended, stop };
}

/**
 * n8n answers /healthz before its database and its nodes are loaded; only when /rest/login asks
 * for a sign-in (401) is a main process ready. The others have a readiness of their own.
 */
async function untilReady(n8n: N8nProcess, command: Command, signal?: AbortSignal): Promise<void> {
	const [path, ready] = command === 'start' ? ['/rest/login', 401] : ['/healthz/readiness', 200];
	const deadline = Date.now() + START_TIMEOUT_MS;
	let ended = false;
	void n8n.ended.then(() => (ended = true));
	for (;;) {
		signal?.throwIfAborted();
		const status = await fetch(`${n8n.url}${path}`).then(
			(response) => response.status,
			() => undefined,
		);
		if (status === ready && !ended) return;
		if (ended || Date.now() > deadline) {
			const what = ended ? 'exited during startup' : `did not start in ${START_TIMEOUT_MS} ms`;
			const last = n8n.log().trimEnd().split('\n').slice(-40).join('\n');
			throw new Error(`n8n ${what}. Output:\n${last}`);
		}
		await sleep(300, undefined, { signal });
	}
}
