import type { IDataObject } from 'n8n-workflow';
import { isObject, oneLine, text } from './json';
import type { TaskFailure, TaskState } from './types';

/**
 * The service's words and what each means; status and result are read by the same table. A word that
 * says how the task ended stands here with that state. `ended` says only that it has: it failed exactly
 * when `error` is there.
 */
const STATUS_WORDS: Record<string, TaskState | 'ended'> = {
	IN_QUEUE: 'queued',
	QUEUED: 'queued',
	IN_PROGRESS: 'running',
	COMPLETED: 'ended',
};

/** Values of `error_type` that say more than that the task failed. Compatible hosts write two l. */
const ERROR_TYPES: Record<string, TaskState> = { CANCELED: 'cancelled', CANCELLED: 'cancelled' };

/** How a cancel is answered: whether the service took it, or the task had ended already. */
const CANCEL_WORDS: Record<string, boolean> = {
	CANCELLATION_REQUESTED: true,
	CANCELED: true,
	CANCELLED: true,
	ALREADY_COMPLETED: false,
	COMPLETED: false,
};

/** The word of a response that has an end but no status word. */
export const ENDED = 'COMPLETED';

/** The longest status word or `error_type` that is passed on, in characters. */
const MAX_WORD = 60;

const has = <T>(table: Record<string, T>, word: string): T | undefined =>
	Object.hasOwn(table, word) ? table[word] : undefined;

/** A status word or error type in capitals, on one line. */
export const wordIn = (value: unknown): string | undefined => {
	const word = text(value);
	return word && oneLine(word.slice(0, 4 * MAX_WORD).toUpperCase(), MAX_WORD);
};

export const hasError = ({ error }: IDataObject) =>
	error !== undefined && error !== null && error !== '' && error !== false;

/**
 * What a status word means for the task of this response. An unknown word is taken for a task that
 * still runs, and is waited out.
 */
export function stateOf(word: string, body: IDataObject): { state: TaskState; known: boolean } {
	const meaning = has(STATUS_WORDS, word);
	if (meaning !== 'ended') return { state: meaning ?? 'running', known: meaning !== undefined };
	return { state: hasError(body) ? failedState(body) : 'succeeded', known: true };
}

export const isCancelAccepted = (word: unknown): boolean | undefined =>
	has(CANCEL_WORDS, wordIn(word) ?? '');

export const failedState = (body: IDataObject): TaskState =>
	has(ERROR_TYPES, wordIn(body.error_type) ?? '') ?? 'failed';

const MAX_MESSAGE = 1000;

/** Why a task failed: `error` as a string or as `{code, message}`, with what the provider said. */
export function failureIn(body: IDataObject): TaskFailure {
	const { error, provider_error: provider } = body;
	const messages = [error, provider].map((from) => {
		const parts = isObject(from) ? [text(from.code), text(from.message)] : [text(from)];
		return parts
			.filter((part) => part !== undefined)
			.map((part) => oneLine(part, MAX_MESSAGE))
			.join(': ');
	});
	const message = [...new Set(messages.filter(Boolean))].join(' | ');
	// A status word that means a bad end may be all that is said of it.
	const words = [body.error_type, body.status].map(wordIn);
	const errorType = words.find((word) => word !== undefined && word !== ENDED);
	return { ...(message && { message }), ...(errorType && { errorType }) };
}
