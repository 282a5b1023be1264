import * as calls from '../../../nodes/GptImage1/errors/calls';
import { imageNotFetched } from '../../../nodes/GptImage1/errors/images';
import type { ImageFault } from '../../../nodes/GptImage1/errors/images';
import { invalidParameter } from '../../../nodes/GptImage1/errors/parameters';
import { refused } from '../../../nodes/GptImage1/errors/refusals';
import type { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import * as tasks from '../../../nodes/GptImage1/errors/tasks';
import type { Call, TaskStatus } from '../../../nodes/GptImage1/service/types';

/** Every error that there is, in every variant. */

export const CALLS: Call[] = ['create', 'status', 'result', 'cancel'];

export const STATUSES = [
	...[300, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 418, 422, 425, 429, 500, 503],
];

export const ID = 'mmsu_1';

export const idFor = (call: Call) => (call === 'create' ? undefined : ID);

export const last = (state: 'queued' | 'running', word: string): TaskStatus => ({
	state,
	word,
	fields: {},
});

/** What it is, the error, and the request ID that it must name. */
type Entry = [string, TaskError, string | undefined];

const FAULTS: ImageFault[] = [
	{ kind: 'address' },
	{ kind: 'redirects', max: 5 },
	{ kind: 'status', status: 404 },
	{ kind: 'network', code: 'ECONNRESET' },
	{ kind: 'slow' },
	{ kind: 'content', sent: 'no data' },
	{ kind: 'size', maxBytes: 64 * 1024 * 1024 },
	{ kind: 'storage', reason: 'disk full' },
];

const ERROR_TYPES = [
	...['CONTENT_BLOCKED', 'REQUEST_INVALID', 'INFERENCE_TIMEOUT', 'INFERENCE_FAILURE'],
	...['INTERNAL_SERVER_ERROR', 'NEW', undefined],
];

export const EVERY_ERROR: Entry[] = [
	...CALLS.flatMap((call): Entry[] => {
		const id = idFor(call);
		return [
			...STATUSES.map((status): Entry => {
				const response = { status, body: { detail: 'was canceled' } };
				return [`${call} answered ${status}`, refused(call, response, id), id];
			}),
			[`${call} not sent`, calls.notSent(call, 'ECONNREFUSED', id), id],
			[`${call} interrupted`, calls.interrupted(call, 'ECONNRESET', id), id],
			[`${call} answered too late`, calls.responseTooLate(call, 30, id), id],
			[`${call} unreadable`, calls.unreadable(call, 'canceled', id), id],
			[`${call} too large`, calls.responseTooLarge(call, 1_000_000, id), id],
			[`${call} held back`, calls.rateLimitHolds(call, 90_000, id), id],
		];
	}),
	['invalid base URL', calls.invalidBaseUrl('create', 'localhost:1'), undefined],
	['about another task', calls.wrongTask('status', ID, 'mmsu_2'), ID],
	['unconfirmed before', calls.unconfirmedBefore(), undefined],
	...ERROR_TYPES.map((errorType): Entry => {
		const failure = { message: 'canceled', ...(errorType && { errorType }) };
		return [`failed with ${errorType}`, tasks.taskFailed(ID, 'failed', failure), ID];
	}),
	[
		'cancelled',
		tasks.taskFailed(ID, 'cancelled', { message: 'was canceled', errorType: 'CANCELED' }),
		ID,
	],
	['failed without a reason', tasks.taskFailed(ID, 'failed', {}), ID],
	['timed out without a status', tasks.timedOut(ID, 60, undefined), ID],
	['timed out', tasks.timedOut(ID, 60, last('running', 'X (unknown)')), ID],
	['timed out and cancelled', tasks.timedOut(ID, 60, last('queued', 'IN_QUEUE'), 'cancelled'), ID],
	[
		'timed out, and the cancel failed',
		tasks.timedOut(ID, 60, undefined, refused('cancel', { status: 403 }, ID)),
		ID,
	],
	['result not available', tasks.resultNotAvailable(ID, 180), ID],
	['no images', tasks.noImages(ID), ID],
	['too many images', tasks.tooManyImages(ID, 20_000, 100), ID],
	...FAULTS.map((fault): Entry => {
		return [`image: ${fault.kind}`, imageNotFetched(ID, 0, 'https://cdn/x.png', fault), ID];
	}),
	['unexpected', tasks.unexpected(new Error('x'), ID), ID],
	['unexpected, without a task', tasks.unexpected('the disk is on fire'), undefined],
	['a bad parameter', invalidParameter('Size', 'x', 'must be y'), undefined],
];
