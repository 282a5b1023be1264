import type { IDataObject } from 'n8n-workflow';
import { count, isObject, partOfObject, text } from './json';
import { requestIdIn } from './requestId';
import {
	ENDED,
	failedState,
	failureIn,
	hasError,
	isCancelAccepted,
	stateOf,
	wordIn,
} from './states';
import { hasEnded } from './types';
import type { CreatedTask, ImageRecord, TaskResult, TaskState, TaskStatus } from './types';

/**
 * Parses the service's responses: one comes in as `unknown` and leaves as a type of `types.ts`, or as
 * `undefined` where it cannot be read. No HTTP, no n8n.
 */

/**
 * @param body a text where it is no JSON, or where only a part of it came
 * @returns the new task; undefined where the response names none
 */
export function parseCreated(body: unknown): CreatedTask | undefined {
	const isPart = typeof body === 'string';
	const fields = isPart ? partOfObject(body) : body;
	// Beside an error, whole or cut off, `request_id` names the HTTP call.
	if (!isObject(fields) || hasError(fields) || (isPart && body.includes('"error"')))
		return undefined;
	const { request_id, id, status_url, response_url } = fields;
	const requestId = [request_id, id, status_url, response_url].map(requestIdIn).find(Boolean);
	return requestId === undefined ? undefined : { requestId, fields };
}

/** Marks a status word that the service is not known to have. */
export const UNKNOWN = '(unknown)';

const whose = (body: IDataObject): { requestId?: string } => {
	const requestId = text(body.request_id) ?? text(body.id);
	return requestId === undefined ? {} : { requestId };
};

function status(body: IDataObject, word: string, state: TaskState, known = true): TaskStatus {
	const failed = state === 'failed' || state === 'cancelled';
	return {
		...whose(body),
		state,
		word: known ? word : `${word} ${UNKNOWN}`,
		...(failed && { failure: failureIn(body) }),
		fields: body,
	};
}

/** A status. A response with outputs and no status word has succeeded, as the vendor's client takes it. */
export function parseStatus(body: unknown): TaskStatus | undefined {
	if (!isObject(body)) return undefined;
	const word = wordIn(body.status);
	if (word !== undefined) {
		const { state, known } = stateOf(word, body);
		return status(body, word, state, known);
	}
	if (recordsIn(body).length === 0) return undefined;
	return status(body, ENDED, hasError(body) ? failedState(body) : 'succeeded');
}

/** The records of a result: `outputs[]`, or the older `output[].content[]`. */
function recordsIn(body: IDataObject): IDataObject[] {
	if (Array.isArray(body.outputs)) return (body.outputs as unknown[]).filter(isObject);
	if (!Array.isArray(body.output)) return [];
	return (body.output as unknown[])
		.filter(isObject)
		.flatMap(({ content }) => (Array.isArray(content) ? (content as unknown[]) : []))
		.filter(isObject);
}

function parseImage(record: IDataObject): ImageRecord | undefined {
	const url = text(record.url);
	// Records of another type, such as text, are possible; one with a URL and no type is an image.
	const type = text(record.type) ?? (url && 'image') ?? '';
	if (!/^image\b/i.test(type)) return undefined;
	const contentType = text(record.content_type);
	const fileName = text(record.file_name);
	const fileSize = count(record.file_size);
	const width = count(record.width);
	const height = count(record.height);
	return {
		...(url && { url }),
		...(contentType && { contentType }),
		...(fileName && { fileName }),
		...(fileSize && { fileSize }),
		...(width && { width }),
		...(height && { height }),
	};
}

const isKnownToRun = (read: TaskStatus) => !hasEnded(read) && !read.word.endsWith(UNKNOWN);

/**
 * The body of a result response of HTTP 200 or 202.
 *
 * @returns a result, or the status of a task that has not ended or has failed. How a failure looks
 * here is not documented: `error` or `error_type` without an image that has a URL is taken for one.
 */
export function parseResult(body: unknown): TaskResult | TaskStatus | undefined {
	if (!isObject(body)) return undefined;
	const outputs = recordsIn(body);
	const images = outputs.map(parseImage).filter((image) => image !== undefined);
	const metadata = isObject(body.metadata) ? body.metadata : {};
	const result = { ...whose(body), images, outputs, metadata };
	const read = parseStatus(body);
	// What is there of a task that still runs may be a part of its images.
	if (read !== undefined && isKnownToRun(read)) return read;
	if (images.some(({ url }) => url)) return result;
	if (hasError(body) || text(body.error_type)) return status(body, ENDED, failedState(body));
	// Without a list of records it is a status, even of success: the result may be a little behind.
	const hasList = Array.isArray(body.outputs) || Array.isArray(body.output);
	if (read !== undefined && (read.state !== 'succeeded' || !hasList)) return read;
	return hasList ? result : undefined;
}

/** The response to a cancel. @returns undefined for any word that says neither yes nor no */
export function parseCancel(
	body: unknown,
): { requestId?: string; accepted: boolean; fields: IDataObject } | undefined {
	if (!isObject(body)) return undefined;
	const accepted = isCancelAccepted(body.status);
	return accepted === undefined ? undefined : { ...whose(body), accepted, fields: body };
}
