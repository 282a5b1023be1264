import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repository } from '../harness/n8n';
import type { Batch, BatchResult } from './worker';

const OPTIONS = { cwd: repository, execArgv: ['--import', 'tsx', '--no-warnings'] };

/** Simulates each batch in one of so many processes. @throws Error where a process dies over one */
export async function simulateAll(batches: Batch[], workers: number): Promise<BatchResult[]> {
	const results: BatchResult[] = [];
	const waiting = [...batches.entries()];
	const work = async () => {
		const child = fork(join(__dirname, 'worker.ts'), [], OPTIONS);
		const died = once(child, 'exit');
		for (let next; (next = waiting.shift());) {
			const [index, batch] = next;
			child.send(batch);
			const [result] = (await Promise.race([once(child, 'message'), died])) as [BatchResult];
			if ((child.exitCode ?? child.signalCode) !== null) {
				waiting.length = 0;
				throw new Error(`A worker died over the seeds ${batch.seeds.join(' ')}`);
			}
			results[index] = result;
		}
		child.kill();
	};
	await Promise.all(Array.from({ length: Math.min(workers, batches.length) }, work));
	return results;
}

/** So many seeds are shared out at a time. */
const BATCH = 20;

export function batchesOf(from: number, count: number): Batch[] {
	const seeds = Array.from({ length: count }, (_, index) => from + index);
	return Array.from({ length: Math.ceil(count / BATCH) }, () => ({
		seeds: seeds.splice(0, BATCH),
	}));
}
