import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../harness/n8n';
import type { Broken, Batch, BatchResult } from './worker';

/** As many processes as are asked for, each with one batch of seeds at a time. */
export class Workers {
	private readonly processes: ChildProcess[];

	private readonly free: ChildProcess[];

	private readonly waiting: Array<(worker: ChildProcess) => void> = [];

	constructor(count: number) {
		this.processes = Array.from({ length: count }, () =>
			fork(join(__dirname, 'worker.ts'), [], {
				cwd: repository,
				execArgv: ['--import', 'tsx', '--no-warnings'],
			}),
		);
		this.free = [...this.processes];
	}

	/** Rejects where the process dies over it. */
	async run(batch: Batch): Promise<BatchResult> {
		const worker =
			this.free.pop() ??
			(await new Promise<ChildProcess>((take) => {
				this.waiting.push(take);
			}));
		const living = new Promise<BatchResult>((resolve, reject) => {
			const died = () => reject(new Error(`A worker died over the seeds ${batch.seeds.join(' ')}`));
			worker.once('exit', died);
			worker.once('message', (message: BatchResult | Broken) => {
				worker.off('exit', died);
				if ('broken' in message) reject(new Error(message.broken));
				else resolve(message);
			});
			worker.send(batch);
		});
		return await living.finally(() => {
			const next = this.waiting.shift();
			if (next) next(worker);
			else this.free.push(worker);
		});
	}

	end(): void {
		for (const worker of this.processes) worker.kill();
	}
}

/** Seeds in batches, small enough to share out evenly. */
export function batches(from: number, count: number, size = 20): number[][] {
	return Array.from({ length: Math.ceil(count / size) }, (_, index) =>
		Array.from(
			{ length: Math.min(size, count - index * size) },
			(__, offset) => from + index * size + offset,
		),
	);
}
