import type { Call, Failure, TaskState } from './contract';
import { supportIdIn, wordsIn } from './contract';

/**
 * The only place that words an error. A message says what happened, with the request id; the
 * description says what to do next and carries the service's own words, because n8n rewrites
 * messages that happen to contain a system code (engine fact 15). "cancelled" is written with two l
 * on purpose: n8n ends the whole execution as canceled on the other spelling (engine fact 11).
 */

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

const sentences = (...parts: Array<string | undefined>) => parts.filter(Boolean).join(' ');

const said = (words: string | undefined) => words && `SeaArt Cloud says: "${words}"`;

const fetchLater = (requestId: string) =>
	`The task is not lost: the operation Get Result with the request ID ${requestId} fetches its images.`;

const CALL_NAMES: Record<Call, string> = {
	create: 'creating the task',
	status: 'asking for the status of task',
	result: 'fetching the result of task',
	cancel: 'cancelling task',
};

/** "while fetching the result of task mmsu_1" */
const during = (call: Call, requestId?: string) =>
	`while ${CALL_NAMES[call]}${requestId === undefined ? '' : ` ${requestId}`}`;

/** A value for an error, short and on one line. */
function shown(value: unknown): string {
	if (value === undefined) return 'nothing';
	const json = JSON.stringify(value) ?? typeof value;
	return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}

export const invalidParameter = (parameter: string, value: unknown, rule: string) =>
	new Problem({
		message: `The parameter "${parameter}" ${rule}, but it is ${shown(value)}`,
		description:
			'Nothing was sent and nothing was paid for. Correct the parameter, or the expression that fills it.',
		badParameter: true,
	});

const KEY_ADVICE = 'Open the credential "SeaArt API" of this node, correct the key and test it.';

type Refusal = { what: string; advice: string };

const REFUSALS: Record<number, Refusal> = {
	401: { what: 'did not accept the key', advice: KEY_ADVICE },
	402: {
		what: 'refused, because the balance is used up',
		advice: 'Top up the balance of your SeaArt Cloud account, then run this again.',
	},
	403: {
		what: 'does not let this key do that',
		advice: `The key has expired, GPT Image 1 is not enabled for it, or its balance is empty. ${KEY_ADVICE}`,
	},
	404: {
		what: 'knows no such task',
		advice:
			'Check the request ID, and that the credential has the key and the base URL with which the task was created.',
	},
	408: { what: 'took too long', advice: 'Try again later.' },
	429: {
		what: 'received too many calls',
		advice:
			'Run fewer items at a time, lower the option "Max Tasks in Flight", or try again later.',
	},
};

const REDIRECT: Refusal = {
	what: 'points to another address',
	advice:
		'The key is never sent to an address that an answer names. If the service has moved, put the new address into the credential as the base URL.',
};
const BROKEN: Refusal = { what: 'failed', advice: 'Try again later.' };
const BAD_PARAMETERS: Refusal = {
	what: 'did not accept the parameters',
	advice: 'Correct the parameter that it names. Nothing was created.',
};
const REFUSED: Refusal = {
	what: 'refused',
	advice: 'If the task has failed, the operation Get Status says why.',
};

function refusalOf(call: Call, status: number): Refusal {
	if (status >= 300 && status < 400) return REDIRECT;
	if (status >= 500) return BROKEN;
	if (status === 404 && call === 'create') {
		return {
			what: 'has no GPT Image 1 queue at this address',
			advice: 'Check the base URL in the credential "SeaArt API".',
		};
	}
	if (status === 400 || status === 422) return call === 'create' ? BAD_PARAMETERS : REFUSED;
	return REFUSALS[status] ?? REFUSED;
}

/** The service answered a call with a status that is not a success. */
export function refused(
	call: Call,
	answer: { status: number; body: unknown },
	requestId?: string,
): Problem {
	const { what, advice } = refusalOf(call, answer.status);
	const supportId = supportIdIn(answer.body);
	const unsure = call === 'create' && (answer.status >= 500 || answer.status === 408);
	return new Problem({
		message: `SeaArt Cloud ${what} ${during(call, requestId)} (HTTP ${answer.status})${unsure ? '; a task may exist' : ''}`,
		description: sentences(
			unsure ? MAY_EXIST : advice,
			requestId !== undefined && answer.status !== 404 ? fetchLater(requestId) : undefined,
			said(wordsIn(answer.body)),
			supportId && `(Call ${supportId}, for SeaArt's support.)`,
		),
		requestId,
		httpCode: answer.status,
		mayExist: unsure,
	});
}

/** Another item's create was refused, for longer than this one may wait. @param ms until the next */
export const tooBusy = (ms: number) =>
	new Problem({
		message: 'SeaArt Cloud received too many calls and takes no new task for now',
		description: `It asked to be left alone for ${Math.ceil(ms / 1000)} more seconds. Nothing was created and nothing was paid for; run this again later.`,
		httpCode: 429,
	});

const MAY_EXIST =
	'The call may have been accepted, so it was not repeated: that could make, and charge for, a second task. Look into your SeaArt Cloud account before you run this again; a new execution creates a new task.';

