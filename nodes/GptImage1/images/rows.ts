import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { ImageRecord, TaskResult, TaskStatus } from '../task/contract';
import { readStatus } from '../task/answers';
import type { Downloaded } from './download';
import { safeFileName } from './fileName';

/** The rows that leave the node. Each carries `request_id` and `state`; the link is added later. */

export type FetchedImage = {
	image: ImageRecord;
	/** Its place in the result, from 0. */
	index: number;
	/** Absent where images are not downloaded. */
	file?: Downloaded;
};

/** A task that was created and is not waited for: the service's fields as they came. */
export function taskRow(requestId: string, fields: IDataObject): INodeExecutionData {
	const state = readStatus(fields)?.state ?? 'queued';
	return { json: { ...fields, request_id: requestId, state } };
}

/** A task as the service describes it. */
export const statusRow = (
	requestId: string,
	{ fields, state }: TaskStatus,
): INodeExecutionData => ({
	json: { ...fields, request_id: requestId, state },
});

export function imageRow(
	requestId: string,
	{ image, index, file }: FetchedImage,
	binaryProperty: string,
): INodeExecutionData {
	const json = {
		request_id: requestId,
		state: 'succeeded',
		index,
		url: image.url,
		...described(image),
		...(file && fileFacts(file)),
	};
	return file ? { json, binary: { [binaryProperty]: file.binary } } : { json };
}

/** All images of a task in one row: `data`, `data_1`, `data_2`, … */
export function singleRow(
	result: TaskResult & { requestId: string },
	images: FetchedImage[],
	binaryProperty: string,
): INodeExecutionData {
	const { requestId, outputs, metadata } = result;
	const binary: IBinaryKeyData = {};
	for (const { index, file } of images) {
		if (file) binary[index === 0 ? binaryProperty : `${binaryProperty}_${index}`] = file.binary;
	}
	const json = { request_id: requestId, state: 'succeeded', outputs, metadata };
	return Object.keys(binary).length > 0 ? { json, binary } : { json };
}

const described = ({ contentType, fileName, fileSize, width, height }: ImageRecord) => ({
	...(contentType && { content_type: contentType }),
	...(fileName && { file_name: safeFileName(fileName) }),
	...(fileSize && { file_size: fileSize }),
	...(width && { width }),
	...(height && { height }),
});

/** What is known from the file itself takes the place of what the service claims. */
const fileFacts = ({ binary, type, bytes }: Downloaded) => ({
	content_type: `image/${type}`,
	...(binary.fileName && { file_name: binary.fileName }),
	file_size: bytes,
});
