/** How a task ends. What a failure says stands in its status and in its result as it is here. */
export type Ending = { how: 'succeeded' } | BadEnd;

export type BadEnd = {
	how: 'failed' | 'cancelled';
	/** The status word, where it is another than COMPLETED. */
	status?: string;
	error?: unknown;
	error_type?: string;
	provider_error?: Record<string, unknown>;
};

/** Every way to fail: scenarios play them by name, simulations by chance. */
export const FAILURES = {
	failed: { how: 'failed', error: 'Model inference failed', error_type: 'INFERENCE_FAILURE' },
	cancelled: { how: 'cancelled', error: 'Request was canceled', error_type: 'CANCELED' },
	contentBlocked: {
		how: 'failed',
		error: 'Your request was rejected by the safety system',
		error_type: 'CONTENT_BLOCKED',
	},
	inferenceFailure: {
		how: 'failed',
		error: { code: 'MODEL_ERROR', message: 'The model failed' },
		error_type: 'INFERENCE_FAILURE',
		provider_error: {
			code: 'upstream_5003',
			message: 'resource preexisting on worker',
			task_status: 'FAILED',
		},
	},
	timeout: {
		how: 'failed',
		error: { code: 'TIMEOUT', message: 'Took longer than 300 s' },
		error_type: 'INFERENCE_TIMEOUT',
	},
	requestInvalid: { how: 'failed', error: 'Invalid size', error_type: 'REQUEST_INVALID' },
	stringError: {
		how: 'failed',
		error: 'something went wrong',
		error_type: 'INTERNAL_SERVER_ERROR',
	},
} as const satisfies Record<string, BadEnd>;

const SUCCEEDED: Ending = { how: 'succeeded' };

export const ENDINGS = { succeeded: SUCCEEDED, ...FAILURES };

/** Whether a status or a result says that its task has failed. */
export const saysFailed = ({ error, error_type: type, status }: Record<string, unknown>): boolean =>
	error !== undefined ||
	type !== undefined ||
	Object.values<BadEnd>(FAILURES).some((end) => end.status === String(status).toUpperCase());
