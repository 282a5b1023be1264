import type { Call } from '../contract';
import { supportIdIn, wordsIn } from '../serviceWords';
import { Problem } from './problem';
import { during, fetchLater, MAY_EXIST, said, sentences } from './words';

/** What the service means by answering a call that carries the key with no success. */

const KEY_ADVICE = "Open the credential 'SeaArt API' of this node, correct the key and test it.";

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
			"Run fewer items at a time, lower the option 'Max Tasks in Flight', or try again later.",
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
			advice: "Check the base URL in the credential 'SeaArt API'.",
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
