import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import { text } from './json';

/** What the queue of SeaArt Cloud is called with, and what it says, as our own small types. */

export type Call = 'create' | 'status' | 'result' | 'cancel';

/** Method and path of each call, with `{request_id}` where the id goes. */
export const CALLS: Record<Call, { method: IHttpRequestMethods; url: string }> = {
	create: { method: 'POST', url: '/v1/queue/gpt_image_1' },
	status: { method: 'GET', url: '/v1/queue/gpt_image_1/requests/{request_id}/status' },
	result: { method: 'GET', url: '/v1/queue/gpt_image_1/requests/{request_id}/response' },
	cancel: { method: 'PUT', url: '/v1/queue/gpt_image_1/requests/{request_id}/cancel' },
};

export type TaskState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** How a task ended badly, in the service's own words. */
export type Failure = { words: string; errorType?: string };

export type TaskStatus = {
	/** Absent where the answer did not say whose status it is. */
	requestId?: string;
	state: TaskState;
	/** The service's own word, e.g. `IN_QUEUE`. */
	word: string;
	/** False for a status word that the contract does not list; it is waited out. */
	known: boolean;
	/** There exactly when the state is `failed` or `cancelled`. */
	failure?: Failure;
	/** The answer as it came. */
	fields: IDataObject;
};

/** One image of a result; every field but the address may be missing. */
export type ImageRecord = {
	url: string;
	contentType?: string;
	fileName?: string;
	fileSize?: number;
	width?: number;
	height?: number;
};

export type TaskResult = {
	requestId?: string;
	images: ImageRecord[];
	/** All records as they came, those of another type than image included. */
	outputs: IDataObject[];
	metadata: IDataObject;
};

export const isResult = (answer: TaskResult | TaskStatus): answer is TaskResult =>
	'images' in answer;

/** What an id may be made of: nothing that could leave its place in a path. */
const ID = /^(?!\.{1,2}$)[^\s/?#\\%\u0000-\u001f\u007f]{1,200}$/u;

/**
 * The request id in what a user gave: the id itself, or a status, result or cancel URL with it.
 * The rest of a URL is ignored; calls go to the credential's base URL alone.
 *
 * @returns undefined where there is nothing that can be an id
 */
export function requestIdIn(given: unknown): string | undefined {
	const trimmed = text(typeof given === 'number' ? String(given) : given);
	if (trimmed === undefined) return undefined;
	const inUrl = /\/requests\/([^/?#]+)(?:\/(?:status|response|cancel))?\/?(?:[?#].*)?$/.exec(
		trimmed,
	);
	const id = inUrl?.[1] ?? trimmed;
	return ID.test(id) ? id : undefined;
}
