import type { IDataObject } from 'n8n-workflow';
import { requestIdIn } from './contract';
import type { Failure, ImageRecord, TaskResult, TaskState, TaskStatus } from './contract';
import { count, isObject, text } from './json';

/**
 * Reads the answers of the service: one comes in as `unknown` and leaves as a type of the contract, or
 * as `undefined` where it cannot be read. No HTTP, no n8n.
 */

/** @returns the id of the created task; undefined where the answer names none */
export function readCreated(body: unknown): { requestId: string; fields: IDataObject } | undefined {
	if (!isObject(body)) return undefined;
	const requestId = requestIdIn(body.request_id ?? body.id);
	return requestId === undefined ? undefined : { requestId, fields: body };
}

const STATES: Record<string, TaskState> = {
	IN_QUEUE: 'queued',
	QUEUED: 'queued',
	IN_PROGRESS: 'running',
	COMPLETED: 'succeeded',
};

/** `error` as a string or as `{code, message}`, with what the model's provider said. */
function failureIn(body: IDataObject): Failure {
	const { error, provider_error: provider } = body;
	const said = [
		isObject(error) ? [text(error.code), text(error.message)] : [text(error)],
		isObject(provider) ? [text(provider.code), text(provider.message)] : [],
	];
	const words = said.map((parts) => parts.filter(Boolean).join(': ')).filter(Boolean);
	const errorType = text(body.error_type);
	return {
		words: [...new Set(words)].join(' | ') || 'The service gave no reason',
		...(errorType && { errorType: errorType.toUpperCase() }),
	};
}

const hasError = ({ error }: IDataObject) =>
	error !== undefined && error !== null && error !== '' && error !== false;

function ended(body: IDataObject, word: string, badly: boolean): TaskStatus {
	const common = { ...whose(body), word, known: true, fields: body };
	if (!badly) return { ...common, state: 'succeeded' };
	const failure = failureIn(body);
	// The service writes CANCELED; a look-alike may well write it with two l.
	const cancelled = /^CANCELL?ED$/.test(failure.errorType ?? '');
	return { ...common, state: cancelled ? 'cancelled' : 'failed', failure };
}

const whose = (body: IDataObject): { requestId?: string } => {
	const requestId = text(body.request_id) ?? text(body.id);
	return requestId === undefined ? {} : { requestId };
};

/**
 * A status answer. `COMPLETED` says only that the task has ended; it failed exactly when `error` is
 * there. An answer with outputs and no status has ended well, as the vendor's client takes it.
 */
export function readStatus(body: unknown): TaskStatus | undefined {
	if (!isObject(body)) return undefined;
	const word = text(body.status)?.toUpperCase();
	if (word === undefined) {
		return recordsIn(body).length > 0 ? ended(body, 'COMPLETED', hasError(body)) : undefined;
	}
	const state = STATES[word];
	if (state === 'succeeded') return ended(body, word, hasError(body));
	return {
		...whose(body),
		state: state ?? 'running',
		word,
		known: state !== undefined,
		fields: body,
	};
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

function readImage(record: IDataObject): ImageRecord | undefined {
	const url = text(record.url);
	// Records of another type, such as text, are possible; one without a type is an image.
	if (url === undefined || (text(record.type) ?? 'image') !== 'image') return undefined;
	const [contentType, fileName] = [text(record.content_type), text(record.file_name)];
	const [fileSize, width, height] = [
		count(record.file_size),
		count(record.width),
		count(record.height),
	];
	return {
		url,
		...(contentType && { contentType }),
		...(fileName && { fileName }),
		...(fileSize && { fileSize }),
		...(width && { width }),
		...(height && { height }),
	};
}

/**
 * The body of a result answer of HTTP 200 or 202.
 *
 * @returns a result, or the status of a task that has not ended or has ended badly (the contract is
 * unsure how a bad end looks here: 200 with `error` or `error_type` and no outputs is taken as one)
 */
export function readResult(body: unknown): TaskResult | TaskStatus | undefined {
	if (!isObject(body)) return undefined;
	const outputs = recordsIn(body);
	const images = outputs.map(readImage).filter((image) => image !== undefined);
	const metadata = isObject(body.metadata) ? body.metadata : {};
	if (images.length > 0) return { ...whose(body), images, outputs, metadata };
	if (hasError(body) || text(body.error_type)) return ended(body, 'COMPLETED', true);
	const status = readStatus(body);
	// Without a list of records it is a status, even of a good end: the result may be a little behind.
	const hasList = Array.isArray(body.outputs) || Array.isArray(body.output);
	if (status !== undefined && (status.state !== 'succeeded' || !hasList)) return status;
	return hasList ? { ...whose(body), images, outputs, metadata } : undefined;
}

/** The answer to a cancel: its status word, in capitals. */
export function readCancel(
	body: unknown,
): { requestId?: string; word: string; fields: IDataObject } | undefined {
	const word = isObject(body) ? text(body.status)?.toUpperCase() : undefined;
	if (!isObject(body) || word === undefined) return undefined;
	return { ...whose(body), word, fields: body };
}
