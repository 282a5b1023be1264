import type { Call } from '../contract';

/** Pieces of which several errors are made. */

export const sentences = (...parts: Array<string | undefined>) => parts.filter(Boolean).join(' ');

export const said = (words: string | undefined) => words && `SeaArt Cloud says: "${words}"`;

export const fetchLater = (requestId: string) =>
	`The task is not lost: the operation Get Result with the request ID ${requestId} fetches its images.`;

/** A value for an error, short and on one line. */
export function shown(value: unknown): string {
	if (value === undefined) return 'nothing';
	const json = JSON.stringify(value) ?? typeof value;
	return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}

const CALL_NAMES: Record<Call, string> = {
	create: 'creating the task',
	status: 'asking for the status of task',
	result: 'fetching the result of task',
	cancel: 'cancelling task',
};

/** "while fetching the result of task mmsu_1" */
export const during = (call: Call, requestId?: string) =>
	`while ${CALL_NAMES[call]}${requestId === undefined ? '' : ` ${requestId}`}`;

export const MAY_EXIST =
	'The call may have been accepted, so it was not repeated: that could make, and charge for, a second task. Look into your SeaArt Cloud account before you run this again; a new execution creates a new task.';
