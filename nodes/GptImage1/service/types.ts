import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

/** The four calls of the queue, and what it says as types of our own. */

export type Call = 'create' | 'status' | 'result' | 'cancel';

/** Method and path of each call, with `{request_id}` where the ID goes. */
export const CALLS: Record<Call, { method: IHttpRequestMethods; url: string }> = {
	create: { method: 'POST', url: '/v1/queue/gpt_image_1' },
	status: { method: 'GET', url: '/v1/queue/gpt_image_1/requests/{request_id}/status' },
	result: { method: 'GET', url: '/v1/queue/gpt_image_1/requests/{request_id}/response' },
	cancel: { method: 'PUT', url: '/v1/queue/gpt_image_1/requests/{request_id}/cancel' },
};

export type TaskState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Why a task failed: the service's own message, and its `error_type`, or else its status word, in capitals. */
export type TaskFailure = { message?: string; errorType?: string };

export type TaskStatus = {
	/** Absent where the response did not say whose status it is. */
	requestId?: string;
	state: TaskState;
	/** The service's own word, for example `IN_QUEUE`, cut to one short line. */
	word: string;
	/** There exactly when the state is `failed` or `cancelled`. */
	failure?: TaskFailure;
	/** The response, unchanged. */
	fields: IDataObject;
};

/** One image of a result. Any field may be missing; without its URL it cannot be had. */
export type ImageRecord = {
	url?: string;
	contentType?: string;
	fileName?: string;
	/** Bytes. */
	fileSize?: number;
	/** Pixels, like the height. */
	width?: number;
	height?: number;
};

export type TaskResult = {
	requestId?: string;
	images: ImageRecord[];
	/** All records, unchanged, those of another type than image included. */
	outputs: IDataObject[];
	metadata: IDataObject;
};

export type CreatedTask = { requestId: string; fields: IDataObject };

export const isResult = (response: TaskResult | TaskStatus): response is TaskResult =>
	'images' in response;

/** Whether the task has ended, well or not. */
export const hasEnded = ({ state }: TaskStatus) => state !== 'queued' && state !== 'running';
