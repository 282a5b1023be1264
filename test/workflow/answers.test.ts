import type { Misbehaviour } from '../emulator';
import type { Execution } from '../engine/execution';
import { useBench } from './bench';

/** Every operation, and everything that its own call can be answered. */

jest.mock('../../nodes/GptImage1/run/clock', () => jest.requireActual('./hastyClock'));

const bench = useBench();

const OPERATIONS = {
	generate: { call: 'create', doing: 'while creating the task' },
	getStatus: { call: 'status', doing: 'while asking for the status of task ID' },
	getResult: { call: 'result', doing: 'while fetching the result of task ID' },
	cancel: { call: 'cancel', doing: 'while cancelling task ID' },
} as const;

type Operation = keyof typeof OPERATIONS;

const READS = ['getStatus', 'getResult', 'cancel'] as const;

const gatewayError = (code: string, message: string) => ({
	error: { code, message },
	request_id: 'gw_17',
});

const ANSWERS = {
	400: { status: 400, body: { detail: 'size is not supported' } },
	401: { status: 401, body: gatewayError('UNAUTHORIZED', 'No such key') },
	402: {
		status: 402,
		body: { status: { code: 402, message: 'Insufficient credits', error_code: 40201 }, data: null },
	},
	403: { status: 403, body: { detail: 'Model not allowed for this user' } },
	404: { status: 404, body: { detail: 'Request not found' } },
	422: { status: 422, body: { detail: [{ loc: ['body', 'size'], msg: 'Not a size' }] } },
	429: {
		status: 429,
		headers: { 'retry-after': '1' },
		body: gatewayError('RATE_LIMIT_EXCEEDED', 'Too many requests'),
	},
	500: { status: 500, body: { detail: 'Runtime execution failed' } },
	'an HTML 502': 'htmlError502',
	'malformed JSON': {
		status: 200,
		headers: { 'content-type': 'application/json' },
		body: '{"request_id": "mm',
	},
} as const satisfies Record<string, Misbehaviour>;

type Named = keyof typeof ANSWERS;

/** The service's own words in each answer, which belong into the description. */
const WORDS: Record<Named, string> = {
	400: 'says: "size is not supported"',
	401: 'says: "No such key" (Call gw_17, for SeaArt\'s support.)',
	402: 'says: "Insufficient credits"',
	403: 'says: "Model not allowed for this user"',
	404: 'says: "Request not found"',
	422: 'says: "body.size: Not a size"',
	429: 'says: "Too many requests" (Call gw_17, for SeaArt\'s support.)',
	500: 'says: "Runtime execution failed"',
	'an HTML 502': 'says: "502 Bad Gateway"',
	'malformed JSON': 'says: "{"request_id": "mm"',
};

/** Runs an operation on a task that has ended well; its own call is answered so, however often. */
async function answered(operation: Operation, answer: Misbehaviour, times = 100) {
	const { emulator } = bench;
	const { call } = OPERATIONS[operation];
	const { id } = emulator.addTask();
	if (operation !== 'cancel') emulator.end(id);
	emulator.answerNext(call, answer, times);
	const own =
		operation === 'generate'
			? { prompt: 'a red apple', numberOfImages: 2 }
			: { operation, requestId: id };
	const execution = await bench.run(own);
	const calls = bench.calls();
	const sent = calls.filter((one) => one === call).length;
	const others = calls.filter((one) => one !== call);
	return { execution, id, sent, others };
}

function expectFailure(execution: Execution, message: string, ...description: string[]) {
	expect(execution.status).toBe('error');
	expect(execution.rows('Image')).toEqual([]);
	expect(execution.error?.name).toBe('NodeApiError');
	expect(execution.error?.message).toBe(message);
	for (const part of description) expect(execution.error?.description).toContain(part);
	bench.expectNoKey(execution);
}

