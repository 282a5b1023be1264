import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

/**
 * What the queue of SeaArt Cloud says, as our own small types. No HTTP, no n8n; an answer comes in
 * as `unknown` and leaves as one of these, or as `undefined` where it cannot be read.
 */

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

const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const count = (value: unknown): number | undefined =>
	typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;

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

export const isResult = (answer: TaskResult | TaskStatus): answer is TaskResult =>
	'images' in answer;

/** The answer to a cancel: its status word, in capitals. */
export function readCancel(
	body: unknown,
): { requestId?: string; word: string; fields: IDataObject } | undefined {
	const word = isObject(body) ? text(body.status)?.toUpperCase() : undefined;
	if (!isObject(body) || word === undefined) return undefined;
	return { ...whose(body), word, fields: body };
}

/** The longest piece of the service's own words that is passed on, in characters. */
const LONGEST = 1000;

/**
 * What the service itself says in an answer, for a person to read: `detail` as a string or a list of
 * `{loc, msg}`, `error`, `status.message`, `message`, or the title of a gateway's HTML page.
 */
export function wordsIn(body: unknown): string | undefined {
	if (typeof body === 'string') {
		const title = /<title>([^<]*)<\/title>/i.exec(body)?.[1];
		const bare = (title ?? body.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
		return text(bare)?.slice(0, LONGEST);
	}
	if (!isObject(body)) return undefined;
	const { detail, error, status, message } = body;
	const said = Array.isArray(detail)
		? (detail as unknown[]).map(describeDetail).filter(Boolean).join('; ')
		: (text(detail) ??
			(isObject(error) ? text(error.message) : text(error)) ??
			(isObject(status) ? text(status.message) : undefined) ??
			text(message));
	return text(said)?.slice(0, LONGEST);
}

function describeDetail(entry: unknown): string | undefined {
	if (!isObject(entry)) return text(entry);
	const place = Array.isArray(entry.loc)
		? (entry.loc as unknown[]).filter((part) => typeof part !== 'object').join('.')
		: text(entry.loc);
	return [place, text(entry.msg)].filter(Boolean).join(': ');
}

/** In an error, `request_id` beside `error` names the HTTP call for the service's support. */
export function supportIdIn(body: unknown): string | undefined {
	return isObject(body) && body.error !== undefined ? text(body.request_id) : undefined;
}
