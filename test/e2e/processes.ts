import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import buildWhereStale from '../build';
import type { Client } from '../n8n/client';
import { startN8n, startN8nProcess } from '../n8n/instance';
import type { N8nProcess, ProcessOptions } from '../n8n/instance';
import { pack } from '../n8n/packed';
import { freePort } from '../n8n/port';
import { startStores } from './queue/stores';

/** Regular: one process, SQLite, images on the disk. Queue: workers, Redis, PostgreSQL. */
export type Mode = 'regular' | 'queue';

// Not to the console, to which Jest adds a stack.
const say = (line: string) => void process.stderr.write(`${line}\n`);

const WORKERS = { regular: 0, queue: 2 };

/** Named by the order of their start: A, B, … */
export type Worker = N8nProcess & { name: string };

/** The processes of an n8n; they can be killed, and started again on the data that they have left. */
export class Processes {
	/** In the order of their start, those that have ended included. */
	readonly workers: Worker[] = [];
	/** Every process that was started. */
	private readonly all: N8nProcess[] = [];
	private readonly running = new Set<N8nProcess>();
	private readonly stops: Array<() => Promise<void>> = [];
	/** What all processes share. */
	private shared: ProcessOptions = {};
	/** What the main process keeps when it is started again. */
	private kept: ProcessOptions = {};
	private main!: N8nProcess;

	constructor(readonly mode: Mode) {}

	/** Starts all of them. Returns a client that keeps working after a restart. */
	async start(): Promise<Client> {
		buildWhereStale();
		const { tarball, remove } = await pack({ say });
		this.stops.push(remove);
		this.shared = { tarball, env: this.mode === 'queue' ? await startStores(this.stops) : {} };
		const userFolder = await mkdtemp(join(tmpdir(), 'own-n8n-'));
		const options = { recursive: true, force: true, maxRetries: 5 };
		this.stops.push(async () => await rm(userFolder, options));
		this.kept = { userFolder, port: await freePort() };
		// The main process first: it makes the tables.
		const main = await startN8n({ ...this.shared, ...this.kept, say });
		this.main = this.watched(main);
		await this.restart();
		return main.client;
	}

	async startWorker(): Promise<Worker> {
		const name = String.fromCharCode('A'.charCodeAt(0) + this.workers.length);
		say(`Starting worker ${name} …`);
		const worker = { ...(await startN8nProcess('worker', this.shared)), name };
		this.workers.push(worker);
		return this.watched(worker);
	}

	private watched<Started extends N8nProcess>(started: Started): Started {
		this.all.push(started);
		this.running.add(started);
		void started.ended.then(() => this.running.delete(started));
		this.stops.push(started.stop);
		return started;
	}

	/** All that every process has printed. */
	log(): string {
		return this.all.map(({ log }) => log()).join('\n');
	}

	get pids(): number[] {
		return this.all.map(({ pid }) => pid);
	}

	/**
	 * Ends processes as the kernel ends one that is out of memory (SIGKILL): in regular mode n8n, in
	 * queue mode the worker that runs this execution, all workers, or them and the main process.
	 */
	async kill(victim: { executionId: string } | 'workers' | 'everything'): Promise<void> {
		const victims = [...this.running].filter((one) => {
			if (this.mode === 'regular' || victim === 'everything') return true;
			if (one === this.main) return false;
			return victim === 'workers' || ran(one, 'started', victim.executionId);
		});
		if (victims.length === 0) throw new Error(`Nothing to kill for ${JSON.stringify(victim)}.`);
		for (const { pid } of victims) process.kill(pid, 'SIGKILL');
		for (const { ended } of victims) await ended;
	}

	/** Starts what was killed. */
	async restart(): Promise<void> {
		const { main, running, workers } = this;
		if (!running.has(main)) {
			const options = { ...this.shared, ...this.kept, tarball: false as const };
			this.main = this.watched(await startN8nProcess('start', options));
		}
		const missing = WORKERS[this.mode] - workers.filter((worker) => running.has(worker)).length;
		for (let one = 0; one < missing; one++) await this.startWorker();
	}

	/** Ends whatever was started, the stores last: who uses them has ended by then. */
	async stop(): Promise<void> {
		for (const stop of this.stops.splice(0).reverse()) await stop();
	}
}

/** Whether a worker's log says so of this execution. */
export const ran = ({ log }: N8nProcess, what: 'started' | 'finished', executionId: string) =>
	log().includes(`Worker ${what} execution ${executionId} (`);

/** The tasks that a log tells of, in the words that people will look for. */
export const createdInLog = (log: string): Array<{ id: string; execution: string }> =>
	[...log.matchAll(/task created \(task (\S+), execution (\d+), item \d+\)/g)].map(
		([, id, execution]) => ({ id: id!, execution: execution! }),
	);