describe('well answered', () => {
	test.each([200, 202])('a create with %d', async (status) => {
		bench.emulator.answerNext('create', { status, body: { id: 'mmsu_older', status: 'QUEUED' } });
		const execution = await bench.run({ prompt: 'a red apple', waitForCompletion: false });
		expect(execution.rows('Image')).toEqual([
			{
				json: { id: 'mmsu_older', request_id: 'mmsu_older', status: 'QUEUED', state: 'queued' },
				pairedItem: { item: 0 },
			},
		]);
		expect(bench.calls()).toEqual(['create']);
		bench.expectNoKey(execution);
	});

	test('a status with 200', async () => {
		const { id } = bench.emulator.addTask();
		const execution = await bench.run({ operation: 'getStatus', requestId: id });
		expect(execution.rows('Image')).toEqual([
			{
				json: { request_id: id, status: 'IN_QUEUE', state: 'queued', queue_position: 0 },
				pairedItem: { item: 0 },
			},
		]);
		expect(bench.calls()).toEqual(['status']);
	});

	test('a result with 200', async () => {
		const { id } = bench.emulator.addTask();
		bench.emulator.end(id);
		const execution = await bench.run({ operation: 'getResult', requestId: id });
		const [row] = execution.rows('Image');
		expect(row?.json).toMatchObject({ request_id: id, state: 'succeeded', index: 0 });
		expect(await bench.file(row)).toEqual(await bench.picture(id));
		expect(bench.calls()).toEqual(['result', 'image']);
	});

	test('a result with 202, when nobody waits', async () => {
		const { id } = bench.emulator.addTask();
		const parameters = { operation: 'getResult', requestId: id, waitForCompletion: false };
		const execution = await bench.run(parameters);
		expect(execution.rows('Image')).toEqual([
			{
				json: expect.objectContaining({ request_id: id, state: 'queued', status: 'IN_QUEUE' }),
				pairedItem: { item: 0 },
			},
		]);
		expect(bench.calls()).toEqual(['result']);
	});

	test('a result with 202, which is then waited for', async () => {
		const { id } = bench.emulator.addTask();
		const execution = await bench.run({ operation: 'getResult', requestId: id });
		expect(execution.rows('Image')[0]?.json).toMatchObject({ request_id: id, state: 'succeeded' });
		expect(bench.calls()).toEqual(['result', 'status', 'status', 'status', 'result', 'image']);
	});

	test('a cancel with 202', async () => {
		const { id } = bench.emulator.addTask();
		const execution = await bench.run({ operation: 'cancel', requestId: id });
		expect(execution.rows('Image')).toEqual([
			{
				json: {
					request_id: id,
					status: 'CANCELLATION_REQUESTED',
					state: 'cancelled',
					cancelled: true,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(bench.calls()).toEqual(['cancel']);
	});

	test.each(['succeeded', 'failed', 'cancelled'] as const)(
		'a cancel with 400, as the task has already %s: a normal outcome',
		async (how) => {
			const { id } = bench.emulator.addTask();
			bench.emulator.end(id, how);
			const execution = await bench.run({ operation: 'cancel', requestId: id });
			expect(execution.rows('Image')).toEqual([
				{
					json: { request_id: id, status: 'ALREADY_COMPLETED', state: how, cancelled: false },
					pairedItem: { item: 0 },
				},
			]);
			expect(bench.calls()).toEqual(['cancel', 'status']);
		},
	);
});

describe('a create that is refused', () => {
	const REFUSED: Array<[Named, string, string]> = [
		[400, 'did not accept the parameters', 'Correct the parameter that it names.'],
		[401, 'did not accept the key', "Open the credential 'SeaArt API'"],
		[402, 'refused, because the balance is used up', 'Top up the balance'],
		[403, 'does not let this key do that', 'The key has expired, GPT Image 1 is not enabled'],
		[404, 'has no GPT Image 1 queue at this address', 'Check the base URL in the credential'],
		[422, 'did not accept the parameters', 'Correct the parameter that it names.'],
	];

	test.each(REFUSED)('%s: sent once', async (name, what, advice) => {
		const { execution, sent, others } = await answered('generate', ANSWERS[name]);
		const message = `SeaArt Cloud ${what} while creating the task (HTTP ${name})`;
		expectFailure(execution, message, advice, WORDS[name]);
		expect(execution.error).toMatchObject({ httpCode: String(name) });
		expect([sent, others]).toEqual([1, []]);
		expect(execution.error?.description).not.toContain('may have been accepted');
	});

	test.each<[Named, string, string]>([
		[500, 'SeaArt Cloud failed while creating the task (HTTP 500)', '500'],
		['an HTML 502', 'SeaArt Cloud failed while creating the task (HTTP 502)', '502'],
	])('%s: sent once, and a task may exist', async (name, message, httpCode) => {
		const { execution, sent, others } = await answered('generate', ANSWERS[name]);
		expectFailure(
			execution,
			`${message}; a task may exist`,
			'The call may have been accepted, so it was not repeated',
			WORDS[name],
		);
		expect(execution.error).toMatchObject({ httpCode });
		expect([sent, others]).toEqual([1, []]);
	});

	test('malformed JSON: sent once, and a task may exist', async () => {
		const { execution, sent, others } = await answered('generate', 'malformedJson');
		expectFailure(
			execution,
			'SeaArt Cloud gave an answer that cannot be read while creating the task; a task may exist',
			'The call may have been accepted, so it was not repeated',
		);
		expect([sent, others]).toEqual([1, []]);
	});

	test('200 without an id: sent once, and a task may exist', async () => {
		const { execution, sent } = await answered('generate', { status: 200, body: { id: '../x' } });
		expectFailure(
			execution,
			'SeaArt Cloud gave an answer that cannot be read while creating the task; a task may exist',
		);
		expect(sent).toBe(1);
	});

	test('429 twice: repeated until it is accepted', async () => {
		const { execution, sent } = await answered('generate', ANSWERS[429], 2);
		expect(execution.status).toBe('success');
		expect(execution.rows('Image')).toHaveLength(2);
		expect(sent).toBe(3);
		// One task that the test itself has made, one that the node has.
		expect(bench.emulator.tasks.size).toBe(2);
	});

	test('429 for ever: given up after ten minutes', async () => {
		const patience = { ...ANSWERS[429], headers: { 'retry-after': '300' } };
		const { execution, sent, others } = await answered('generate', patience);
		expectFailure(
			execution,
			'SeaArt Cloud received too many calls while creating the task (HTTP 429)',
			"lower the option 'Max Tasks in Flight'",
			WORDS[429],
		);
		expect([sent, others]).toEqual([2, []]);
	});

	test('a connection that breaks: sent once, and a task may exist', async () => {
		const { execution, sent, others } = await answered('generate', 'dropAfterAccept');
		expectFailure(
			execution,
			'The connection to SeaArt Cloud broke while creating the task; a task may exist',
			'The call may have been accepted, so it was not repeated',
			'(ECONNRESET)',
		);
		expect([sent, others]).toEqual([1, []]);
	});

	test('a redirect is not followed', async () => {
		const elsewhere = `${bench.emulator.imagesOrigin}/model`;
		const { execution, sent, others } = await answered('generate', {
			status: 307,
			headers: { location: elsewhere },
		});
		expectFailure(
			execution,
			'SeaArt Cloud points to another address while creating the task (HTTP 307)',
			'The key is never sent to an address that an answer names.',
		);
		expect([sent, others]).toEqual([1, []]);
		expect(bench.emulator.requests).toHaveLength(1);
	});
});

describe.each(READS)('the call of %s', (operation) => {
	const { doing } = OPERATIONS[operation];
	const message = (what: string, id: string) => `SeaArt Cloud ${what} ${doing.replace('ID', id)}`;

	/** Where the result is an error, the status is asked whether the task has failed. */
	const afterwards = (name: Named) =>
		operation === 'getResult' &&
		[400, 422, 500, 'an HTML 502'].includes(isNaN(+name) ? name : +name)
			? ['status']
			: [];

	test.each<[Named, string, string]>([
		[400, 'refused', 'the operation Get Status says why'],
		[401, 'did not accept the key', "Open the credential 'SeaArt API'"],
		[402, 'refused, because the balance is used up', 'Top up the balance'],
		[403, 'does not let this key do that', 'The key has expired'],
		[404, 'knows no such task', 'Check the request ID'],
		[422, 'refused', 'the operation Get Status says why'],
	])('%s: sent once', async (name, what, advice) => {
		const { execution, id, sent, others } = await answered(operation, ANSWERS[name]);
		expectFailure(execution, message(`${what}`, id) + ` (HTTP ${name})`, advice, WORDS[name]);
		expect(execution.error).toMatchObject({ httpCode: String(name) });
		expect([sent, others]).toEqual([1, afterwards(name)]);
	});

	const attempts = { getStatus: [6, 6], getResult: [8, 7], cancel: [4, 4] }[operation];

	test.each<[Named, string, number]>([
		[429, 'received too many calls ... (HTTP 429)', attempts[0]!],
		[500, 'failed ... (HTTP 500)', attempts[1]!],
		['an HTML 502', 'failed ... (HTTP 502)', attempts[1]!],
		['malformed JSON', 'gave an answer that cannot be read ...', attempts[1]!],
	])('%s: repeated a limited number of times', async (name, what, expected) => {
		const { execution, id, sent, others } = await answered(operation, ANSWERS[name]);
		const words = `SeaArt Cloud ${what.replace('...', doing.replace('ID', id))}`;
		const notLost = `The task is not lost: the operation Get Result with the request ID ${id}`;
		expectFailure(execution, words, notLost, WORDS[name]);
		expect([sent, others]).toEqual([expected, afterwards(name)]);
	});

	test.each<Named>([429, 500, 'an HTML 502', 'malformed JSON'])(
		'%s once: the next answer counts',
		async (name) => {
			const { execution, sent } = await answered(operation, ANSWERS[name], 1);
			expect(execution.status).toBe('success');
			expect(execution.rows('Image')).toHaveLength(1);
			expect(sent).toBe(2);
			bench.expectNoKey(execution);
		},
	);

	test('a connection that breaks once: the next answer counts', async () => {
		const { execution, sent } = await answered(operation, 'drop', 1);
		expect(execution.status).toBe('success');
		expect(sent).toBe(2);
	});

	test('a connection that breaks for ever', async () => {
		const { execution, id, sent } = await answered(operation, 'drop');
		expectFailure(
			execution,
			`The connection to SeaArt Cloud broke ${doing.replace('ID', id)}`,
			'The task is not lost',
		);
		expect(sent).toBe(attempts[1]);
	});

	test('an answer about another task is not used', async () => {
		const other = { status: 200, body: { request_id: 'mmsu_another', status: 'COMPLETED' } };
		const { execution, id, sent } = await answered(operation, other);
		expectFailure(
			execution,
			`SeaArt Cloud answered about another task ${doing.replace('ID', id)}`,
			'The answer was not used.',
			'The answer named "mmsu_another".',
		);
		expect(sent).toBe(attempts[1]);
	});
});

test.each(Object.keys(OPERATIONS) as Operation[])('%s: no connection at all', async (operation) => {
	const { doing } = OPERATIONS[operation];
	const credential = { apiKey: bench.emulator.key, baseUrl: 'http://127.0.0.1:9/model' };
	const requestId = 'mmsu_1';
	const parameters = operation === 'generate' ? { prompt: 'x' } : { operation, requestId };
	const execution = await bench.run(parameters, { credential });
	expectFailure(
		execution,
		`SeaArt Cloud could not be reached ${doing.replace('ID', requestId)}`,
		operation === 'generate' ? 'Nothing was created' : 'The task is not lost',
		"Check the base URL in the credential 'SeaArt API' and the network of this n8n. (ECONNREFUSED)",
	);
	expect(bench.calls()).toEqual([]);
});

test('a cancel that knows no task', async () => {
	const execution = await bench.run({ operation: 'cancel', requestId: 'mmsu_unknown' });
	expectFailure(
		execution,
		'SeaArt Cloud knows no such task while cancelling task mmsu_unknown (HTTP 404)',
		'Check the request ID',
	);
});

test('a wrong key is sent once and kept out of everything', async () => {
	const credential = { ...bench.credential, apiKey: 'another-key-altogether' };
	const execution = await bench.run({ prompt: 'a red apple' }, { credential });
	expectFailure(
		execution,
		'SeaArt Cloud did not accept the key while creating the task (HTTP 401)',
		"Open the credential 'SeaArt API'",
	);
	expect(bench.calls()).toEqual(['create']);
	bench.expectNoKey(execution, 'another-key-altogether');
});

test('a service that repeats the key in its words', async () => {
	const { key } = bench.emulator;
	const echo = { status: 401, body: { error: `The key ${key} is not known` } };
	const { execution } = await answered('generate', echo);
	expect(execution.error?.description).toContain('"The key [the key] is not known"');
	bench.expectNoKey(execution);
});

test('a service that repeats the key in an answer that becomes a row', async () => {
	const { key } = bench.emulator;
	const { id } = bench.emulator.addTask();
	const logs = [{ message: `seen ${key} twice: ${key}` }];
	const body = { request_id: id, status: 'IN_PROGRESS', logs, [`x-${key}`]: 1 };
	bench.emulator.answerNext('status', { status: 200, body });
	const execution = await bench.run({ operation: 'getStatus', requestId: id });
	expect(execution.rows('Image')[0]?.json.logs).toEqual([
		{ message: 'seen [the key] twice: [the key]' },
	]);
	bench.expectNoKey(execution);
});

test('a key that an expression gives as a number', async () => {
	const credential = { ...bench.credential, apiKey: 123456 };
	const execution = await bench.run({ prompt: 'a red apple' }, { credential });
	expect(execution.error?.message).toContain('did not accept the key');
	expect(bench.emulator.requests[0]?.headers.authorization).toBe('Bearer 123456');
});

test('the answer that says why a result is an error is that of the status', async () => {
	const { id } = bench.emulator.addTask();
	bench.emulator.end(id, 'failed');
	bench.emulator.answerNext('result', ANSWERS[422]);
	const execution = await bench.run({ operation: 'getResult', requestId: id });
	expectFailure(
		execution,
		`Task ${id} failed (INFERENCE_FAILURE)`,
		'The model failed. Run it again. SeaArt Cloud says: "Model inference failed"',
	);
	expect(bench.calls()).toEqual(['result', 'status']);
});

test.each(['failed', 'cancelled'] as const)('Get Result of a task that has %s', async (how) => {
	const { id } = bench.emulator.addTask();
	bench.emulator.end(id, how);
	const execution = await bench.run({ operation: 'getResult', requestId: id });
	expectFailure(
		execution,
		how === 'failed' ? `Task ${id} failed (INFERENCE_FAILURE)` : `Task ${id} was cancelled`,
	);
	expect(bench.calls()).toEqual(['result']);
});

test('Get Status of a task that has failed is a row and no error', async () => {
	const { id } = bench.emulator.addTask();
	bench.emulator.end(id, 'failed');
	const execution = await bench.run({ operation: 'getStatus', requestId: id });
	expect(execution.rows('Image')).toEqual([
		{
			json: {
				request_id: id,
				status: 'COMPLETED',
				state: 'failed',
				error: 'Model inference failed',
				error_type: 'INFERENCE_FAILURE',
			},
			pairedItem: { item: 0 },
		},
	]);
});
