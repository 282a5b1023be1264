import type { Call } from '../service/types';

/**
 * Phrases that several errors share. A message says what could not be done and why, with the request
 * ID; the description says what to do next and carries the service's own words, because n8n rewrites
 * any message that happens to contain a system code such as ECONNRESET. "cancelled" has two l on
 * purpose: a message with the other spelling ends the whole execution as canceled.
 */

export const sentences = (...parts: Array<string | undefined | false>) =>
	parts.filter(Boolean).join(' ');

export const serviceSays = (message: string | undefined) =>
	message && `SeaArt Cloud says: "${message}"`;

/** What a call that failed leaves of its task. */
export const keepsTask = (requestId: string | undefined, call?: Call) =>
	requestId &&
	(call === 'cancel'
		? `The task may still be running: cancel it again, or use 'Get Status' with request ID ${requestId}.`
		: `The task is not lost: use 'Get Result' with request ID ${requestId}.`);

/** A value for an error, short and on one line. */
export function shown(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (value === '') return 'empty';
	const json = asJson(value) ?? typeof value;
	return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}

/** An expression can yield what has no JSON: a big integer, or an object that contains itself. */
function asJson(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch {
		return undefined;
	}
}

const CALLS: Record<Call, string> = {
	create: 'create the task',
	status: 'get the status of task',
	result: 'get the result of task',
	cancel: 'cancel task',
};

/** For example "Could not get the result of task mmsu_1". */
export const couldNot = (call: Call, requestId?: string) =>
	`Could not ${CALLS[call]}${requestId === undefined ? '' : ` ${requestId}`}`;

/** A create without a clear response. */
export const mayExist = (reason: string) =>
	`Could not confirm the new task: ${reason}, so a task may exist`;

export const MAY_EXIST_ADVICE =
	"The node doesn't create it again by itself, to avoid a double charge. Check your SeaArt Cloud account: if the task exists, use 'Get Result' with its request ID; otherwise run this item again or select 'Retry execution', which both create a new task.";

export const NO_TASK = 'No task was created.';
