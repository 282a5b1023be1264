import * as calls from '../../../nodes/GptImage1/errors/calls';
import { imageNotFetched } from '../../../nodes/GptImage1/errors/images';
import type { ImageFault } from '../../../nodes/GptImage1/errors/images';
import { tooManyImagesWanted } from '../../../nodes/GptImage1/errors/parameters';
import { refused } from '../../../nodes/GptImage1/errors/refusals';
import type { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import * as tasks from '../../../nodes/GptImage1/errors/tasks';
import type { Call, TaskStatus } from '../../../nodes/GptImage1/service/types';
import { invalidParameters } from './invalidParameters';

/** Every error that there is, in every variant. */

export const CALLS: Call[] = ['create', 'status', 'result', 'cancel'];

export const STATUSES = [
	...[300, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 418, 422, 425, 429, 500, 503],
];

export const ID = 'mmsu_1';

export const TASK = { requestId: ID, created: true };

const GIVEN = { requestId: ID, created: false };

export const idFor = (call: Call) => (call === 'create' ? undefined : ID);

export const last = (state: 'queued' | 'running', word: string): TaskStatus => ({
	state,
	word,
	fields: {},
});

export type Entry = {
	section: string;
	when: string;
	error: TaskError;
	/** The request ID that it must name. */
	requestId: string | undefined;
};

const entriesOf =
	(section: string) =>
	<A extends unknown[]>(when: string, construct: (...args: A) => TaskError, ...args: A): Entry => ({
		section,
		when,
		error: construct(...args),
		requestId: [ID, TASK, GIVEN].some((one) => args.includes(one)) ? ID : undefined,
	});

const SECTIONS: Record<Call, string> = {
	create: 'Creating a task',
	status: 'Getting the status or the result of a task',
	result: 'Getting the status or the result of a task',
	cancel: 'Cancelling a task',
};

const SAYS = 'what SeaArt Cloud says';

function ofCall(call: Call): Entry[] {
	const of = entriesOf(SECTIONS[call]);
	const id = idFor(call);
	return [
		...STATUSES.map((status) => of(`HTTP ${status}`, refused, call, { status, message: SAYS }, id)),
		of('A response with an ID for support', refused, call, { status: 403, supportId: 'req_8' }, id),
		of('No connection', calls.notSent, call, 'ECONNREFUSED', id),
		of(
			"'Base URL' does not begin with http:// or https://",
			calls.invalidBaseUrl,
			call,
			'localhost:1',
			id,
		),
		of('The connection was lost', calls.interrupted, call, 'ECONNRESET', id),
		of('No complete response in time', calls.responseTooLate, call, 30, id),
		of('The response is not JSON, or lacks a required field', calls.unreadable, call, SAYS, id),
		of('The response is too large', calls.responseTooLarge, call, 1_000_000, id),
		of('Retry-After is longer than the call may wait', calls.rateLimitHolds, call, 90_000, id),
		of('HTTP 429 until the node gave up', calls.rateLimitHolds, call, 0, id),
	];
}

const creating = entriesOf(SECTIONS.create);
const reading = entriesOf(SECTIONS.status);
const ending = entriesOf('Tasks that fail or take too long');
const delivering = entriesOf('Images');
const checking = entriesOf('Parameters');
const surprising = entriesOf('Anything else');

const FAILURES = [
	...['CONTENT_BLOCKED', 'REQUEST_INVALID', 'INFERENCE_TIMEOUT', 'INFERENCE_FAILURE'],
	...['INTERNAL_SERVER_ERROR', 'SOMETHING_NEW'],
];

const FAULTS: Record<ImageFault['kind'], [when: string, fault: ImageFault]> = {
	address: ['Its URL, or one it redirects to, is not a web address', { kind: 'address' }],
	redirects: ['Too many redirects', { kind: 'redirects', max: 5 }],
	status: ['The image host refuses', { kind: 'status', status: 404 }],
	network: ['The connection fails, six times', { kind: 'network', code: 'ECONNRESET' }],
	slow: ['The download stalls, or takes more than three minutes', { kind: 'slow' }],
	content: [
		'The file is not a complete image, three times',
		{ kind: 'content', sent: 'a web page instead of an image' },
	],
	size: ['The file is too large', { kind: 'size', maxBytes: 64 * 1024 * 1024 }],
	storage: ["n8n's storage refuses the file", { kind: 'storage', reason: 'disk full' }],
};

const RUNNING = last('running', 'IN_PROGRESS');
const QUEUED = last('queued', 'IN_QUEUE');

export const EVERY_ERROR: Entry[] = [
	...invalidParameters().map((one): Entry => ({
		...one,
		section: 'Parameters',
		requestId: undefined,
	})),
	checking("More images than 'Max Images per Run' allows", tooManyImagesWanted, 12, 10, false),
	checking("The same with n8n's option Batching", tooManyImagesWanted, 12, 10, true),
	...ofCall('create'),
	creating('A retry, after a create without a response', calls.unconfirmedBefore),
	...ofCall('status'),
	reading('The response is about another task', calls.wrongTask, 'status', ID, 'mmsu_2'),
	reading(
		'HTTP 404 for a task that the node has created',
		refused,
		'status',
		{ status: 404 },
		ID,
		true,
	),
	...ofCall('result'),
	...ofCall('cancel'),
	...FAILURES.map((errorType) =>
		ending(errorType, tasks.taskFailed, TASK, 'failed', { errorType, message: SAYS }),
	),
	ending('Failed without a reason', tasks.taskFailed, TASK, 'failed', {}),
	ending('Cancelled by someone else', tasks.taskFailed, TASK, 'cancelled', {
		errorType: 'CANCELED',
		message: 'was canceled',
	}),
	ending('Failed, and not created by this execution', tasks.taskFailed, GIVEN, 'failed', {}),
	ending("'Timeout' is reached", tasks.timedOut, TASK, 600, RUNNING),
	ending("'Timeout' is reached, in the queue", tasks.timedOut, TASK, 1, QUEUED),
	ending("'Timeout' is reached without any status", tasks.timedOut, TASK, 600, undefined),
	ending("The same with 'Cancel Task and Fail'", tasks.timedOut, TASK, 600, RUNNING, 'cancelled'),
	ending(
		'… where the cancel fails',
		tasks.timedOut,
		TASK,
		600,
		RUNNING,
		refused('cancel', { status: 403 }, ID),
	),
	ending('Succeeded, but its result does not come', tasks.resultNotAvailable, ID, 180),
	ending('Succeeded without an image', tasks.noImages, ID),
	ending('Succeeded with far too many images', tasks.tooManyImages, ID, 20_000, 100),
	...Object.values(FAULTS).map(([when, fault]) =>
		delivering(when, imageNotFetched, ID, 0, 'https://cdn.example/1.png', fault),
	),
	surprising('A fault of this node', tasks.unexpected, new Error('x is not a function'), ID),
	surprising('The same before a task exists', tasks.unexpected, 'x is not a function'),
];
