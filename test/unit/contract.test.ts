import fc from 'fast-check';
import {
	readCancel,
	readCreated,
	readResult,
	readStatus,
} from '../../nodes/GptImage1/task/answers';
import { CALLS, isResult, requestIdIn } from '../../nodes/GptImage1/task/contract';
import { supportIdIn, wordsIn } from '../../nodes/GptImage1/task/serviceWords';

/** Field names of the contract, so that made-up answers come near real ones. */
const FIELD = fc.constantFrom(
	...['request_id', 'id', 'status', 'error', 'error_type', 'provider_error', 'code', 'message'],
	...['outputs', 'output', 'content', 'url', 'type', 'metadata', 'detail', 'loc', 'msg', 'width'],
	...['__proto__', 'constructor', 'toString', 'file_name', 'file_size', 'content_type', 'metrics'],
);
const WORD = fc.constantFrom('COMPLETED', 'in_queue', 'CANCELED', 'image', ' ', '', 'https://x/y');
/** What a JSON answer can be at its worst. */
const answer = fc.letrec((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		WORD,
		fc.string(),
		fc.double(),
		fc.constantFrom(null, undefined, true, false, 0, -1),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(FIELD, tie('value'), { maxKeys: 6 }),
	),
})).value;

describe('whatever comes', () => {
	test.each([
		['readStatus', readStatus],
		['readResult', readResult],
		['readCreated', readCreated],
		['readCancel', readCancel],
		['requestIdIn', requestIdIn],
		['wordsIn', wordsIn],
		['supportIdIn', supportIdIn],
	] as Array<[string, (body: unknown) => unknown]>)('%s never throws', (_name, read) => {
		fc.assert(
			fc.property(answer, (body) => void read(body)),
			{ numRuns: 2000 },
		);
	});

	test('a failure is there exactly when the state is a bad one', () => {
		fc.assert(
			fc.property(answer, (body) => {
				const status = readStatus(body);
				if (!status) return true;
				const bad = status.state === 'failed' || status.state === 'cancelled';
				return bad === (status.failure !== undefined) && (!bad || status.failure!.words !== '');
			}),
			{ numRuns: 2000 },
		);
	});

	test('a result has an address for every image', () => {
		fc.assert(
			fc.property(answer, (body) => {
				const result = readResult(body);
				if (!result || !isResult(result)) return true;
				return result.images.every(({ url }) => typeof url === 'string' && url !== '');
			}),
			{ numRuns: 2000 },
		);
	});

	test('an id cannot leave its place in a path', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('.', '..')), (given) => {
				const id = requestIdIn(given);
				if (id === undefined) return true;
				const url = new URL(`https://x.y/a/requests/${encodeURIComponent(id)}/status`);
				return url.pathname === `/a/requests/${encodeURIComponent(id)}/status`;
			}),
			{ numRuns: 2000 },
		);
	});
});

describe('readStatus', () => {
	test.each([
		['IN_QUEUE', 'queued', true],
		['in_queue', 'queued', true],
		['Queued', 'queued', true],
		[' IN_PROGRESS ', 'running', true],
		['completed', 'succeeded', true],
		['WARMING_UP', 'running', false],
	])('%s is %s', (status, state, known) => {
		const body = { request_id: 'mmsu_1', status, queue_position: 3 };
		expect(readStatus(body)).toEqual({
			requestId: 'mmsu_1',
			state,
			known,
			word: status.trim().toUpperCase(),
			fields: body,
		});
	});

	test.each<[string, object, object]>([
		['a string', { error: 'too bad' }, { words: 'too bad' }],
		['code and message', { error: { code: 'E1', message: 'bad' } }, { words: 'E1: bad' }],
		['a message alone', { error: { message: 'bad' } }, { words: 'bad' }],
		['an object without words', { error: {} }, { words: 'The service gave no reason' }],
		['true', { error: true }, { words: 'The service gave no reason' }],
		[
			'with its type',
			{ error: 'bad', error_type: 'content_blocked' },
			{ words: 'bad', errorType: 'CONTENT_BLOCKED' },
		],
		[
			"with the provider's words",
			{ error: 'bad', provider_error: { code: 'p1', message: 'worse', task_status: 'X' } },
			{ words: 'bad | p1: worse' },
		],
		[
			"with the provider's words, which are the same",
			{ error: 'bad', provider_error: { message: 'bad' } },
			{ words: 'bad' },
		],
	])('COMPLETED with an error as %s has failed', (_what, body, failure) => {
		expect(readStatus({ status: 'COMPLETED', ...body })).toMatchObject({
			state: 'failed',
			failure,
		});
	});

	test.each([null, '', false, undefined])('COMPLETED with error %j ended well', (error) => {
		expect(readStatus({ status: 'COMPLETED', error })?.state).toBe('succeeded');
	});

	test('an error type alone is no failure: the contract decides by error', () => {
		expect(readStatus({ status: 'COMPLETED', error_type: 'X' })?.state).toBe('succeeded');
	});

	test.each(['CANCELED', 'CANCELLED', 'canceled'])('%s is a cancelled task', (error_type) => {
		const status = readStatus({ status: 'COMPLETED', error: 'gone', error_type });
		expect(status?.state).toBe('cancelled');
	});

	test('an error does not end a task whose status has not', () => {
		const status = readStatus({ status: 'IN_PROGRESS', error: 'hiccup' });
		expect(status?.state).toBe('running');
		expect(status).not.toHaveProperty('failure');
	});

	test.each([{ outputs: [{ url: 'x' }] }, { output: [{ content: [{ url: 'x' }] }] }])(
		'%j, without a status, has ended well',
		(body) => {
			expect(readStatus(body)).toMatchObject({ state: 'succeeded', word: 'COMPLETED' });
		},
	);

	test.each([{}, { outputs: [] }, { status: 7 }, { status: '' }, [], 'IN_QUEUE', null, 17])(
		'%j cannot be read',
		(body) => expect(readStatus(body)).toBeUndefined(),
	);
});

