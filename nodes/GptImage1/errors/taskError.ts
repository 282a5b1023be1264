import type { TaskState } from '../service/types';

export type TaskErrorDetails = {
	message: string;
	description?: string | undefined;
	requestId?: string | undefined;
	state?: TaskState | undefined;
	errorType?: string | undefined;
	httpCode?: number | undefined;
	/** Where an image lies that could not be downloaded. */
	url?: string | undefined;
	/** The task has ended without an image: a retry has to create a new one. */
	taskEnded?: boolean;
	/** A task may exist whose request ID is unknown: it must not be created again unasked. */
	possiblyCreated?: boolean;
	/** The rate limiter holds calls back for longer than this one may wait. */
	rateLimited?: boolean;
};

/** What went wrong, worded for the user; `run/` turns it into n8n's error or into a failed item. */
export class TaskError extends Error {
	constructor(readonly details: TaskErrorDetails) {
		super(details.message);
		this.name = 'TaskError';
	}
}
