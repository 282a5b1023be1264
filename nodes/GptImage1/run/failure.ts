import type { INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { Problem, STOPPED, unforeseen } from '../task/errors';
import type { ProblemDetails } from '../task/errors';
import type { Item } from './item';

/** Turns what went wrong into what n8n understands: an error, or a row on the error output. */

export const asProblem = (cause: unknown): Problem =>
	cause instanceof Problem ? cause : unforeseen(cause);

/**
 * The error of a failed item. The message is set once more after n8n's constructor, which replaces
 * any that contains a system code (engine fact 15).
 */
export function nodeError(item: Item, details: ProblemDetails): NodeApiError {
	const message = messageFor(item, details);
	const { description, httpCode } = details;
	const error = new NodeApiError(item.node, known(details), {
		message,
		itemIndex: item.index,
		...(description && { description }),
		...(httpCode && { httpCode: String(httpCode) }),
	});
	error.message = message;
	return error;
}

export const stopError = (item: Item) =>
	new NodeOperationError(item.node, STOPPED, { itemIndex: item.index });

/**
 * The row of a failed item under either "Continue" setting. Its only key is `error`, so that n8n
 * sends it to the error output; as `item.error` it would lose the request id (engine facts 12, 13).
 */
export function failureRow(item: Item, details: ProblemDetails): INodeExecutionData {
	const { description } = details;
	const error = {
		message: messageFor(item, details),
		...(description && { description }),
		...known(details),
	};
	return { json: { error }, pairedItem: { item: item.index } };
}

const messageFor = (item: Item, { message, badParameter }: ProblemDetails) =>
	badParameter ? `${message} [item ${item.index}]` : message;

/** What is known of a failure, under the names that the rows use. */
function known({ requestId, state, errorType, httpCode, url }: ProblemDetails) {
	return {
		...(requestId && { request_id: requestId }),
		...(state && { state }),
		...(errorType && { error_type: errorType }),
		...(httpCode && { http_code: httpCode }),
		...(url && { url }),
	};
}

/** The same without the key, should the service have repeated it anywhere in its answers. */
export async function withoutKey<T extends object>(item: Item, value: T): Promise<T> {
	const key = await item.context.getCredentials('seaArtApi').then(
		({ apiKey }) => `${apiKey as string}`.trim(),
		() => '',
	);
	const text = JSON.stringify(value);
	const written = JSON.stringify(key).slice(1, -1);
	if (key.length < 4 || !text.includes(written)) return value;
	return JSON.parse(text.split(written).join('[the key]')) as T;
}