const REACH_ADVICE =
	'Check the base URL in the credential "SeaArt API" and the network of this n8n.';

/** No connection came about, so the service knows nothing of the call. */
export const unreachable = (call: Call, code: string, requestId?: string) =>
	new Problem({
		message: `SeaArt Cloud could not be reached ${during(call, requestId)}`,
		description: sentences(
			call === 'create' ? 'Nothing was created and nothing was paid for.' : undefined,
			requestId !== undefined ? fetchLater(requestId) : undefined,
			REACH_ADVICE,
			`(${code})`,
		),
		requestId,
	});

/** The connection broke after it had been made. */
export const interrupted = (call: Call, code: string, requestId?: string) =>
	new Problem({
		message: `The connection to SeaArt Cloud broke ${during(call, requestId)}${call === 'create' ? '; a task may exist' : ''}`,
		description: sentences(
			call === 'create' ? MAY_EXIST : undefined,
			requestId !== undefined ? fetchLater(requestId) : undefined,
			`(${code})`,
		),
		requestId,
		mayExist: call === 'create',
	});

/** An answer came, with a status of success, and cannot be understood. */
export const unreadable = (call: Call, body: unknown, requestId?: string) =>
	new Problem({
		message: `SeaArt Cloud gave an answer that cannot be read ${during(call, requestId)}${call === 'create' ? '; a task may exist' : ''}`,
		description: sentences(
			call === 'create' ? MAY_EXIST : undefined,
			requestId !== undefined ? fetchLater(requestId) : undefined,
			'Check that the base URL in the credential is that of the queue.',
			said(wordsIn(body)),
		),
		requestId,
		mayExist: call === 'create',
	});

/** An answer about one task to a question about another; it is not used. */
export const aboutAnother = (call: Call, requestId: string, other: string) =>
	new Problem({
		message: `SeaArt Cloud answered about another task ${during(call, requestId)}`,
		description: sentences(
			'The answer was not used.',
			fetchLater(requestId),
			`The answer named ${shown(other)}.`,
		),
		requestId,
	});

/** An earlier try of this execution got no answer to its create. */
export const unansweredBefore = () =>
	new Problem({
		message: 'An earlier try created a task and got no answer, so this try does not create another',
		description: MAY_EXIST,
		mayExist: true,
	});

const FAILURE_ADVICE: Record<string, string> = {
	CONTENT_BLOCKED: 'The safety policy blocked the prompt or the image. Change the prompt.',
	REQUEST_INVALID: 'The model does not accept these parameters. Correct what it names.',
	INFERENCE_TIMEOUT:
		'The model took too long. Run it again, or ask for less quality or fewer images.',
	INFERENCE_FAILURE: 'The model failed. Run it again.',
	INTERNAL_SERVER_ERROR: 'The service failed. Run it again later.',
};

/** A task that has ended badly. */
export function taskFailed(requestId: string, state: TaskState, failure: Failure): Problem {
	const { errorType, words } = failure;
	const cancelled = state === 'cancelled';
	const kind = errorType && !cancelled ? ` (${errorType})` : '';
	return new Problem({
		message: `Task ${requestId} ${cancelled ? 'was cancelled' : 'failed'}${kind}`,
		description: sentences(
			cancelled
				? 'It was ended before it had an image. Run this again for a new task.'
				: (FAILURE_ADVICE[errorType ?? ''] ??
						'Run it again; if it fails again, change the parameters.'),
			said(words),
		),
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
				? 'Run this again for a new task, with a longer "Timeout".'
				: `It runs on and is not lost: the operation Get Result with the request ID ${requestId} fetches its images later. A longer "Timeout" waits longer.`,
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

export type ImageFault =
	| { kind: 'address' }
	| { kind: 'status'; status: number }
	| { kind: 'network'; code: string }
	| { kind: 'content'; what: string }
	| { kind: 'size'; limit: number }
	| { kind: 'storage'; what: string };

function faultWords(fault: ImageFault): string {
	switch (fault.kind) {
		case 'address':
			return 'its address is not one that may be fetched (https only, unless the base URL is http)';
		case 'status':
			return `the image host answered HTTP ${fault.status}`;
		case 'network':
			return `the connection to the image host failed (${fault.code})`;
		case 'content':
			return fault.what;
		case 'size':
			return `it is larger than ${Math.round(fault.limit / 1024 / 1024)} MB`;
		case 'storage':
			return `n8n could not store it (${fault.what})`;
	}
}

/** One image of a task that has ended well could not be fetched. `index` counts from 0. */
export const imageNotFetched = (requestId: string, index: number, url: string, fault: ImageFault) =>
	new Problem({
		message: `Image ${index + 1} of task ${requestId} could not be downloaded`,
		description: sentences(
			`The image is paid for and exists: ${faultWords(fault)}.`,
			fetchLater(requestId),
			`Its address is ${url}`,
		),
		requestId,
		state: 'succeeded',
		httpCode: fault.kind === 'status' ? fault.status : undefined,
		url,
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
