import type { Task } from './task';

/** The service's answers. */

/** An object goes out as JSON, a string as HTML or text, a Buffer as it is. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

const answer = (status: number, body: unknown): Answer => ({ status, body });

const gatewayError = (code: string, message: string) => ({
	error: { code, message },
	// Names the HTTP call for support; it is no task's id.
	request_id: 'gw_5f3c7a',
});

export const ERRORS = {
	unauthorized: (message: string) => answer(401, gatewayError('UNAUTHORIZED', message)),
	wrongKey: () => answer(401, { error: 'invalid_api_key' }),
	noCredits: (message = 'Insufficient credits') =>
		answer(402, { status: { code: 402, message, error_code: 40201 }, data: null }),
	notAllowed: (detail = 'Model not allowed for this user') => answer(403, { detail }),
	notFound: (detail = 'Request not found') => answer(404, { detail }),
	wrongMethod: () => answer(405, { detail: 'Method Not Allowed' }),
	refused: (detail: unknown) => answer(422, { detail }),
	/** @param retryAfter seconds, or a date */
	tooMany: (message: string, retryAfter?: number | string): Answer => ({
		...answer(429, gatewayError('RATE_LIMIT_EXCEEDED', message)),
		headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
	}),
	failed: (status = 500, detail = 'Runtime execution failed') => answer(status, { detail }),
	gatewayPage: (status = 502) => {
		const head = `<head><title>${status} Bad Gateway</title></head>`;
		return answer(status, `<html>${head}<body>nginx</body></html>`);
	},
	goneImage: () => answer(410, '<html><body>410 Gone</body></html>'),
	noSuchImage: () => answer(404, '<html><body>404 Not Found</body></html>'),
};

/** @param callsUrl up to and with the name of the app */
export function created({ id }: Task, callsUrl: string): Answer {
	const url = `${callsUrl}/requests/${id}`;
	const urls = { status_url: `${url}/status`, cancel_url: `${url}/cancel` };
	const response_url = `${url}/response`;
	return answer(200, { request_id: id, response_url, ...urls, queue_position: 0 });
}

/** A status; a result that is not there yet has the same body. */
export function statusOf(task: Task): Answer {
	const { id, state, ending, share, parameters, createdAt, endsAt } = task;
	const body = (word: string, more: object) =>
		answer(200, { request_id: id, status: word, ...more });
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
			...{ type: 'image', url: `${imagesOrigin}${path}`, content_type: contentType },
			// The service gives every image of every task this same name.
			file_name: `output.${task.parameters.output_format}`,
			...{ file_size: bytes.length, width, height },
		};
	});
	const metadata = { prompt: task.parameters.prompt };
	return { status: 200, body: { request_id: task.id, outputs, metadata } satisfies ResultBody };
}

export const CANCELS = {
	taken: ({ id }: Task) => answer(202, { request_id: id, status: 'CANCELLATION_REQUESTED' }),
	tooLate: ({ id }: Task) => answer(400, { request_id: id, status: 'ALREADY_COMPLETED' }),
	notFound: () => answer(404, { status: 'NOT_FOUND' }),
};
