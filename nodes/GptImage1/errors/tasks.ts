import type { TaskFailure, TaskState, TaskStatus } from '../service/types';
import { couldNot, keepsTask, sentences, serviceSays } from './phrases';
import { TaskError } from './taskError';

/** What may become of a task that is known to exist. */

/** The ledger of this execution has dropped the task, and keeps those of the other items. */
const CREATES_ANEW =
	"To try again with a new task, select 'Retry execution' on this execution, or run this item again.";

/** Of a task that the execution has not created. */
const USE_GENERATE = "To try again, use 'Generate', which creates a new task.";

/** What happened, and what to do next, by `error_type`; without advice a new task may help. */
const FAILURES: Record<string, [what: string, advice?: string]> = {
	CONTENT_BLOCKED: [
		'was blocked by the safety policy',
		"SeaArt Cloud's safety policy rejected the prompt or the generated image. Change 'Prompt' and run this item again.",
	],
	REQUEST_INVALID: [
		'failed: the model did not accept the parameters',
		"Check the values of this node's parameters and run this item again.",
	],
	INFERENCE_TIMEOUT: [
		'failed: the model took too long',
		'Try again with a new task; if it takes too long again, choose a lower quality or fewer images.',
	],
	INFERENCE_FAILURE: ['failed: the model could not generate the image'],
	INTERNAL_SERVER_ERROR: ['failed inside SeaArt Cloud'],
};

/** A task that has failed. @param created by this execution */
export function taskFailed(
	{ requestId, created }: { requestId: string; created: boolean },
	state: TaskState,
	{ errorType, message }: TaskFailure,
): TaskError {
	const cancelled = state === 'cancelled';
	const [what, special] = cancelled ? ['was cancelled'] : (FAILURES[errorType ?? ''] ?? ['failed']);
	const advice = special ?? (created ? CREATES_ANEW : USE_GENERATE);
	return new TaskError({
		message: `Task ${requestId} ${what}${errorType && !cancelled ? ` (${errorType})` : ''}`,
		description: sentences(
			advice,
			serviceSays(message) ?? (!errorType && !cancelled && 'SeaArt Cloud gave no reason.'),
		),
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
	{ requestId, created }: { requestId: string; created: boolean },
	seconds: number,
	last: TaskStatus | undefined,
	cancel?: 'cancelled' | TaskError,
): TaskError {
	const cancelled = cancel === 'cancelled';
	const failedCancel = cancel instanceof TaskError ? cancel.details : undefined;
	const missed = last ? `was still ${last.state} after` : 'was not seen to finish within';
	const outcome = cancelled ? ' and was cancelled' : cancel ? ' and could not be cancelled' : '';
	return new TaskError({
		message: `Task ${requestId} ${missed} ${seconds} ${seconds === 1 ? 'second' : 'seconds'}${outcome}`,
		description: sentences(
			failedCancel && `${failedCancel.message}.`,
			cancelled
				? created
					? "To try again with a new task, increase 'Timeout (Seconds)' and run this item again."
					: USE_GENERATE
				: `${last ? 'The task keeps running.' : 'No status came in time, so the task may have finished.'} To get its images, use 'Get Result' with request ID ${requestId}, or select 'Retry execution' on this execution. To wait longer, increase 'Timeout (Seconds)'.`,
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
		message: `${couldNot('result', requestId)}: it was not available after ${seconds} seconds`,
		description: `The task has succeeded. Use 'Get Result' with request ID ${requestId} later, or select 'Retry execution' on this execution; neither creates a new task.`,
		requestId,
		state: 'succeeded',
	});

export const noImages = (requestId: string) =>
	new TaskError({
		message: `${couldNot('result', requestId)}: it has no image`,
		description: `SeaArt Cloud listed no image. 'Get Result' with request ID ${requestId} shows whether one comes later.`,
		requestId,
		state: 'succeeded',
	});

export const tooManyImages = (requestId: string, count: number, most: number) =>
	new TaskError({
		message: `${couldNot('result', requestId)}: it lists ${count} images`,
		description: `This node reads at most ${most}, and GPT Image 1 makes at most 10 per task. Check 'Base URL' in the 'SeaArt API' credential.`,
		requestId,
		state: 'succeeded',
	});

/** More request IDs than these are left to the log, which has one line for each task. */
const MAX_LISTED = 100;

const listed = (all: ReadonlyArray<string | number>) => {
	const more = all.length - MAX_LISTED;
	const shown = all.slice(0, MAX_LISTED).join(', ');
	return more > 0 ? `${shown} and ${more} more, which n8n's log names` : shown;
};

/**
 * For the error that ends a whole node run: which other tasks there are, and which there may be.
 *
 * @param unclear the items whose creates got no clear response, by their numbers
 */
export function otherTasks(
	requestIds: readonly string[],
	unclear: readonly number[],
): string | undefined {
	const exist =
		requestIds.length > 0 &&
		`n8n discards the output of the other items, but their tasks still exist. Select 'Retry execution' on this execution to continue them without a new charge, or use 'Get Result'. Their request IDs: ${listed(requestIds)}`;
	const mayExist =
		unclear.length > 0 &&
		`It is not clear whether the tasks of these items were created: ${listed(unclear)}. Check your SeaArt Cloud account before you select 'Retry execution', which creates them again.`;
	return [exist, mayExist].filter(Boolean).join('\n\n') || undefined;
}

const ISSUES = 'https://github.com/n8n-nodes-seaart/n8n-nodes-seaart-gpt-image-1/issues';

export const unexpected = (cause: unknown, requestId?: string) =>
	new TaskError({
		message: `Something unexpected happened${requestId === undefined ? '' : ` with task ${requestId}`}`,
		description: sentences(
			keepsTask(requestId),
			`If it happens again, report it at ${ISSUES}.`,
			`(${cause instanceof Error ? cause.message : String(cause)})`,
		),
		requestId,
	});