describe('readResult', () => {
	const image = {
		type: 'image',
		url: 'https://cdn/x.png',
		content_type: 'image/png',
		file_name: 'output.png',
		file_size: 5,
		width: 1024,
		height: 1536,
	};

	test('a whole record', () => {
		const body = { request_id: 'mmsu_1', outputs: [image], metadata: { prompt: 'x' } };
		expect(readResult(body)).toEqual({
			requestId: 'mmsu_1',
			images: [
				{
					url: 'https://cdn/x.png',
					contentType: 'image/png',
					fileName: 'output.png',
					fileSize: 5,
					width: 1024,
					height: 1536,
				},
			],
			outputs: [image],
			metadata: { prompt: 'x' },
		});
	});

	test('a record of nothing but its address, and one of wrong types', () => {
		const odd = { url: 'b', width: '1024', height: -1, file_size: NaN, file_name: 7 };
		const result = readResult({ outputs: [{ url: 'a' }, odd], metadata: 'none' });
		expect(result).toMatchObject({ images: [{ url: 'a' }, { url: 'b' }], metadata: {} });
		expect((result as { images: object[] }).images.map((one) => Object.keys(one))).toEqual([
			['url'],
			['url'],
		]);
	});

	test('the older shape', () => {
		const output = [{ content: [{ url: 'a' }, { url: 'b' }] }, { content: 'x' }, 7, {}];
		expect(readResult({ output })).toMatchObject({ images: [{ url: 'a' }, { url: 'b' }] });
	});

	test('records of another type are kept, and are no images', () => {
		const outputs = [
			{ type: 'text', text: 'Here', url: 't' },
			{ type: 'image', url: 'a' },
		];
		expect(readResult({ outputs })).toMatchObject({ images: [{ url: 'a' }], outputs });
	});

	test.each<[object, object]>([
		[{ status: 'IN_PROGRESS' }, { state: 'running' }],
		[
			{ status: 'COMPLETED', error: 'bad' },
			{ state: 'failed', failure: { words: 'bad' } },
		],
		[{ error: 'bad', outputs: [] }, { state: 'failed' }],
		[{ error_type: 'CANCELED' }, { state: 'cancelled' }],
	])('%j is a status', (body, status) => {
		const read = readResult(body);
		expect(read).toMatchObject(status);
		expect(isResult(read!)).toBe(false);
	});

	test.each([
		{ outputs: [] },
		{ output: [] },
		{ status: 'COMPLETED', outputs: [] },
		{ outputs: [{}] },
	])('%j is a result without an image', (body) =>
		expect(readResult(body)).toMatchObject({ images: [] }),
	);

	test('a status of a good end is no result yet', () =>
		expect(readResult({ status: 'COMPLETED' })).toMatchObject({ state: 'succeeded' }));

	test('images count, whatever stands beside them', () => {
		const body = { outputs: [{ url: 'a' }], error: 'one of two failed' };
		expect(readResult(body)).toMatchObject({ images: [{ url: 'a' }] });
	});

	test.each([{}, { detail: 'x' }, 'text', null, []])('%j cannot be read', (body) => {
		expect(readResult(body)).toBeUndefined();
	});
});

