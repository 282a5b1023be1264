import type { Call } from '../service/types';
import {
	couldNot,
	keepsTask,
	MAY_EXIST_ADVICE,
	mayExist,
	NO_TASK,
	sentences,
	serviceSays,
} from './phrases';
import { TaskError } from './taskError';

/** What the service means by answering a call that carries the key with no success. */

type Refusal = [reason: string, advice: string];

const CHECK_BASE_URL = "Check 'Base URL' in the 'SeaArt API' credential.";

const FAILED: Refusal = ['SeaArt Cloud could not process the request', 'Try again later.'];
const INVALID: Refusal = [
	'SeaArt Cloud did not accept the parameters',
	"Check the values of this node's parameters.",
];
const REDIRECT: Refusal = [
	'SeaArt Cloud redirects to another address',
	"The API key is never sent to an address that a response names. If the service has moved, enter its new address as 'Base URL' in the 'SeaArt API' credential.",
];

/** Statuses that mean something else in answer to a create. */
const CREATE_REFUSALS: Record<number, Refusal> = {
	400: INVALID,
	404: ['there is no GPT Image 1 queue at this address', CHECK_BASE_URL],
	422: INVALID,
	429: ['rate limit reached', "Lower 'Max Tasks in Flight', send fewer items, or try again later."],
};

/** Any other status, by call. */
const REFUSED: Record<Call, string> = {
	create: CHECK_BASE_URL,
	status: 'Try again later.',
	result: "'Get Status' shows whether the task failed, and why.",
	cancel: "'Get Status' shows whether the task has already finished.",
};

const REFUSALS: Record<number, Refusal> = {
	401: [
		'SeaArt Cloud rejected the API key',
		"Open the 'SeaArt API' credential, paste a valid API key, and test it.",
	],
	402: [
		'your SeaArt Cloud balance is too low',
		"Add credits to your SeaArt Cloud account and try again. 'Retry execution' on this execution resumes the tasks that already exist.",
	],
	403: [
		"this API key can't use GPT Image 1",
		"In your SeaArt Cloud account, check that the key hasn't expired, GPT Image 1 is enabled, and the balance isn't empty.",
	],
	404: [
		'SeaArt Cloud does not know this task',
		"Check the request ID. The 'SeaArt API' credential must have the API key and base URL that created the task.",
	],
	408: ['SeaArt Cloud took too long', 'Try again later.'],
	429: ['rate limit reached', 'Send fewer items, or try again later.'],
};

/** A task of this execution, whose request ID the node knows from its create. */
const CREATED_HERE =
	"The 'SeaArt API' credential must have the API key and base URL that created the task. If it has changed since then, start a new execution, which creates a new task.";

function refusalOf(call: Call, status: number, created: boolean): Refusal {
	if (status >= 300 && status < 400) return REDIRECT;
	if (status >= 500) return FAILED;
	const ofCreate = call === 'create' ? CREATE_REFUSALS[status] : undefined;
	if (ofCreate) return ofCreate;
	const [reason, advice] = REFUSALS[status] ?? ['SeaArt Cloud refused the request', REFUSED[call]];
	return [reason, status === 404 && created ? CREATED_HERE : advice];
}

/** After these a create may have made a task: too late, see another address, in conflict with itself. */
const MAY_HAVE_CREATED = [303, 408, 409];

/** What an error reports of a response: the service's own words, and its ID of the HTTP call. */
type Response = {
	status: number;
	message?: string | undefined;
	supportId?: string | undefined;
};

/**
 * The service answered a call with a status that is not a success.
 *
 * @param created the node has created the task itself, in this execution
 */
export function refused(
	call: Call,
	{ status, message, supportId }: Response,
	requestId?: string,
	created = false,
): TaskError {
	const [reason, advice] = refusalOf(call, status, created);
	const because = `${reason} (HTTP ${status})`;
	const unclear = call === 'create' && (status >= 500 || MAY_HAVE_CREATED.includes(status));
	return new TaskError({
		message: unclear ? mayExist(because) : `${couldNot(call, requestId)}: ${because}`,
		description: sentences(
			call === 'create' && !unclear && NO_TASK,
			unclear ? MAY_EXIST_ADVICE : advice,
			status !== 404 && keepsTask(requestId, call),
			serviceSays(message),
			supportId && `(For SeaArt's support: call ${supportId}.)`,
		),
		requestId,
		httpCode: status,
		possiblyCreated: unclear,
	});
}
