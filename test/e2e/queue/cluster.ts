import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { npm } from '../../n8n/command';
import { startN8n, startN8nProcess } from '../../n8n/instance';
import type { N8n, N8nProcess } from '../../n8n/instance';
import { pack } from '../../n8n/packed';
import type { Programs } from './programs';
import { startStores } from './stores';

export interface Cluster {
	main: N8n;
	/** Started one by one; named by the order of their start: A, B, … */
	workers: Worker[];
	startWorker(): Promise<Worker>;
	stop(): Promise<void>;
}

export interface Worker extends N8nProcess {
	name: string;
}

const repository = resolve(__dirname, '..', '..', '..');

/** What a test of ours would otherwise set; here n8n's own defaults are wanted. */
const AS_N8N_DECIDES = {
	N8N_DEFAULT_BINARY_DATA_MODE: undefined,
	N8N_GRACEFUL_SHUTDOWN_TIMEOUT: undefined,
};

/** n8n in queue mode with this package in each process: one main, two workers. */
export async function startCluster(
	programs: Programs,
	{ say, signal }: { say: (line: string) => void; signal: AbortSignal },
): Promise<Cluster> {
	const stops: Array<() => Promise<void>> = [];
	const stop = async () => {
		// The stores last: whatever uses them has ended by then.
		for (const end of stops.splice(0).reverse()) await end();
	};
	try {
		await npm(['run', 'build', '--silent'], {
			doing: 'building the package',
			cwd: repository,
			say,
			signal,
		});
		const { tarball, remove } = await pack({ say, signal });
		stops.push(remove);
		say('Starting PostgreSQL and Redis …');
		const stores = await startStores(programs);
		stops.push(stores.stop);
		const env = {
			...stores.settings,
			...AS_N8N_DECIDES,
			N8N_ENCRYPTION_KEY: randomBytes(16).toString('hex'),
		};
		// The main process first: it makes the tables.
		const main = await startN8n({ env, tarball, say, signal });
		stops.push(main.stop);
		const workers: Worker[] = [];
		const startWorker = async () => {
			const name = String.fromCharCode('A'.charCodeAt(0) + workers.length);
			const worker: Worker = {
				...(await startN8nProcess('worker', { env, tarball, signal })),
				name,
			};
			stops.push(worker.stop);
			workers.push(worker);
			return worker;
		};
		say('Starting two workers …');
		await startWorker();
		await startWorker();
		return { main, workers, startWorker, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
