import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repository } from '../harness/n8n';
import type { Batch, BatchResult } from './worker';

const OPTIONS = { cwd: repository, execArgv: ['--import', 'tsx', '--no-warnings'] };

/** Simulates each batch in one of so many processes. @throws Error where a process dies over one */
export async function simulateAll(
	batches: Batch[],
	workers: number,
	onResult: (result: BatchResult) => void = () => {},
): Promise<BatchResult[]> {
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
			onResult((results[index] = result));
		}
		child.kill();
	};
	await Promise.all(Array.from({ length: Math.min(workers, batches.length) }, work));
	return results;
}

/** Seeds in batches, small enough to share out evenly. */
export function batchesOf(from: number, count: number, size = 20): Batch[] {
	const seeds = Array.from({ length: count }, (_, index) => from + index);
	const starts = Array.from({ length: Math.ceil(count / size) }, (_, index) => index * size);
	return starts.map((start) => ({ seeds: seeds.slice(start, start + size) }));
}
