import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../n8n/client';
import { startN8n, startN8nProcess } from '../../n8n/instance';
import type { N8nProcess } from '../../n8n/instance';
import { freePort } from '../../n8n/port';

/** An n8n whose processes can be killed and started again on the data that they have left. */
export interface System {
	mode: 'regular' | 'queue';
	/** Signed in; keeps working after a restart. */
	client: Client;
	/** All that every process has printed, those that were killed included. */
	log(): string;
	/**
	 * SIGKILL, in regular mode to n8n; in queue mode to the worker that runs this execution, to both
	 * workers, or to them and the main process.
	 */
	kill(victim: { executionId: string } | 'workers' | 'everything'): Promise<void>;
	/** Starts what was killed. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

export interface SystemOptions {
	/** This package, as `npm pack` made it. */
	tarball: string;
	say: (line: string) => void;
	signal: AbortSignal;
}

/** Ends a process as the kernel ends one that is out of memory. */
export async function killProcess({ pid, ended }: N8nProcess): Promise<void> {
	process.kill(pid, 'SIGKILL');
	await ended;
}

/** n8n in regular mode: one process, SQLite, images on the disk. */
export async function startRegular({ tarball, say, signal }: SystemOptions): Promise<System> {
	const userFolder = await mkdtemp(join(tmpdir(), 'durable-'));
	const port = await freePort();
	const place = { userFolder, port, say, signal };
	const remove = async () => await rm(userFolder, { recursive: true, force: true, maxRetries: 5 });
	try {
		const first = await startN8n({ ...place, tarball });
		let current: N8nProcess = first;
		let before = '';
		return {
			mode: 'regular',
			client: first.client,
			log: () => before + current.log(),
			kill: async () => await killProcess(current),
			async restart() {
				before += current.log();
				current = await startN8nProcess('start', { ...place, say: undefined, tarball: false });
			},
			async stop() {
				await current.stop();
				await remove();
			},
		};
	} catch (error) {
		await remove();
		throw error;
	}
}
