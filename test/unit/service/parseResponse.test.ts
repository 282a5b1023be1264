import fc from 'fast-check';
import * as parse from '../../../nodes/GptImage1/service/parseResponse';
import { requestIdIn } from '../../../nodes/GptImage1/service/requestId';
import * as message from '../../../nodes/GptImage1/service/serviceMessage';
import { isResult } from '../../../nodes/GptImage1/service/types';
import { ENDINGS } from '../../service/endings';

const { parseCancel, parseCreated, parseResult, parseStatus } = parse;

describe('a status', () => {
	test.each([
		['IN_QUEUE', 'queued', 'IN_QUEUE'],
		['in_queue', 'queued', 'IN_QUEUE'],
		['Queued', 'queued', 'QUEUED'],
		[' IN_PROGRESS ', 'running', 'IN_PROGRESS'],
		['completed', 'succeeded', 'COMPLETED'],
		['WARMING_UP', 'running', 'WARMING_UP (unknown)'],
		['a\n\r\u2028\0\u0085b', 'running', 'A B (unknown)'],
		// Of which one character becomes two as a capital.
		['ß'.repeat(400), 'running', `${'S'.repeat(59)}… (unknown)`],
	])('%s is %s', (status, state, word) => {
		const fields = { request_id: 'mmsu_1', status, queue_position: 3 };
		expect(parseStatus(fields)).toEqual({ requestId: 'mmsu_1', state, word, fields });
	});

	const PROVIDER = { code: 'p1', message: 'worse', task_status: 'X' };
	const GONE = { message: 'gone', errorType: 'CANCELLED' };
	const OWN_WORD = { message: '1', errorType: 'OWN_WORD' };

	/** Without a failure it has succeeded: the service documents `error` as the sign of one. */
	test.each<[object, object | undefined]>([
		[{ error: 'too bad' }, { message: 'too bad' }],
		[{ error: { code: 'E1', message: 'bad' } }, { message: 'E1: bad' }],
		[{ error: { message: 'bad' } }, { message: 'bad' }],
		[{ error: {} }, {}],
		[{ error: true }, {}],
		[{ error: 'bad\u0000' }, { message: 'bad' }],
		[{ error: '1', error_type: 'own_word' }, OWN_WORD],
		[{ error: 'bad', provider_error: PROVIDER }, { message: 'bad | p1: worse' }],
		[{ error: 'bad', provider_error: { message: 'bad' } }, { message: 'bad' }],
		[{ error: 'gone', error_type: 'Cancelled' }, GONE],
		[{ error: null }, undefined],
		[{ error: '' }, undefined],
		[{ error: false }, undefined],
		[{ error_type: 'X' }, undefined],
	])('COMPLETED with %j: failure %j', (fields, failure) => {
		const isCancelled = JSON.stringify(failure)?.includes('CANCEL');
		const status = parseStatus({ status: 'COMPLETED', ...fields });
		expect(status?.failure).toEqual(failure);
		expect(status?.state).toBe(failure ? (isCancelled ? 'cancelled' : 'failed') : 'succeeded');
	});

	test.each(Object.entries(ENDINGS))('%s: as it ends', (_name, { how, ...fields }) => {
		expect(parseStatus({ status: 'COMPLETED', ...fields })?.state).toBe(how);
	});

	test('an error does not end a task whose status has not', () => {
		const status = parseStatus({ status: 'IN_PROGRESS', error: 'hiccup' });
		expect(status?.state).toBe('running');
		expect(status).not.toHaveProperty('failure');
	});

	test.each([{ outputs: [{ url: 'x' }] }, { output: [{ content: [{ url: 'x' }] }] }])(
		'%j, without a word, has succeeded',
		(body) => expect(parseStatus(body)).toMatchObject({ state: 'succeeded', word: 'COMPLETED' }),
	);
});

