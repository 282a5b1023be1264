import type { Task } from './task';

/** The service's answers. */

/** An object goes out as JSON, a string as HTML or text, a Buffer as it is. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

const gatewayError = (code: string, message: string) => ({
	error: { code, message },
	// Names the HTTP call for support; it is no task's id.
	request_id: 'gw_5f3c7a',
});

export const ERRORS = {
	unauthorized: (message: string): Answer => ({
		status: 401,
		body: gatewayError('UNAUTHORIZED', message),
	}),
	wrongKey: (): Answer => ({ status: 401, body: { error: 'invalid_api_key' } }),
	noCredits: (message = 'Insufficient credits'): Answer => ({
		status: 402,
		body: { status: { code: 402, message, error_code: 40201 }, data: null },
	}),
	notAllowed: (detail = 'Model not allowed for this user'): Answer => ({
		status: 403,
		body: { detail },
	}),
	notFound: (detail = 'Request not found'): Answer => ({ status: 404, body: { detail } }),
	wrongMethod: (): Answer => ({ status: 405, body: { detail: 'Method Not Allowed' } }),
	refused: (detail: unknown): Answer => ({ status: 422, body: { detail } }),
	/** @param retryAfter seconds, or a date */
	tooMany: (message: string, retryAfter?: number | string): Answer => ({
		status: 429,
		headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
		body: gatewayError('RATE_LIMIT_EXCEEDED', message),
	}),
	failed: (status = 500, detail = 'Runtime execution failed'): Answer => ({
		status,
		body: { detail },
	}),
	gatewayPage: (status = 502): Answer => ({
		status,
		body: `<html><head><title>${status} Bad Gateway</title></head><body>nginx</body></html>`,
	}),
	goneImage: (): Answer => ({ status: 410, body: '<html><body>410 Gone</body></html>' }),
	noSuchImage: (): Answer => ({ status: 404, body: '<html><body>404 Not Found</body></html>' }),
};

/** @param callsUrl up to and with the name of the app */
export function created({ id }: Task, callsUrl: string): Answer {
	const url = `${callsUrl}/requests/${id}`;
	return {
		status: 200,
		body: {
			request_id: id,
			response_url: `${url}/response`,
			status_url: `${url}/status`,
			cancel_url: `${url}/cancel`,
			queue_position: 0,
		},
	};
}

/** A status; a result that is not there yet has the same body. */
export function statusOf(task: Task): Answer {
	const { id, state, ending, share, parameters, createdAt, endsAt } = task;
	const body = (word: string, more: object) => ({
		status: 200,
		body: { request_id: id, status: word, ...more },
	});
	if (state === 'queued') return body('IN_QUEUE', { queue_position: 0 });
	if (state === 'running') {
		const timestamp = new Date().toISOString();
		const logs = [{ message: `Drawing ${parameters.n} image(s)`, timestamp }];
		return body('IN_PROGRESS', { progress: Math.round(share * 100), logs });
	}
	if (ending?.how === 'succeeded') {
		return body('COMPLETED', { metrics: { inference_time: (endsAt - createdAt) / 1000 } });
	}
	const { how: _, status = 'COMPLETED', ...error } = ending!;
	return body(status, error);
}

export type OutputRecord = Record<string, unknown> & { url?: string };
export type ResultBody = Record<string, unknown> & { outputs?: OutputRecord[] };

/** The contract is unsure of the result of a failure: here it is the 200 with the error in it. */
export function resultOf(task: Task, imagesOrigin: string): Answer {
	if (task.ending?.how !== 'succeeded') {
		return { ...statusOf(task), status: task.state === 'ended' ? 200 : 202 };
	}
	const outputs = task.images.map(({ path, picture }): OutputRecord => {
		const { bytes, contentType, width, height } = picture!;
		return {
			type: 'image',
			url: `${imagesOrigin}${path}`,
			content_type: contentType,
			// The service gives every image of every task this same name.
			file_name: `output.${task.parameters.output_format}`,
			file_size: bytes.length,
			...{ width, height },
		};
	});
	const metadata = { prompt: task.parameters.prompt };
	return { status: 200, body: { request_id: task.id, outputs, metadata } satisfies ResultBody };
}

export const CANCELS = {
	taken: ({ id }: Task): Answer => ({
		status: 202,
		body: { request_id: id, status: 'CANCELLATION_REQUESTED' },
	}),
	tooLate: ({ id }: Task): Answer => ({
		status: 400,
		body: { request_id: id, status: 'ALREADY_COMPLETED' },
	}),
	notFound: (): Answer => ({ status: 404, body: { status: 'NOT_FOUND' } }),
};
