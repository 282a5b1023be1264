import type { Failure, TaskState } from '../contract';
import { Problem } from './problem';
import { fetchLater, said, sentences } from './words';

/** What may become of a task that is known to exist. */

type BadEnd = { what?: string; advice: string };

const BAD_ENDS: Record<string, BadEnd> = {
	CONTENT_BLOCKED: {
		what: 'was blocked by the safety policy',
		advice: 'The prompt, or the image made from it, is not allowed. Change the prompt.',
	},
	REQUEST_INVALID: {
		advice: 'The model does not accept these parameters. Correct what it names.',
	},
	INFERENCE_TIMEOUT: {
		advice: 'The model took too long. Run it again, or ask for less quality or fewer images.',
	},
	INFERENCE_FAILURE: { advice: 'The model failed. Run it again.' },
	INTERNAL_SERVER_ERROR: { advice: 'The service failed. Run it again later.' },
};

const OTHER_BAD_END: BadEnd = {
	advice: 'Run it again; if it fails again, change the parameters.',
};

const CANCELLED: BadEnd = {
	what: 'was cancelled',
	advice: 'It was ended before it had an image. Run this again for a new task.',
};

/** A task that has ended badly. */
export function taskFailed(requestId: string, state: TaskState, failure: Failure): Problem {
	const { errorType, words } = failure;
	const cancelled = state === 'cancelled';
	const { what = 'failed', advice } = cancelled
		? CANCELLED
		: (BAD_ENDS[errorType ?? ''] ?? OTHER_BAD_END);
	const kind = errorType && !cancelled ? ` (${errorType})` : '';
	return new Problem({
		message: `Task ${requestId} ${what}${kind}`,
		description: sentences(advice, said(words)),
		requestId,
		state,
		errorType,
		taskIsLost: true,
	});
}

export const notReadyInTime = (
	requestId: string,
	seconds: number,
	last: { state: TaskState; word: string; known: boolean } | undefined,
	cancelled: boolean,
) =>
	new Problem({
		message: `Task ${requestId} had not ended after ${seconds} seconds${cancelled ? ' and was cancelled' : ''}`,
		description: sentences(
			last &&
				`Its last status was ${last.word}${last.known ? '' : ', a word that this node does not know'}.`,
			cancelled
				? "Run this again for a new task, with a longer 'Timeout'."
				: `It runs on and is not lost: the operation Get Result with the request ID ${requestId} fetches its images later. A longer 'Timeout' waits longer.`,
		),
		requestId,
		state: cancelled ? 'cancelled' : last?.state,
		taskIsLost: cancelled,
	});

export const noImages = (requestId: string) =>
	new Problem({
		message: `Task ${requestId} ended well but its result has no image`,
		description:
			'SeaArt Cloud sent no record with the address of an image. Get Result with this request ID shows whether one comes later.',
		requestId,
		state: 'succeeded',
	});

/** For the error that ends a whole node run: which other tasks there are, and how to get at them. */
export const otherTasks = (requestIds: readonly string[]) =>
	requestIds.length === 0
		? undefined
		: `n8n drops the output of the other items with this error, but their tasks are kept: "Retry execution" goes on with them and creates none of them again, and Get Result fetches each. Their request IDs: ${requestIds.join(', ')}`;

export const unforeseen = (cause: unknown, requestId?: string) =>
	new Problem({
		message: `Something unforeseen happened${requestId === undefined ? '' : ` to task ${requestId}`}`,
		description: sentences(
			cause instanceof Error ? cause.message : String(cause),
			requestId === undefined ? undefined : fetchLater(requestId),
		),
		requestId,
	});
