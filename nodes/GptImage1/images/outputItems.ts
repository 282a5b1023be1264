import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { isObject } from '../service/json';
import { parseStatus } from '../service/parseResponse';
import { failureIn, hasError } from '../service/states';
import type { ImageRecord, TaskResult, TaskStatus } from '../service/types';
import type { Downloaded } from './checkedStream';
import { safeFileName } from './fileName';

/** The items that leave the node. Each has `request_id` and `state`; `pairedItem` is added later. */

export type FetchedImage = {
	image: ImageRecord;
	/** Its position in the result, from 0. */
	index: number;
	/** Absent where images are not downloaded. */
	file?: Downloaded;
};

type KnownResult = TaskResult & { requestId: string };

/** A task that was created and is not waited for. */
export const taskItem = (requestId: string, fields: IDataObject) =>
	statusItem(requestId, { fields, state: parseStatus(fields)?.state ?? 'queued' });

/**
 * A task as the service describes it, its fields unchanged but for `error`: n8n takes an item with
 * that key for a failed run, and Retry On Fail would run the node again and again.
 */
export function statusItem(
	requestId: string,
	{ fields, state }: Pick<TaskStatus, 'fields' | 'state'>,
): INodeExecutionData {
	const { error, ...others } = fields;
	const known = { request_id: requestId, state };
	if (!hasError(fields) && state !== 'failed' && state !== 'cancelled') {
		return { json: { ...others, ...known } };
	}
	const { error_type, provider_error, ...rest } = others;
	const { message } = failureIn(fields);
	const failure = {
		...(isObject(error) && error),
		...(message && { message }),
		...(error_type !== undefined && { error_type }),
		...(provider_error !== undefined && { provider_error }),
	};
	return { json: { ...rest, ...known, failure } };
}

export function imageItem(
	{ requestId, metadata }: KnownResult,
	{ image, index, file }: FetchedImage,
	binaryProperty: string,
): INodeExecutionData {
	const json = {
		request_id: requestId,
		state: 'succeeded',
		index,
		url: image.url,
		...claimed(image),
		...(file && known(file)),
		metadata,
	};
	return file ? { json, binary: { [binaryProperty]: file.binary } } : { json };
}

/** All images of a task in one item: `data`, `data_1`, `data_2`, … */
export function singleItem(
	{ requestId, outputs, metadata }: KnownResult,
	images: FetchedImage[],
	binaryProperty: string,
): INodeExecutionData {
	const json = { request_id: requestId, state: 'succeeded', outputs, metadata };
	const files = images.flatMap(({ index, file }): Array<[string, IBinaryData]> => {
		const key = index === 0 ? binaryProperty : `${binaryProperty}_${index}`;
		return file ? [[key, file.binary]] : [];
	});
	// An assignment to `__proto__` would set no key.
	return files.length > 0 ? { json, binary: Object.fromEntries(files) } : { json };
}

const claimed = ({ contentType, fileName, fileSize, width, height }: ImageRecord) => ({
	...(contentType && { content_type: contentType }),
	...(fileName && { file_name: safeFileName(fileName) }),
	...(fileSize && { file_size: fileSize }),
	...(width && { width }),
	...(height && { height }),
});

/** What the file itself tells replaces what the service claims. */
const known = ({ binary, type, bytes }: Downloaded) => ({
	content_type: `image/${type}`,
	...(binary.fileName && { file_name: binary.fileName }),
	file_size: bytes,
});
