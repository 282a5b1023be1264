import * as calls from '../../../nodes/GptImage1/errors/calls';
import { imageNotFetched } from '../../../nodes/GptImage1/errors/images';
import { invalidParameter } from '../../../nodes/GptImage1/errors/parameters';
import { refused } from '../../../nodes/GptImage1/errors/refusals';
import * as tasks from '../../../nodes/GptImage1/errors/tasks';
import { CALLS, ID, TASK, idFor, last, STATUSES } from './everyError';

test.each(CALLS)('%s: whether a task may exist that nobody knows', (call) => {
	const isCreate = call === 'create';
	const id = idFor(call);
	const possiblyCreated = (status: number) => refused(call, { status }, id).details.possiblyCreated;
	expect([303, ...STATUSES].filter(possiblyCreated)).toEqual(
		isCreate ? [303, 408, 409, 500, 503] : [],
	);
	for (const error of [
		calls.interrupted(call, 'X', id),
		calls.unreadable(call, 'x', id),
		calls.responseTooLate(call, 30, id),
		calls.responseTooLarge(call, 1_000_000, id),
	]) {
		expect(error.details.possiblyCreated).toBe(isCreate);
	}
	expect(calls.notSent(call, 'X', id).details.possiblyCreated).toBeFalsy();
	expect(calls.rateLimitHolds(call, 1000, id).details.possiblyCreated).toBeFalsy();
	expect(calls.unconfirmedBefore().details.possiblyCreated).toBe(true);
});

test.each(['failed', 'cancelled'] as const)('a task that %s leaves nothing to fetch', (state) => {
	expect(tasks.taskFailed(TASK, state, {}).details).toMatchObject({ taskEnded: true, state });
});

test('words that the service never said are not put into its mouth', () => {
	expect(tasks.taskFailed(TASK, 'failed', {}).details.description).not.toContain('says');
});

test('a time-out leaves the task, unless it was cancelled', () => {
	const running = last('running', 'IN_PROGRESS');
	const failed = refused('cancel', { status: 403, message: 'No' }, ID);
	expect(tasks.timedOut(TASK, 60, running).details).toMatchObject({
		taskEnded: false,
		state: 'running',
	});
	expect(tasks.timedOut(TASK, 60, running, 'cancelled').details).toMatchObject({
		taskEnded: true,
		state: 'cancelled',
	});
	expect(tasks.timedOut(TASK, 60, running, failed).details).toMatchObject({
		taskEnded: false,
		state: 'running',
	});
});

test('a cancel that fails does not hide that the task has timed out', () => {
	const failed = refused('cancel', { status: 403, message: 'No' }, ID);
	const { message, description } = tasks.timedOut(TASK, 60, undefined, failed).details;
	expect(message).toBe(
		`Task ${ID} was not seen to finish within 60 seconds and could not be cancelled`,
	);
	expect(description).toContain(failed.message);
	expect(description).toContain('the task may have finished');
	expect(description).toContain(`use 'Get Result' with request ID ${ID}`);
});

test.each<[number, RegExp]>([
	[401, /API key/],
	[402, /credits/],
	[403, /key hasn't expired.*balance/],
	[404, /Base URL/],
	[429, /Max Tasks in Flight/],
])('a create answered %d: what to do', (status, advice) => {
	expect(refused('create', { status }).details.description).toMatch(advice);
});

test('an unknown task of this execution: a new execution helps where the credential changed', () => {
	const unknown = { status: 404 };
	const advice = 'If it has changed since then, start a new execution';
	expect(refused('status', unknown, ID, true).details.description).toContain(advice);
	expect(refused('status', unknown, ID, false).details.description).not.toContain(advice);
});

test('a task that this execution has not created is not created anew by a retry', () => {
	const given = { requestId: ID, created: false };
	const errors = [
		tasks.taskFailed(given, 'failed', {}),
		tasks.taskFailed(given, 'cancelled', {}),
		tasks.timedOut(given, 60, undefined, 'cancelled'),
	];
	for (const { details } of errors) {
		expect(details.description).toContain("use 'Generate'");
		expect(details.description).not.toContain('Retry execution');
	}
});

test('of an unknown task nobody says that it is kept', () => {
	const advice = (status: number) => refused('status', { status }, ID).details.description;
	expect(advice(404)).not.toContain('Get Result');
	expect(advice(403)).toContain(`use 'Get Result' with request ID ${ID}`);
});

test('CONTENT_BLOCKED speaks of the prompt', () => {
	const { description } = tasks.taskFailed(TASK, 'failed', {
		errorType: 'CONTENT_BLOCKED',
	}).details;
	expect(description).toContain("'Prompt'");
});

test('a value in an error is short and on one line', () => {
	const said = (value: unknown) => invalidParameter('P', value, 'is wrong').details.description!;
	expect(said('a\nb')).toContain('It is "a\\nb".');
	expect(said('x'.repeat(500)).length).toBeLessThan(180);
	expect(said(undefined)).toContain('It is nothing.');
	expect(said('')).toContain('It is empty.');
	expect(said(() => 1)).toContain('It is function.');
});

test.each<[string, unknown]>([
	['a big integer', 2n],
	['an object that contains itself', Object.assign([], { 0: [] as unknown[] })],
])('a value that is no JSON: %s', (_what, value) => {
	if (Array.isArray(value)) value.push(value);
	expect(invalidParameter('P', value, 'is wrong').details.description).toContain('It is');
});

test('the error that ends a run lists its other tasks', () => {
	expect(tasks.otherTasks([], [])).toBeUndefined();
	expect(tasks.otherTasks(['a', 'b'], [])).toMatch(/Their request IDs: a, b$/);
	expect(tasks.otherTasks([], [2, 5])).toMatch(
		/these items were created: 2, 5\. Check .* again\.$/,
	);
	expect(tasks.otherTasks(['a'], [2])).toMatch(/request IDs: a\n\n.*were created: 2\./);
	const many = Array.from({ length: 130 }, (_, number) => `id${number}`);
	expect(tasks.otherTasks(many, [])).toMatch(/id99 and 30 more, which n8n's log names$/);
});

test('the largest size is told in MB', () => {
	const fault = { kind: 'size', maxBytes: 64 * 1024 * 1024 } as const;
	expect(imageNotFetched(ID, 2, 'u', fault).message).toContain('larger than 64 MB');
	expect(calls.responseTooLarge('status', 1_000_000, ID).message).toContain('larger than 1 MB');
});