describe('a result', () => {
	test('has every field of a record', () => {
		const size = { width: 1024, height: 1536 };
		const type = { content_type: 'image/png', file_name: 'a.png', file_size: 5 };
		const [image, metadata] = [{ url: 'x', ...size, ...type }, { prompt: 'x' }];
		expect(parseResult({ request_id: 'mmsu_1', outputs: [image], metadata })).toEqual({
			requestId: 'mmsu_1',
			images: [{ ...size, url: 'x', contentType: 'image/png', fileName: 'a.png', fileSize: 5 }],
			outputs: [image],
			metadata,
		});
	});

	test.each(['none', ['none'], 7, null, undefined])('makes no metadata out of %j', (metadata) => {
		expect(parseResult({ outputs: [], metadata })).toHaveProperty('metadata', {});
	});

	const odd = { url: 'b', width: '1024', height: -1, file_size: NaN, file_name: 7 };
	const list = [{ content: [{ url: 'a' }, null, { url: 'b' }] }, { content: 'x' }, 7, {}];
	const others = ['text', 'imagery', 'no image'].map((type) => ({ type, url: type }));
	const [noUrl, png] = [{ type: 'image' }, { type: 'Image/PNG', url: 'b' }];
	const typed = [{}, ...others, { type: 'image', url: 'a' }, png, noUrl];

	test.each<[string, object, unknown[]]>([
		['null, a URL, fields of a wrong type', { outputs: [null, { url: 'a' }, odd] }, ['a', 'b']],
		['the older shape', { output: list }, ['a', 'b']],
		['records of other types', { outputs: typed }, ['a', 'b', undefined]],
		['an error beside an image', { outputs: [{ url: 'a' }], error: 'one of two' }, ['a']],
		['an unknown status beside it', { outputs: [{ url: 'a' }], status: 'DONE' }, ['a']],
		['no record', { outputs: [] }, []],
		['no record in the older shape', { output: [] }, []],
		['no record, and COMPLETED', { status: 'COMPLETED', outputs: [] }, []],
	])('%s: its images', (_what, body, urls) => {
		const { images } = parseResult(body) as { images: unknown };
		expect(JSON.stringify(images)).toBe(JSON.stringify(urls.map((url) => ({ url }))));
	});

	test('keeps the records that are no images', () => {
		expect(parseResult({ outputs: typed })).toHaveProperty('outputs', typed);
	});

	test.each<[object, string]>([
		[{ status: 'IN_PROGRESS' }, 'running'],
		// A part of the images, perhaps.
		[{ status: 'IN_PROGRESS', outputs: [{ url: 'a' }] }, 'running'],
		[{ status: 'COMPLETED', error: 'bad' }, 'failed'],
		[{ status: 'WARMING_UP', outputs: [] }, 'running'],
		[{ error: 'bad', outputs: [] }, 'failed'],
		[{ error: 'bad', outputs: [noUrl] }, 'failed'],
		[{ error_type: 'CANCELED' }, 'cancelled'],
		// No result yet.
		[{ status: 'COMPLETED' }, 'succeeded'],
	])('%j is a status: %s', (body, state) => {
		const read = parseResult(body)!;
		expect(read).toMatchObject({ state });
		expect(isResult(read)).toBe(false);
	});

	test('a status word stands for an error type that is missing', () => {
		const failed = { state: 'failed', failure: { message: 'bad', errorType: 'EXPIRED' } };
		expect(parseResult({ status: 'Expired', error: 'bad' })).toMatchObject(failed);
	});
});

test.each<object>([
	...[{ request_id: 'a' }, { id: ' a ' }, { request_id: 'a', error: null }],
	{ request_id: 'a', id: 'b' },
	{ request_id: '', id: 'a' },
	{ request_id: 2 ** 60, status_url: 'https://x.test/v1/queue/gpt_image_1/requests/a/status' },
])('a create answered %j names the task a', (body) => {
	expect(parseCreated(body)).toEqual({ requestId: 'a', fields: body });
});

test.each([
	['CANCELLATION_REQUESTED', true],
	['CANCELED', true],
	['CANCELLED', true],
	['already_completed', false],
	['COMPLETED', false],
])('a cancel that is answered %s: accepted %j', (status, accepted) => {
	const body = { request_id: 'a', status };
	expect(parseCancel(body)).toEqual({ requestId: 'a', accepted, fields: body });
	expect(parseCancel({ status })).toEqual({ accepted, fields: { status } });
});

const NOTHING = [{}, { detail: 'x' }, { status: 7 }, { status: '' }, [], 'IN_QUEUE', null, 17];
// Beside an error it names the HTTP call.
const NO_ID = [{ id: '' }, { id: '../x' }, { request_id: {} }, { request_id: 'a', error: 'busy' }];

test.each([
	['parseStatus', parseStatus, [...NOTHING, { outputs: [] }]],
	['parseResult', parseResult, NOTHING],
	['parseCreated', parseCreated, [...NOTHING, ...NO_ID]],
	['parseCancel', parseCancel, [...NOTHING, { status: 'NOT_FOUND' }]],
] as const)('%s makes nothing of what it cannot read', (_name, read, bodies) => {
	expect(bodies.filter((body) => read(body) !== undefined)).toEqual([]);
});

describe('any response', () => {
	const FIELD = fc.constantFrom(
		...['request_id', 'id', 'status', 'error', 'error_type', 'provider_error', 'code', 'message'],
		...['outputs', 'output', 'content', 'url', 'type', 'metadata', 'detail', 'loc', 'msg', 'width'],
		...['__proto__', 'constructor', 'toString', 'file_name', 'file_size', 'content_type'],
	);
	const WORD = fc.constantFrom('COMPLETED', 'in_queue', 'CANCELED', 'image', ' ', '', 'https://x');
	const response = fc.anything({
		...{ key: FIELD, maxKeys: 6, maxDepth: 4 },
		values: [WORD, fc.string(), fc.double(), fc.constantFrom(null, undefined, true, false, 0, -1)],
	});

	test('is read without an error, and has a failure exactly when it is failed or cancelled', () => {
		fc.assert(
			fc.property(response, (body) => {
				const reads = [parseResult, parseCreated, parseCancel, requestIdIn];
				for (const read of [...reads, ...Object.values(message)]) read(body);
				const status = parseStatus(body);
				const bad = status?.state === 'failed' || status?.state === 'cancelled';
				return bad === (status?.failure !== undefined) && status?.failure?.message !== '';
			}),
			{ numRuns: 4000, seed: 41 },
		);
	});
});

test.each([
	['{"request_id": 12345', undefined],
	['{"id": "t_1", "queue_position": 12', 't_1'],
	['{"request_id": "t_1", "fields": "a, b', 't_1'],
	['{"request_id": 123, "queue_position": 4, "status": "IN', '123'],
	[`{"request_id": "t_1"${',"a":1'.repeat(60)},`, 't_1'],
	[`{"request_id": "t_1", "a": [${'1,'.repeat(60)}`, undefined],
	[`{"a": "${'x'.repeat(10_000)}", "request_id": "t_1", `, undefined],
])('of an incomplete response to a create, complete fields count: %s', (text, requestId) => {
	expect(parseCreated(text)?.requestId).toBe(requestId);
});