describe('readCreated', () => {
	test.each([{ request_id: 'a' }, { id: 'a' }, { request_id: 'a', id: 'b' }, { id: ' a ' }])(
		'%j',
		(body) => expect(readCreated(body)).toEqual({ requestId: 'a', fields: body }),
	);

	test.each([{}, { id: '' }, { id: '../x' }, { request_id: {} }, 'a', null])(
		'%j names no task',
		(body) => expect(readCreated(body)).toBeUndefined(),
	);
});

test('readCancel', () => {
	const body = { request_id: 'a', status: 'already_completed' };
	expect(readCancel(body)).toEqual({ requestId: 'a', word: 'ALREADY_COMPLETED', fields: body });
	for (const bad of [{}, { status: 7 }, 'x', null]) expect(readCancel(bad)).toBeUndefined();
});

describe('requestIdIn', () => {
	const url = 'https://x.y/model/v1/queue/gpt_image_1/requests/mmsu_1';

	test.each<[unknown, string]>([
		['mmsu_1', 'mmsu_1'],
		[' mmsu_1\n', 'mmsu_1'],
		[4711, '4711'],
		[url, 'mmsu_1'],
		[`${url}/`, 'mmsu_1'],
		[`${url}/status`, 'mmsu_1'],
		[`${url}/response?x=/requests/other`, 'mmsu_1'],
		[`${url}/cancel#top`, 'mmsu_1'],
		['x'.repeat(200), 'x'.repeat(200)],
		['a.b', 'a.b'],
	])('%j', (given, id) => expect(requestIdIn(given)).toBe(id));

	test.each([
		...['', ' ', '.', '..', 'a/b', 'a/../b?x', 'a?b', 'a#b', 'a\\b', 'a%2fb', 'a b', 'a\u0000b'],
		...['x'.repeat(201), `${url}/other`, 'https://x.y/', `${url.replace('mmsu_1', '..')}/status`],
		...[null, undefined, {}, [], true, NaN],
	])('%j is refused', (given) => {
		expect(requestIdIn(given)).toBe(Number.isNaN(given) ? 'NaN' : undefined);
	});
});

describe('wordsIn', () => {
	test.each<[unknown, string | undefined]>([
		[{ detail: 'bad' }, 'bad'],
		[
			{ detail: [{ loc: ['body', 'n'], msg: 'too many' }, { msg: 'x' }, 'y', 7] },
			'body.n: too many; x; y',
		],
		[{ detail: [{ loc: 'n', msg: 'm' }] }, 'n: m'],
		[{ detail: [{ loc: [{}, 'n'], msg: 'm' }] }, 'n: m'],
		[{ error: 'invalid_api_key' }, 'invalid_api_key'],
		[{ error: { code: 'X', message: 'bad' } }, 'bad'],
		[
			{ status: { code: 402, message: 'Insufficient credits' }, data: null },
			'Insufficient credits',
		],
		[{ message: 'bad' }, 'bad'],
		['<html><head><title>502 Bad\nGateway</title></head><p>x</p>', '502 Bad Gateway'],
		['<html><body><h1>Sign</h1> <b>in</b></body></html>', 'Sign in'],
		['plain text', 'plain text'],
		['', undefined],
		[{}, undefined],
		[[], undefined],
		[null, undefined],
		[{ detail: 'x'.repeat(2000) }, 'x'.repeat(1000)],
		['x'.repeat(2000), 'x'.repeat(1000)],
	])('%j', (body, words) => expect(wordsIn(body)).toBe(words));
});

test('supportIdIn: the id beside an error names the call', () => {
	expect(supportIdIn({ error: 'x', request_id: 'gw_1' })).toBe('gw_1');
	expect(supportIdIn({ request_id: 'mmsu_1' })).toBeUndefined();
	expect(supportIdIn('x')).toBeUndefined();
});

test('the calls are those of the contract', () => {
	const requests = '/v1/queue/gpt_image_1/requests/{request_id}';
	expect(CALLS).toEqual({
		create: { method: 'POST', url: '/v1/queue/gpt_image_1' },
		status: { method: 'GET', url: `${requests}/status` },
		result: { method: 'GET', url: `${requests}/response` },
		cancel: { method: 'PUT', url: `${requests}/cancel` },
	});
});
