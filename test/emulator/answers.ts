import { randomBytes } from 'node:crypto';

import type { Answer } from './misbehaviour';
import type { Picture } from './pictures';
import type { EmulatedTask, Ending, Look } from './task';

export type OutputRecord = Record<string, unknown> & { type: string };
export type ResultBody = Record<string, unknown> & { outputs?: OutputRecord[] };

const gatewayError = (code: string, message: string) => ({
	error: { code, message },
	// Names the HTTP call for support; it is no task's id.
	request_id: `gw_${randomBytes(6).toString('hex')}`,
});

/** The refusals that need no task, in the bodies that the contract shows. */
export const REFUSED = {
	keyMissing: (): Answer => ({
		status: 401,
		body: gatewayError('UNAUTHORIZED', 'Missing API key'),
	}),
	keyWrong: (): Answer => ({ status: 401, body: { error: 'invalid_api_key' } }),
	tooMany: (message: string, retryAfter?: number): Answer => ({
		status: 429,
		headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
		body: gatewayError('RATE_LIMIT_EXCEEDED', message),
	}),
	noSuchTask: (): Answer => ({ status: 404, body: { detail: 'Request not found' } }),
	noSuchApp: (app: string): Answer => ({
		status: 404,
		body: { detail: `App not found: ${app}` },
	}),
	noSuchPath: (): Answer => ({ status: 404, body: { detail: 'Not Found' } }),
	wrongMethod: (): Answer => ({ status: 405, body: { detail: 'Method Not Allowed' } }),
};

export function createAnswer(task: EmulatedTask, callsUrl: string): Answer {
	const url = `${callsUrl}/requests/${task.id}`;
	return {
		status: 200,
		body: {
			request_id: task.id,
			response_url: `${url}/response`,
			status_url: `${url}/status`,
			cancel_url: `${url}/cancel`,
			queue_position: 0,
		},
	};
}

/** The body of a status answer; a result that is not there yet has the same body. */
export function statusBody(task: EmulatedTask, { status, share }: Look): Record<string, unknown> {
	const body = { request_id: task.id, status };
	if (status === 'IN_QUEUE') return { ...body, queue_position: 0 };
	if (status === 'IN_PROGRESS') {
		const message = `Drawing ${task.parameters.n} image(s)`;
		return {
			...body,
			progress: Math.round(share * 100),
			logs: [{ message, timestamp: new Date(task.createdAt).toISOString() }],
		};
	}
	if (task.ending && task.ending.how !== 'succeeded') return { ...body, ...errorOf(task.ending) };
	const seconds = ((task.endedAt ?? Date.now()) - task.createdAt) / 1000;
	return { ...body, metrics: { inference_time: seconds } };
}

function errorOf({ how: _, ...error }: Exclude<Ending, { how: 'succeeded' }>) {
	return error;
}

export function resultBody(
	task: EmulatedTask,
	pictures: Picture[],
	imagesOrigin: string,
): ResultBody {
	const extension = task.parameters.output_format;
	return {
		request_id: task.id,
		outputs: task.images.map(({ index, path }) => {
			const picture = pictures[index]!;
			return {
				type: 'image',
				url: `${imagesOrigin}${path}`,
				content_type: picture.contentType,
				// The service gives every image of every task this same name.
				file_name: `output.${extension}`,
				file_size: picture.bytes.length,
				width: picture.width,
				height: picture.height,
			};
		}),
		metadata: { prompt: task.parameters.prompt },
	};
}

export const CANCEL = {
	taken: (task: EmulatedTask): Answer => ({
		status: 202,
		body: { request_id: task.id, status: 'CANCELLATION_REQUESTED' },
	}),
	tooLate: (task: EmulatedTask): Answer => ({
		status: 400,
		body: { request_id: task.id, status: 'ALREADY_COMPLETED' },
	}),
	noSuchTask: (): Answer => ({ status: 404, body: { status: 'NOT_FOUND' } }),
};
