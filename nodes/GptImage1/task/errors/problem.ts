import type { TaskState } from '../contract';

export type ProblemDetails = {
	message: string;
	description?: string | undefined;
	requestId?: string | undefined;
	state?: TaskState | undefined;
	errorType?: string | undefined;
	httpCode?: number | undefined;
	/** The address of an image that could not be fetched. */
	url?: string | undefined;
	/** True for a parameter that was refused here, before anything was sent. */
	badParameter?: boolean;
	/** True where the task is known to have ended without an image: a retry has to make a new one. */
	taskIsLost?: boolean;
	/** True where a task may exist that nobody knows the id of: it must not be created again. */
	mayExist?: boolean;
};

/** What went wrong, worded for the user; the run room turns it into n8n's error or into a row. */
export class Problem extends Error {
	constructor(readonly details: ProblemDetails) {
		super(details.message);
		this.name = 'Problem';
	}
}

/** What every wait rejects with once n8n has been told to stop, or once the run has failed. */
export class Ended extends Error {}

/** n8n shows an execution as canceled when an error says so, in this spelling (engine fact 11). */
export const STOPPED = 'The execution was canceled';
