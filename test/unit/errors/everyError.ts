import type { IDataObject } from 'n8n-workflow';
import * as calls from '../../../nodes/GptImage1/errors/calls';
import { imageNotFetched } from '../../../nodes/GptImage1/errors/images';
import type { ImageFault } from '../../../nodes/GptImage1/errors/images';
import { tooManyImagesWanted } from '../../../nodes/GptImage1/errors/parameters';
import { refused } from '../../../nodes/GptImage1/errors/refusals';
import type { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import * as tasks from '../../../nodes/GptImage1/errors/tasks';
import type { Item } from '../../../nodes/GptImage1/run/item';
import * as parameters from '../../../nodes/GptImage1/run/parameters';
import { createBody } from '../../../nodes/GptImage1/service/requestBody';
import type { Call, TaskStatus } from '../../../nodes/GptImage1/service/types';

/** Every error that there is, in every variant. */

export const STATUSES = [
	...[300, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 418, 422, 425, 429, 500, 503],
];

export const ID = 'mmsu_1';
export const TASK = { requestId: ID, created: true };
export const GIVEN = { requestId: ID, created: false };

export const RUNNING: TaskStatus = { state: 'running', word: 'IN_PROGRESS', fields: {} };
const QUEUED: TaskStatus = { state: 'queued', word: 'IN_QUEUE', fields: {} };
export const REFUSED = refused('cancel', { status: 403 }, ID);

export const idFor = (call: Call) => (call === 'create' ? undefined : ID);

type Entry = [when: string, error: TaskError];

const NO_URL = "'Base URL' does not begin with http:// or https://";
const SAYS = 'what SeaArt Cloud says';
const A_PAGE = 'a web page instead of an image';
const CANCELED = { errorType: 'CANCELED', message: 'was canceled' };

function ofCall(call: Call): Entry[] {
	const id = idFor(call);
	const refusals = STATUSES.map((status) => refused(call, { status, message: SAYS }, id));
	return [
		...refusals.map((error): Entry => [`HTTP ${error.details.httpCode}`, error]),
		['A response with an ID for support', refused(call, { status: 403, supportId: 'req_8' }, id)],
		['No connection', calls.notSent(call, 'ECONNREFUSED', id)],
		[NO_URL, calls.invalidBaseUrl(call, 'localhost:1', id)],
		['The connection was lost', calls.interrupted(call, 'ECONNRESET', id)],
		['No complete response in time', calls.responseTooLate(call, 30, id)],
		['The response is not JSON, or lacks a required field', calls.unreadable(call, SAYS, id)],
		['The response has an ID that cannot be one', calls.unreadable(call, SAYS, id, 'a/b')],
		['The response is too large', calls.responseTooLarge(call, 300_000, id)],
		['Retry-After is longer than the call may wait', calls.rateLimitHolds(call, 90_000, id)],
		['HTTP 429 until the node gave up', calls.rateLimitHolds(call, 0, id)],
	];
}

function failed(errorType: string): Entry {
	return [errorType, tasks.taskFailed(TASK, 'failed', { errorType, message: SAYS })];
}

function ofImage(when: string, fault: ImageFault): Entry {
	return [when, imageNotFetched(ID, 0, fault, 'https://cdn.example/1.png')];
}

/** The parameter is refused. */
function invalid(when: string, check: () => unknown): Entry {
	try {
		check();
	} catch (error) {
		return [when, error as TaskError];
	}
	throw new Error(`${when} was accepted`);
}

const itemWith = (values: IDataObject) =>
	({ parameter: (name: string, fallback: unknown) => values[name] ?? fallback }) as Item;

const BODY = { prompt: 'an apple', n: 1, size: 'auto', quality: 'auto' };
const inBody = (when: string, change: IDataObject) =>
	invalid(when, () => createBody({ ...BODY, ...change }));

const inPlan = (when: string, values: IDataObject, options: IDataObject = {}) =>
	invalid(when, () => {
		parameters.waitPlan(itemWith(values), options);
		parameters.imagePlan(itemWith(values), options);
	});

export const EVERY_ERROR: Record<string, Entry[]> = {
	Parameters: [
		inBody('Prompt: empty', { prompt: '' }),
		inBody('Prompt: not text', { prompt: { subject: 'an apple' } }),
		inBody('Prompt: too long', { prompt: 'x'.repeat(32_001) }),
		inBody('Number of Images', { n: 11 }),
		inBody('Size', { size: '512x512' }),
		inBody('Quality', { quality: 'best' }),
		inBody('Background', { background: 'white' }),
		inBody('Background: transparent JPEG', { background: 'transparent', output_format: 'jpeg' }),
		inBody('Output Format', { output_format: 'gif' }),
		inBody('Output Compression', { output_compression: 101 }),
		inBody('Moderation', { moderation: 'off' }),
		inBody('User', { user: { name: 'me' } }),
		invalid('Max Images per Run', () => parameters.maxImages({ maxImages: -1 })),
		invalid('Max Tasks in Flight', () => parameters.maxTasksInFlight({ maxTasksInFlight: 0 })),
		inPlan('Wait for Completion', { waitForCompletion: 'yes' }),
		inPlan('Timeout (Seconds)', {}, { timeout: 0 }),
		inPlan('Poll Interval (Seconds)', {}, { pollInterval: 0.1 }),
		inPlan('On Timeout', {}, { onTimeout: 'wait' }),
		inPlan('Cancel on Stop', {}, { cancelOnStop: 'no' }),
		inPlan('Download Images', { downloadImages: 'yes' }),
		inPlan('Put Output File in Field', { binaryPropertyName: ' ' }),
		inPlan('Return Images As', {}, { imageOutput: 'zip' }),
		invalid('Request ID', () => parameters.requestIdOf(itemWith({ requestId: 'a/../b' }))),
		["More images than 'Max Images per Run' allows", tooManyImagesWanted(12, 10, false)],
		["The same with n8n's option Batching", tooManyImagesWanted(12, 10, true)],
	],
	'Creating a task': [
		...ofCall('create'),
		['A retry, after a create without a response', calls.unconfirmedBefore()],
	],
	'Getting the status or the result of a task': [
		...ofCall('status'),
		['The response is about another task', calls.wrongTask('status', ID, 'mmsu_2')],
		['HTTP 404 for a task that the node has created', refused('status', { status: 404 }, ID, true)],
		...ofCall('result'),
	],
	'Cancelling a task': ofCall('cancel'),
	'Tasks that fail or take too long': [
		...['CONTENT_BLOCKED', 'REQUEST_INVALID', 'INFERENCE_TIMEOUT', 'INFERENCE_FAILURE'].map(failed),
		...['INTERNAL_SERVER_ERROR', 'SOMETHING_NEW'].map(failed),
		['Failed without a reason', tasks.taskFailed(TASK, 'failed', {})],
		['Cancelled by someone else', tasks.taskFailed(TASK, 'cancelled', CANCELED)],
		['Failed, and not created by this execution', tasks.taskFailed(GIVEN, 'failed', {})],
		["'Timeout' is reached", tasks.timedOut(TASK, 600, RUNNING)],
		["'Timeout' is reached, in the queue", tasks.timedOut(TASK, 1, QUEUED)],
		["'Timeout' is reached without any status", tasks.timedOut(TASK, 600, undefined)],
		["The same with 'Cancel Task and Fail'", tasks.timedOut(TASK, 600, RUNNING, 'cancelled')],
		['… where the cancel fails', tasks.timedOut(TASK, 600, RUNNING, REFUSED)],
		['Succeeded, but its result does not come', tasks.resultNotAvailable(ID, 180)],
		['Succeeded without an image', tasks.noImages(ID)],
		['Succeeded with far too many images', tasks.tooManyImages(ID, 20_000, 100)],
	],
	Images: [
		['The service left out its URL', imageNotFetched(ID, 1, { kind: 'noUrl' })],
		ofImage('Its URL, or one it redirects to, is not a web address', { kind: 'address' }),
		ofImage('Too many redirects', { kind: 'redirects', max: 5 }),
		ofImage('The image host refuses', { kind: 'status', status: 404 }),
		ofImage('The connection fails, six times', { kind: 'network', code: 'ECONNRESET' }),
		ofImage('The download stalls, or takes more than three minutes', { kind: 'slow' }),
		ofImage('The file is not a complete image, three times', { kind: 'content', sent: A_PAGE }),
		ofImage('The file is too large', { kind: 'size', maxBytes: 64 * 1024 * 1024 }),
		ofImage("n8n's storage refuses the file", { kind: 'storage', reason: 'disk full' }),
	],
	'Anything else': [
		['A fault of this node', tasks.unexpected(new Error('x is not a function'), ID)],
		['The same before a task exists', tasks.unexpected('x is not a function')],
	],
};
