import type { Call } from '../../nodes/GptImage1/task/contract';
import * as errors from '../../nodes/GptImage1/task/errors';

const CALLS: Call[] = ['create', 'status', 'result', 'cancel'];
const STATUSES = [
	300, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 418, 422, 425, 429, 500, 503,
];
const ID = 'mmsu_1';
const idFor = (call: Call) => (call === 'create' ? undefined : ID);

/** Every problem that there is, in every variant, as a list that grows with the page. */
const ALL: Array<[string, errors.Problem, string | undefined]> = [
	...CALLS.flatMap((call) => {
		const id = idFor(call);
		return [
			...STATUSES.map((status): [string, errors.Problem, string | undefined] => [
				`${call} answered ${status}`,
				errors.refused(call, { status, body: { detail: 'was canceled' } }, id),
				id,
			]),
			[`${call} unreachable`, errors.unreachable(call, 'ECONNREFUSED', id), id],
			[`${call} interrupted`, errors.interrupted(call, 'ECONNRESET', id), id],
			[`${call} unreadable`, errors.unreadable(call, 'canceled', id), id],
		] as Array<[string, errors.Problem, string | undefined]>;
	}),
	['about another', errors.aboutAnother('status', ID, 'mmsu_2'), ID],
	['unanswered before', errors.unansweredBefore(), undefined],
	['too busy', errors.tooBusy(90_000), undefined],
	...[
		'CONTENT_BLOCKED',
		'REQUEST_INVALID',
		'INFERENCE_TIMEOUT',
		'INFERENCE_FAILURE',
		'NEW',
		undefined,
	].map((errorType): [string, errors.Problem, string] => [
		`failed with ${errorType}`,
		errors.taskFailed(ID, 'failed', { words: 'canceled', ...(errorType && { errorType }) }),
		ID,
	]),
	[
		'cancelled',
		errors.taskFailed(ID, 'cancelled', { words: 'was canceled', errorType: 'CANCELED' }),
		ID,
	],
	['timed out', errors.notReadyInTime(ID, 60, undefined, false), ID],
	[
		'timed out with a word',
		errors.notReadyInTime(ID, 60, { state: 'running', word: 'X', known: false }, false),
		ID,
	],
	[
		'timed out and cancelled',
		errors.notReadyInTime(ID, 60, { state: 'queued', word: 'IN_QUEUE', known: true }, true),
		ID,
	],
	['no images', errors.noImages(ID), ID],
	...(
		[
			{ kind: 'address' },
			{ kind: 'status', status: 404 },
			{ kind: 'network', code: 'ECONNRESET' },
			{ kind: 'content', what: 'x' },
			{ kind: 'size', limit: 64 * 1024 * 1024 },
			{ kind: 'storage', what: 'disk full' },
		] as errors.ImageFault[]
	).map((fault): [string, errors.Problem, string] => [
		`image: ${fault.kind}`,
		errors.imageNotFetched(ID, 0, 'https://cdn/x.png', fault),
		ID,
	]),
	['unforeseen', errors.unforeseen(new Error('x'), ID), ID],
	['unforeseen without a task', errors.unforeseen('the disk is on fire'), undefined],
	['a bad parameter', errors.invalidParameter('Size', 'x', 'must be y'), undefined],
];

describe.each(ALL)('%s', (_name, { details, message }, requestId) => {
	test('says in one sentence what happened, and then what to do next', () => {
		expect(message).toBe(details.message);
		expect(message).toMatch(/^[A-Z][^\n]{10,200}[^.\n]$/);
		expect(details.description).toMatch(/[A-Za-z].{10,}/s);
	});

	test('does not make n8n end the run as canceled', () => {
		expect(message).not.toMatch(/canceled/i);
	});

	test('names the request id where there is one', () => {
		expect(details.requestId).toBe(requestId);
		if (requestId !== undefined) expect(`${message} ${details.description}`).toContain(requestId);
	});

	test("keeps the service's words out of the message", () => {
		expect(message).not.toContain('was canceled');
	});
});

test('only the words for Stop make n8n end the run as canceled', () => {
	expect(errors.STOPPED).toContain('canceled');
});

test.each(CALLS)('%s: whether a task may exist that nobody knows', (call) => {
	const refused = (status: number) =>
		errors.refused(call, { status, body: undefined }, idFor(call)).details.mayExist;
	const isCreate = call === 'create';
	expect(STATUSES.filter(refused)).toEqual(isCreate ? [408, 500, 503] : []);
	expect(errors.interrupted(call, 'X', idFor(call)).details.mayExist).toBe(isCreate);
	expect(errors.unreadable(call, 'x', idFor(call)).details.mayExist).toBe(isCreate);
	expect(errors.unreachable(call, 'X', idFor(call)).details.mayExist).toBeFalsy();
	expect(errors.unansweredBefore().details.mayExist).toBe(true);
});

test.each(['failed', 'cancelled'] as const)('a task that %s leaves nothing to fetch', (state) => {
	expect(errors.taskFailed(ID, state, { words: 'x' }).details).toMatchObject({
		taskIsLost: true,
		state,
	});
});

test('a time-out leaves the task, unless it was cancelled', () => {
	const last = { state: 'running' as const, word: 'IN_PROGRESS', known: true };
	expect(errors.notReadyInTime(ID, 60, last, false).details).toMatchObject({
		taskIsLost: false,
		state: 'running',
	});
	expect(errors.notReadyInTime(ID, 60, last, true).details).toMatchObject({
		taskIsLost: true,
		state: 'cancelled',
	});
});

test.each<[number, RegExp]>([
	[401, /key/],
	[402, /balance/],
	[403, /key has expired.*credential/],
	[404, /base URL/],
	[429, /Max Tasks in Flight/],
])('%d: what to do', (status, advice) => {
	const { description } = errors.refused('create', { status, body: {} }).details;
	expect(description).toMatch(advice);
});

test('CONTENT_BLOCKED speaks of the prompt', () => {
	const failure = { words: 'x', errorType: 'CONTENT_BLOCKED' };
	expect(errors.taskFailed(ID, 'failed', failure).details.description).toContain('the prompt');
});

test('a value in an error is short and on one line', () => {
	const message = (value: unknown) => errors.invalidParameter('P', value, 'is wrong').message;
	expect(message('a\nb')).toContain('it is "a\\nb"');
	expect(message('x'.repeat(500)).length).toBeLessThan(130);
	expect(message(undefined)).toContain('it is nothing');
	expect(message(() => 1)).toContain('it is function');
});

test('the other tasks of a run', () => {
	expect(errors.otherTasks([])).toBeUndefined();
	expect(errors.otherTasks(['a', 'b'])).toContain('Their request IDs: a, b');
});

test('sizes are told in MB', () => {
	const fault = { kind: 'size', limit: 64 * 1024 * 1024 } as const;
	const { description } = errors.imageNotFetched(ID, 2, 'u', fault).details;
	expect(description).toContain('it is larger than 64 MB');
});
