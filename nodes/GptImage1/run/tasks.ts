import type { IContextObject, IDataObject } from 'n8n-workflow';
import { unconfirmedBefore } from '../errors/calls';
import { TaskError } from '../errors/taskError';
import type { CreatedTask } from '../service/types';
import type { Clock } from '../timing/clock';
import { cancelOnStop } from './cancelOnStop';
import { Ledger, ledgerKey } from './ledger';
import { Task, taskId } from './task';
import type { TaskItem, TaskRun } from './task';
import { nextLife } from './taskState';
import type { TaskEvent, TaskLife } from './taskState';

type SendCreate = (onSend: () => void) => Promise<CreatedTask>;

/**
 * The only owner of the tasks of a node in one execution, all its runs and tries. It keeps the ledger in
 * step, lets a later try join a create that is still under way, and cancels on Stop whatever is open.
 */
export class Tasks {
	private readonly tasks = new Map<string, Task>();
	private readonly ledger: Ledger;

	constructor(
		context: IContextObject,
		private readonly clock: Clock,
	) {
		this.ledger = new Ledger(context);
	}

	/**
	 * The task that an earlier try has made for this item. From here on it is the item's: Stop cancels
	 * it and an error names it, also while the item still waits for its turn.
	 */
	recall(item: TaskItem, body: IDataObject): Task | undefined {
		const key = ledgerKey(item.run.index, item.index, body);
		const task = this.tasks.get(taskId(item, key)) ?? this.restore(key, item);
		if (task === undefined) return undefined;
		task.resumed ||= task.item !== item;
		task.item = item;
		item.task = task;
		return this.add(task);
	}

	private restore(key: string, item: TaskItem): Task | undefined {
		const entry = this.ledger.get(key);
		if (entry === undefined) return undefined;
		if ('id' in entry) {
			const is = entry.succeeded ? 'succeeded' : 'open';
			const life: TaskLife = { is, requestId: entry.id, fields: {} };
			const ageMs = Math.max(0, this.clock.date() - entry.createdAt);
			return new Task(key, item, life, this.clock.now() - ageMs, true);
		}
		// The person who pressed "Retry execution" has read that a task may exist, unless n8n saved the
		// execution while the create was under way: then this is the first to say so.
		if ('unconfirmed' in entry && entry.unconfirmed !== item.executionId) return undefined;
		this.ledger.set(key, { unconfirmed: item.executionId });
		return new Task(key, item, { is: 'unconfirmed' }, this.clock.now(), true);
	}

	/** A task whose request ID the user gave, while the item waits for it. */
	track(item: TaskItem, requestId: string): Task {
		const life: TaskLife = { is: 'open', requestId, fields: {} };
		item.task = this.add(new Task(undefined, item, life, this.clock.now(), false));
		return item.task;
	}

	/** An earlier try's task, or a new one; joins a create under way. `send` calls back before it sends. */
	async obtain(item: TaskItem, body: IDataObject, send: SendCreate): Promise<Task> {
		for (;;) {
			const task = this.recall(item, body);
			if (task === undefined) return await this.create(item, body, send);
			if (task.life.is === 'unconfirmed') throw task.life.error ?? unconfirmedBefore();
			if (task.life.is !== 'creating') return task;
			await task.settled;
		}
	}

	private async create(item: TaskItem, body: IDataObject, send: SendCreate): Promise<Task> {
		const key = ledgerKey(item.run.index, item.index, body);
		const task = new Task(key, item, { is: 'creating' }, this.clock.now(), false);
		const creating = send(() => this.ledger.set(key, { creating: item.executionId })).then(
			(created) => this.step(task, { is: 'created', ...created }),
			(error: unknown) => {
				const unclear = error instanceof TaskError && error.details.possiblyCreated;
				this.step(task, unclear ? { is: 'unclear', error } : { is: 'notCreated' });
				const { stop, progress } = task.item;
				if (unclear && stop.aborted) progress.log('warn', `stopped: ${error.message}`, {});
				throw error;
			},
		);
		task.settled = creating.catch(() => {});
		item.task = this.add(task);
		await creating;
		return task;
	}

	/** Every change of a task goes through here. @throws Error where the step cannot be */
	step(task: Task, event: TaskEvent): void {
		const { key, item } = task;
		const life = (task.life = nextLife(task.life, event));
		if (life.is === 'open') {
			task.createdAt = this.clock.now();
			item.progress.report('info', life.requestId, 'created');
		} else task.unwatch();
		if (life.is === 'discarded') this.tasks.delete(task.id);
		// After Stop it is not reported; the next execution reports it, like a create under way.
		if (key === undefined || (life.is === 'unconfirmed' && item.stop.aborted)) return;
		const createdAt = this.clock.date() - (this.clock.now() - task.createdAt);
		this.ledger.keepInStep(key, life, createdAt, item.executionId);
	}

	private add(task: Task): Task {
		// A request ID that an earlier try has waited for.
		this.tasks.get(task.id)?.unwatch();
		this.tasks.set(task.id, task);
		if (task.life.is === 'creating' || task.life.is === 'open') {
			task.unwatch = task.item.stop.onAbort(() => {
				if (task.item.run.isRecorded) return;
				// At once: the cancel may have to wait for its turn longer than the item does.
				if (task.life.is === 'open') void task.item.prepare();
				task.settled = task.settled.then(async () => {
					if (task.life.is === 'open') {
						await cancelOnStop(task, (is) => this.step(task, { is }));
					}
				});
			});
		}
		return task;
	}

	/** The task has ended, whether well is not known yet: there is nothing to cancel. */
	leaveOnStop(task: Task): void {
		task.unwatch();
	}

	/** A run's tasks, less one item's: for the error that ends the run. */
	ofOthers(run: TaskRun, itemIndex: number): Task[] {
		const tasks = [...this.tasks.values()];
		return tasks.filter(({ item }) => item.run === run && item.index !== itemIndex);
	}

	/** A run has handed its items on: Stop leaves its tasks alone, and the ledger alone keeps them. */
	handOver(run: TaskRun): void {
		for (const [id, task] of this.tasks) {
			if (task.item.run !== run || task.life.is === 'creating') continue;
			task.unwatch();
			this.tasks.delete(id);
		}
	}
}
