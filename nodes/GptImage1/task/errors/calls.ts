import type { Call } from '../contract';
import { wordsIn } from '../serviceWords';
import { Problem } from './problem';
import { during, fetchLater, MAY_EXIST, said, sentences, shown } from './words';

/** A call that carries the key and brings no answer, or none that can be used. */

const REACH_ADVICE =
	"Check the base URL in the credential 'SeaArt API' and the network of this n8n.";

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
