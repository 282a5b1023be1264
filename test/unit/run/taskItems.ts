import { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import type { TaskItem } from '../../../nodes/GptImage1/run/task';
import { Tasks } from '../../../nodes/GptImage1/run/tasks';
import type { CancelOutcome } from '../../../nodes/GptImage1/service/client';
import type { CreatedTask } from '../../../nodes/GptImage1/service/types';
import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { byHand, ManualClock, settled } from '../timing/manualClock';

export const BODY = { prompt: 'an apple' };
export const NEXT_RUN = { index: 1, isRecorded: false };

export const notCreated = () => new TaskError({ message: 'Refused' });
export const unclear = () => new TaskError({ message: 'Lost', possiblyCreated: true });

/** The tasks of an execution, with items, creates and cancels that a test answers by hand. */
export class Fixture {
	readonly clock = new ManualClock();
	/** What n8n knows of the run. */
	run = { index: 0, isRecorded: false };
	/** Aborted on Stop. */
	stop = new AbortScope();
	/** n8n's node context, which is saved with the execution. */
	context: { tasks?: Record<string, unknown> } = {};
	tasks = new Tasks(this.context, this.clock);
	readonly logs: string[] = [];
	/** The request IDs of the cancels that were sent, and how they are answered. */
	readonly cancels: string[] = [];
	cancel = async (): Promise<CancelOutcome> => ({ accepted: true, fields: {} });
	/** Reads an item's credential ahead of a cancel. */
	readonly prepare = jest.fn(async () => {});

	/** The next try in another execution, whose context was saved with the first one's. */
	restart(): void {
		this.stop = new AbortScope();
		this.context = JSON.parse(JSON.stringify(this.context)) as typeof this.context;
		this.tasks = new Tasks(this.context, this.clock);
	}

	item(change: Partial<TaskItem> = {}): TaskItem {
		const cancel = async ({ requestId }: { requestId: string }) => {
			this.cancels.push(requestId);
			return await this.cancel();
		};
		const log = (level: string, message: string, { requestId = '', reason = '' }) =>
			this.logs.push(`${level} ${message} ${requestId} ${reason}`.trim());
		const report = (_level: string, requestId: string, what: string) =>
			this.logs.push(`task ${what}, ${requestId}`);
		return {
			...{ index: 0, run: this.run, isTool: false, executionId: '17' },
			...{ stop: this.stop, cancelOnStop: true, prepare: this.prepare },
			client: { cancel } as unknown as TaskItem['client'],
			progress: { log, report } as unknown as TaskItem['progress'],
			...change,
		};
	}

	/** Obtains the task of an item, whose create is answered by hand. */
	obtain(change: Partial<TaskItem> = {}, body: object = BODY) {
		const item = this.item(change);
		const { promise, reject, resolve } = byHand<CreatedTask>();
		const send = jest.fn(async (onSend: () => void) => {
			onSend();
			return await promise;
		});
		const task = this.tasks.obtain(item, body as never, send);
		task.catch(() => {});
		const accept = (requestId = 'mmsu_1', fields = {}) => resolve({ requestId, fields });
		return { task, item, send, accept, reject };
	}

	/** A task that is open. */
	async open(requestId = 'mmsu_1', change: Partial<TaskItem> = {}) {
		const { task, accept } = this.obtain(change);
		accept(requestId);
		return await task;
	}

	/** Stop comes. @returns the request IDs of the cancels that are sent at once */
	async cancelledOnStop(): Promise<string[]> {
		this.stop.abort();
		await settled();
		return this.cancels;
	}

	/** Of the ledger. */
	get entries(): unknown[] {
		return Object.values(this.context.tasks ?? {});
	}
}
