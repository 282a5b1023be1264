import { randomBytes } from 'node:crypto';
import { startN8n, startN8nProcess } from '../../n8n/instance';
import type { N8nProcess } from '../../n8n/instance';
import { freePort } from '../../n8n/port';
import { findPrograms } from '../queue/programs';
import { startStores } from '../queue/stores';
import { killProcess } from './system';
import type { System, SystemOptions } from './system';

/** What a test of ours would otherwise set; here n8n's own defaults are wanted. */
const AS_N8N_DECIDES = {
	N8N_DEFAULT_BINARY_DATA_MODE: undefined,
	N8N_GRACEFUL_SHUTDOWN_TIMEOUT: undefined,
};

/** n8n in queue mode: PostgreSQL, Redis, a main process and two workers. */
export async function startQueue({ tarball, say, signal }: SystemOptions): Promise<System> {
	const stops: Array<() => Promise<void>> = [];
	const stop = async () => {
		// The stores last: whatever uses them has ended by then.
		for (const end of stops.splice(0).reverse()) await end();
	};
	try {
		say('Starting PostgreSQL and Redis …');
		const stores = await startStores(findPrograms());
		stops.push(stores.stop);
		const env = {
			...stores.settings,
			...AS_N8N_DECIDES,
			N8N_ENCRYPTION_KEY: randomBytes(16).toString('hex'),
		};
		const logs: Array<() => string> = [];
		const watched = <Started extends N8nProcess>(started: Started) => {
			logs.push(started.log);
			stops.push(started.stop);
			return started;
		};
		const options = { env, tarball, signal };
		const port = await freePort();
		// The main process first: it makes the tables.
		const first = watched(await startN8n({ ...options, port, say }));
		let main: N8nProcess | undefined = first;
		const startWorker = async () => watched(await startN8nProcess('worker', options));
		say('Starting two workers …');
		let workers: N8nProcess[] = await Promise.all([startWorker(), startWorker()]);
		return {
			mode: 'queue',
			client: first.client,
			log: () => logs.map((log) => log()).join('\n'),
			async kill(victim) {
				const runs = (worker: N8nProcess) =>
					typeof victim === 'string' ||
					worker.log().includes(`Worker started execution ${victim.executionId} (`);
				const killed = workers.filter(runs);
				if (killed.length === 0) throw new Error(`No worker runs ${JSON.stringify(victim)}.`);
				await Promise.all(killed.map(killProcess));
				workers = workers.filter((worker) => !killed.includes(worker));
				if (victim === 'everything' && main) {
					await killProcess(main);
					main = undefined;
				}
			},
			async restart() {
				main ??= watched(await startN8nProcess('start', { ...options, port }));
				while (workers.length < 2) workers = [...workers, await startWorker()];
			},
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
