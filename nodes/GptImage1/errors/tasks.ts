import type { TaskFailure, TaskState, TaskStatus } from '../service/types';
import { couldNot, keepsTask, sentences, serviceSays } from './phrases';
import { TaskError } from './taskError';

/** What may become of a task that is known to exist. */

const CREATES_ANEW =
	"Select 'Retry execution' to create a new task for this item; finished tasks are not created again.";

/** What happened, and what to do next, by `error_type`. */
const BAD_ENDS: Record<string, [what: string, advice: string]> = {
	CONTENT_BLOCKED: [
		'was blocked by the safety policy',
		"SeaArt Cloud's safety policy rejected the prompt or the generated image. Change 'Prompt' and run again.",
	],
	REQUEST_INVALID: [
		'failed: the model did not accept the parameters',
		'Correct the parameter that it names and run again.',
	],
	INFERENCE_TIMEOUT: [
		'failed: the model took too long',
		`${CREATES_ANEW} If it takes too long again, ask for lower quality or fewer images.`,
	],
	INFERENCE_FAILURE: ['failed: the model could not generate the image', CREATES_ANEW],
	INTERNAL_SERVER_ERROR: ['failed: SeaArt Cloud had an error', CREATES_ANEW],
};

/** A task that has ended badly. */
export function taskFailed(requestId: string, state: TaskState, failure: TaskFailure): TaskError {
	const { errorType, message } = failure;
	const cancelled = state === 'cancelled';
	const [what, advice] = cancelled
		? ['was cancelled', CREATES_ANEW]
		: (BAD_ENDS[errorType ?? ''] ?? ['failed', CREATES_ANEW]);
	return new TaskError({
		message: `Task ${requestId} ${what}${errorType && !cancelled ? ` (${errorType})` : ''}`,
		description: sentences(advice, serviceSays(message)),
		requestId,
		state,
		errorType,
		taskEnded: true,
	});
}

/**
 * A task that had not ended in time.
 *
 * @param cancel what became of the cancel, where one was wanted: whether the service took it, or why not
 */
export function timedOut(
	requestId: string,
	seconds: number,
	last: TaskStatus | undefined,
	cancel?: 'cancelled' | TaskError,
): TaskError {
	const cancelled = cancel === 'cancelled';
	const failedCancel = cancel instanceof TaskError ? cancel.details : undefined;
	const state = last?.state === 'queued' ? 'queued' : 'running';
	const outcome = cancelled ? ' and was cancelled' : cancel ? ' and could not be cancelled' : '';
	return new TaskError({
		message: `Task ${requestId} was still ${state} after ${seconds} ${seconds === 1 ? 'second' : 'seconds'}${outcome}`,
		description: sentences(
			failedCancel && `${failedCancel.message}.`,
			cancelled
				? "Run this again for a new task, with a longer 'Timeout (Seconds)'."
				: `The task keeps running. To get its images, use 'Get Result' with request ID ${requestId}, or increase 'Timeout (Seconds)'.`,
			last && `Last status: ${last.word}.`,
		),
		requestId,
		state: cancelled ? 'cancelled' : last?.state,
		httpCode: failedCancel?.httpCode,
		taskEnded: cancelled,
	});
}

/** The task has succeeded, and its result does not come. */
export const resultNotAvailable = (requestId: string, seconds: number) =>
	new TaskError({
		message: `The result of task ${requestId} was not available after ${seconds} seconds`,
		description: `The task has succeeded. Select 'Retry execution', or use 'Get Result' with request ID ${requestId} later: neither creates a new task.`,
		requestId,
		state: 'succeeded',
	});

export const noImages = (requestId: string) =>
	new TaskError({
		message: `${couldNot('result', requestId)}: it has no image`,
		description: `SeaArt Cloud listed no image with an address. 'Get Result' with request ID ${requestId} shows whether one comes later.`,
		requestId,
		state: 'succeeded',
	});

export const tooManyImages = (requestId: string, count: number, most: number) =>
	new TaskError({
		message: `${couldNot('result', requestId)}: it lists ${count} images`,
		description: sentences(`This node reads up to ${most}.`, keepsTask(requestId)),
		requestId,
		state: 'succeeded',
	});

/** More request IDs than these are left to the log, which has one line for each task. */
const MAX_LISTED = 100;

/** For the error that ends a whole node run: which other tasks there are, and how to get at them. */
export function otherTasks(requestIds: readonly string[]): string | undefined {
	if (requestIds.length === 0) return undefined;
	const more = requestIds.length - MAX_LISTED;
	return `n8n discards the output of the other items, but their tasks still exist. Select 'Retry execution' on this execution to continue them without a new charge, or use 'Get Result'. Their request IDs: ${requestIds.slice(0, MAX_LISTED).join(', ')}${more > 0 ? ` and ${more} more, which n8n's log names` : ''}`;
}

export const unexpected = (cause: unknown, requestId?: string) =>
	new TaskError({
		message: `Something unexpected happened${requestId === undefined ? '' : ` with task ${requestId}`}`,
		description: sentences(
			cause instanceof Error ? cause.message : String(cause),
			keepsTask(requestId),
		),
		requestId,
	});
