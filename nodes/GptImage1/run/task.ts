import type { IDataObject } from 'n8n-workflow';
import type { TaskClient } from '../service/client';
import type { AbortScope } from '../timing/abort';
import type { Progress } from './progress';
import type { TaskLife } from './taskState';

export type TaskRun = {
	readonly index: number;
	/** Whether n8n has the items that the run has put out. */
	readonly isRecorded: boolean;
};

/** What a task has to know of the item that it belongs to, in its latest try. */
export type TaskItem = {
	index: number;
	run: TaskRun;
	isTool: boolean;
	executionId: string;
	/** Aborted on Stop. */
	stop: AbortScope;
	cancelOnStop: boolean;
	client: TaskClient;
	progress: Progress;
	/** Reads what a cancel needs that cannot be read any more once the item has settled. */
	prepare: () => Promise<void>;
	/** Set by `Tasks`. */
	task?: Task | undefined;
};

/**
 * In one execution an item has one task, also where its expressions yield another body at the next try.
 * An agent's calls may share run and item: those are distinguished by their bodies.
 */
export const taskId = ({ isTool, run, index }: TaskItem, key: string | undefined) =>
	isTool && key !== undefined ? key : `${run.index}.${index}`;

/** One task and what has become of it; changed by `Tasks` alone. */
export class Task {
	/** Settles when nothing is under way: the create has been answered, the cancel has its outcome. */
	settled: Promise<void> = Promise.resolve();

	/** Takes the handler off that cancels the task on Stop. */
	unwatch = () => {};

	/** Where `Tasks` keeps it. */
	readonly id: string;

	constructor(
		/** Where the ledger keeps it; undefined for a request ID that the user gave. */
		readonly key: string | undefined,
		public item: TaskItem,
		public life: TaskLife,
		/** In ms on the clock that only runs forward. */
		public createdAt: number,
		/** Created by an earlier try; it may have ended long ago. */
		public resumed: boolean,
	) {
		this.id = taskId(item, key);
	}

	get requestId(): string {
		if ('requestId' in this.life) return this.life.requestId;
		throw new Error(`A task that is ${this.life.is} has no request ID`);
	}

	/** The service's fields of the task's create. */
	get fields(): IDataObject {
		return 'fields' in this.life ? this.life.fields : {};
	}

	/** Whether this execution has created it, and not the user by other means. */
	get created(): boolean {
		return this.key !== undefined;
	}

	get hasSucceeded(): boolean {
		return this.life.is === 'succeeded';
	}
}
