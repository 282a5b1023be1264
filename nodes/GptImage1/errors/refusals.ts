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

const FAILED: Refusal = ['SeaArt Cloud failed', 'Try again later.'];
const REFUSED: Refusal = ['SeaArt Cloud refused', "If the task has failed, 'Get Status' says why."];
const INVALID: Refusal = [
	'SeaArt Cloud did not accept the parameters',
	'Correct the parameter that it names.',
];
const NO_QUEUE: Refusal = [
	'there is no GPT Image 1 queue at this address',
	"Check 'Base URL' in the 'SeaArt API' credential.",
];
const REDIRECT: Refusal = [
	'SeaArt Cloud redirects to another address',
	"The API key is never sent to an address that a response names. If the service has moved, put its new address into 'Base URL' of the 'SeaArt API' credential.",
];

const REFUSALS: Record<number, Refusal> = {
	401: [
		'SeaArt Cloud rejected the API key',
		"Open the 'SeaArt API' credential, paste a valid API key, and test it.",
	],
	402: [
		'your SeaArt Cloud balance is too low',
		"Add credits to your SeaArt Cloud account, then select 'Retry execution'. Finished tasks are not charged again.",
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
	429: ['rate limit reached', "Lower 'Max Tasks in Flight', send fewer items, or try again later."],
};

function refusalOf(call: Call, status: number): Refusal {
	if (status >= 300 && status < 400) return REDIRECT;
	if (status >= 500) return FAILED;
	if (call === 'create' && status === 404) return NO_QUEUE;
	if (call === 'create' && (status === 400 || status === 422)) return INVALID;
	return REFUSALS[status] ?? REFUSED;
}

/** What is told of a response: the service's own words, and its ID of the HTTP call. */
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
	const [reason, advice] = refusalOf(call, status);
	const because = `${reason} (HTTP ${status})`;
	const unclear = call === 'create' && (status >= 500 || status === 408);
	return new TaskError({
		message: unclear ? mayExist(because) : `${couldNot(call, requestId)}: ${because}`,
		description: sentences(
			unclear ? MAY_EXIST_ADVICE : advice,
			call === 'create' && !unclear && NO_TASK,
			status === 404 &&
				created &&
				'If the credential has changed since then, start a new execution, which creates a new task.',
			status !== 404 && keepsTask(requestId),
			serviceSays(message),
			supportId && `(Call ${supportId}, for SeaArt's support.)`,
		),
		requestId,
		httpCode: status,
		possiblyCreated: unclear,
	});
}
