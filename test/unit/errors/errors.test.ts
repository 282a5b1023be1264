import { NodeApiError } from 'n8n-workflow';
import * as calls from '../../../nodes/GptImage1/errors/calls';
import { invalidParameter } from '../../../nodes/GptImage1/errors/parameters';
import { refused } from '../../../nodes/GptImage1/errors/refusals';
import type { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import * as tasks from '../../../nodes/GptImage1/errors/tasks';
import { EVERY_ERROR, GIVEN, ID, idFor, REFUSED, RUNNING, STATUSES, TASK } from './everyError';

/** What every error owes its reader. */
describe.each(Object.entries(EVERY_ERROR))('%s', (section, entries) => {
	test.each(entries)('%s', (when, { details, message }) => {
		// What could not be done in one sentence, and then what to do next.
		expect(message).toBe(details.message);
		expect(message).toMatch(/^[A-Z'][^\n]{10,200}[^.\n]$/);
		expect(details.description).toMatch(/[A-Za-z].{10,}/s);
		// n8n ends a run as canceled by that word, and rewrites a message with a system code.
		expect(message).not.toMatch(/canceled/i);
		expect(new NodeApiError({} as never, {}, { message }).message).toBe(message);
		const told = `${message} ${details.description}`;
		const isBeforeTask = /^(Parameters|Creating)/.test(section) || when.endsWith('a task exists');
		expect(details.requestId).toBe(isBeforeTask ? undefined : ID);
		if (!isBeforeTask) expect(told).toContain(ID);
		// No gap where something is not known.
		expect(told).not.toMatch(/undefined|null|NaN| {2}|""|: \./);
	});
});

const CALLS = ['create', 'status', 'result', 'cancel'] as const;

test.each(CALLS)('%s: whether a task with an unknown request ID may exist', (call) => {
	const isCreate = call === 'create';
	const id = idFor(call);
	const mayExist = ({ details }: TaskError) => details.possiblyCreated ?? false;
	const unclear = [303, ...STATUSES].filter((status) => mayExist(refused(call, { status }, id)));
	expect(unclear).toEqual(isCreate ? [303, 408, 409, 500, 503] : []);
	const cutOff = [calls.interrupted(call, 'X', id), calls.unreadable(call, 'x', id)];
	const tooMuch = [calls.responseTooLate(call, 30, id), calls.responseTooLarge(call, 3, id)];
	expect([...cutOff, ...tooMuch].map(mayExist)).toEqual(Array(4).fill(isCreate));
	const notSent = [calls.notSent(call, 'X', id), calls.rateLimitHolds(call, 1000, id)];
	expect(notSent.map(mayExist)).toEqual([false, false]);
	expect(mayExist(calls.unconfirmedBefore())).toBe(true);
});

test.each([
	['sk-live-0123', ''],
	['https://x.y/model?key=sk-live-0123', 'It is "https://x.y/model?…".'],
	['https://sk-live-0123@x.y', 'It is "https://…@x.y".'],
])('a key in the base URL is not shown: %s', (baseUrl, shown) => {
	const { description } = calls.invalidBaseUrl('status', baseUrl).details;
	expect(description).not.toContain('sk-live');
	expect(description).toContain(shown);
});

/** Whether there is anything to fetch. */
test.each([
	['that failed', tasks.taskFailed(TASK, 'failed', {}), true, 'failed'],
	['that is late', tasks.timedOut(TASK, 60, RUNNING), false, 'running'],
	['cancelled in time-out', tasks.timedOut(TASK, 60, RUNNING, 'cancelled'), true, 'cancelled'],
	['not cancelled then', tasks.timedOut(TASK, 60, RUNNING, REFUSED), false, 'running'],
])('a task %s has ended: %s', (_what, { details }, taskEnded, state) => {
	expect(details).toMatchObject({ taskEnded, state });
});

test.each([
	tasks.taskFailed(GIVEN, 'failed', {}),
	tasks.taskFailed(GIVEN, 'cancelled', {}),
	tasks.timedOut(GIVEN, 60, undefined, 'cancelled'),
])('a retry does not create what the execution has not created: $message', ({ details }) => {
	expect(details.description).toContain("use 'Generate'");
	expect(details.description).not.toContain('Retry execution');
});

test('an unknown task is not said to be kept; a changed credential needs a new execution', () => {
	const about = (status: number, created = false) =>
		refused('status', { status }, ID, created).details.description;
	expect(about(404)).not.toMatch(/Get Result|new execution/);
	expect(about(404, true)).toContain('start a new execution');
	expect(about(403)).toContain(`use 'Get Result' with request ID ${ID}`);
});

test('a value in an error is short and on one line, also where it is no JSON', () => {
	const said = (value: unknown) => invalidParameter('P', value, 'is wrong').details.description!;
	expect(said('a\nb')).toContain('It is "a\\nb".');
	expect(said('x'.repeat(500)).length).toBeLessThan(180);
	expect(said(undefined)).toContain('It is nothing.');
	expect(said('')).toContain('It is empty.');
	expect(said(() => 1)).toContain('It is function.');
	const circle: unknown[] = [];
	circle.push(circle);
	for (const noJson of [2n, circle]) expect(said(noJson)).toContain('It is');
});

test('the error that ends a run lists its other tasks', () => {
	expect(tasks.otherTasks([], [])).toBeUndefined();
	expect(tasks.otherTasks(['a', 'b'], [])).toMatch(/Their request IDs: a, b$/);
	expect(tasks.otherTasks([], [2, 5])).toMatch(/were created: 2, 5\. Check .* again\.$/);
	expect(tasks.otherTasks(['a'], [2])).toMatch(/request IDs: a\n\n.*were created: 2\./);
	const many = Array.from({ length: 130 }, (_, number) => `id${number}`);
	expect(tasks.otherTasks(many, [])).toMatch(/id99 and 30 more, which n8n's log names$/);
});
