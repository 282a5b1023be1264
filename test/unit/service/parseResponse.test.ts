import {
	parseCancel,
	parseCreated,
	parseResult,
	parseStatus,
} from '../../../nodes/GptImage1/service/parseResponse';
import { isResult } from '../../../nodes/GptImage1/service/types';
import type { TaskResult } from '../../../nodes/GptImage1/service/types';

describe('parseStatus', () => {
	test.each([
		['IN_QUEUE', 'queued', true],
		['in_queue', 'queued', true],
		['Queued', 'queued', true],
		[' IN_PROGRESS ', 'running', true],
		['completed', 'succeeded', true],
		['WARMING_UP', 'running', false],
	])('%s is %s', (status, state, known) => {
		const body = { request_id: 'mmsu_1', status, queue_position: 3 };
		expect(parseStatus(body)).toEqual({
			requestId: 'mmsu_1',
			state,
			word: `${status.trim().toUpperCase()}${known ? '' : ' (unknown)'}`,
			fields: body,
		});
	});

	const PROVIDER = { code: 'p1', message: 'worse', task_status: 'X' };

	test.each<[object, object]>([
		[{ error: 'too bad' }, { message: 'too bad' }],
		[{ error: { code: 'E1', message: 'bad' } }, { message: 'E1: bad' }],
		[{ error: { message: 'bad' } }, { message: 'bad' }],
		[{ error: {} }, {}],
		[{ error: true }, {}],
		[{ error: 'bad\u0000' }, { message: 'bad' }],
		[
			{ error: 'bad', error_type: 'own_word' },
			{ message: 'bad', errorType: 'OWN_WORD' },
		],
		[{ error: 'bad', provider_error: PROVIDER }, { message: 'bad | p1: worse' }],
		[{ error: 'bad', provider_error: { message: 'bad' } }, { message: 'bad' }],
	])('COMPLETED with %j has failed', (body, failure) => {
		const status = parseStatus({ status: 'COMPLETED', ...body });
		expect(status?.state).toBe('failed');
		expect(status?.failure).toEqual(failure);
	});

	// The service documents `error` as the sign of a failure.
	test.each([{ error: null }, { error: '' }, { error: false }, { error_type: 'X' }])(
		'COMPLETED with %j has succeeded',
		(body) => expect(parseStatus({ status: 'COMPLETED', ...body })?.state).toBe('succeeded'),
	);

	test.each(['CANCELED', 'CANCELLED', 'canceled'])('%s is a cancelled task', (error_type) => {
		const status = parseStatus({ status: 'COMPLETED', error: 'gone', error_type });
		expect(status).toMatchObject({ state: 'cancelled', failure: { message: 'gone' } });
	});

	test('an error does not end a task whose status has not', () => {
		const status = parseStatus({ status: 'IN_PROGRESS', error: 'hiccup' });
		expect(status?.state).toBe('running');
		expect(status).not.toHaveProperty('failure');
	});

	test.each([{ outputs: [{ url: 'x' }] }, { output: [{ content: [{ url: 'x' }] }] }])(
		'%j, without a status, has succeeded',
		(body) => expect(parseStatus(body)).toMatchObject({ state: 'succeeded', word: 'COMPLETED' }),
	);
});

describe('parseResult', () => {
	test('every field of a record is read', () => {
		const size = { width: 1024, height: 1536 };
		const image = {
			...size,
			url: 'x',
			content_type: 'image/png',
			file_name: 'a.png',
			file_size: 5,
		};
		const body = { request_id: 'mmsu_1', outputs: [image], metadata: { prompt: 'x' } };
		expect(parseResult(body)).toEqual({
			requestId: 'mmsu_1',
			images: [{ ...size, url: 'x', contentType: 'image/png', fileName: 'a.png', fileSize: 5 }],
			outputs: [image],
			metadata: { prompt: 'x' },
		});
	});

	test('a record needs nothing but its URL; fields of a wrong type are left out', () => {
		const odd = { url: 'b', width: '1024', height: -1, file_size: NaN, file_name: 7 };
		const { images } = parseResult({ outputs: [null, { url: 'a' }, odd] }) as TaskResult;
		expect(JSON.stringify(images)).toBe('[{"url":"a"},{"url":"b"}]');
	});

	test.each(['none', ['none'], 7, null, undefined])('no metadata are put out of %j', (metadata) => {
		expect(parseResult({ outputs: [], metadata })).toHaveProperty('metadata', {});
	});

	test('images are read from the older shape, too', () => {
		const output = [{ content: [{ url: 'a' }, null, { url: 'b' }] }, { content: 'x' }, 7, {}];
		expect(parseResult({ output })).toMatchObject({ images: [{ url: 'a' }, { url: 'b' }] });
	});

	test('records of another type are kept, and are no images', () => {
		const outputs = [
			{ type: 'text', text: 'Here', url: 't' },
			{ type: 'image', url: 'a' },
			{ type: 'Image/PNG', url: 'b' },
			{ type: 'imagery', url: 'i' },
			{ type: 'no image', url: 'n' },
		];
		const images = [{ url: 'a' }, { url: 'b' }];
		expect(parseResult({ outputs })).toMatchObject({ images, outputs });
	});

	test.each<[object, object]>([
		[{ status: 'IN_PROGRESS' }, { state: 'running' }],
		// A part of the images, perhaps.
		[{ status: 'IN_PROGRESS', outputs: [{ url: 'a' }] }, { state: 'running' }],
		[{ status: 'COMPLETED', error: 'bad' }, { state: 'failed' }],
		[{ status: 'WARMING_UP', outputs: [] }, { state: 'running' }],
		[{ error: 'bad', outputs: [] }, { state: 'failed' }],
		[{ error_type: 'CANCELED' }, { state: 'cancelled' }],
		// No result yet.
		[{ status: 'COMPLETED' }, { state: 'succeeded' }],
	])('%j is a status', (body, status) => {
		const read = parseResult(body);
		expect(read).toMatchObject(status);
		expect(isResult(read!)).toBe(false);
	});

	test.each([{ outputs: [] }, { output: [] }, { status: 'COMPLETED', outputs: [] }])(
		'%j is a result without an image',
		(body) => expect(parseResult(body)).toMatchObject({ images: [] }),
	);

	test('images count, whatever stands beside them', () => {
		const outputs = [{ url: 'a' }];
		for (const beside of [{ error: 'one of two failed' }, { status: 'DONE' }])
			expect(parseResult({ outputs, ...beside })).toMatchObject({ images: [{ url: 'a' }] });
	});
});

describe('parseCreated', () => {
	test.each([
		...[{ request_id: 'a' }, { id: ' a ' }, { request_id: 'a', id: 'b' }],
		...[
			{ request_id: '', id: 'a' },
			{ request_id: 'a', error: null },
		],
		{ request_id: 2 ** 60, status_url: 'https://x.test/v1/queue/gpt_image_1/requests/a/status' },
	])('%j names the task a', (body) =>
		expect(parseCreated(body)).toEqual({ requestId: 'a', fields: body }),
	);

	// Beside an error it names the HTTP call.
	test.each([{ id: '' }, { id: '../x' }, { request_id: {} }, { request_id: 'a', error: 'busy' }])(
		'%j names no task',
		(body) => expect(parseCreated(body)).toBeUndefined(),
	);
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

test.each([
	['parseStatus', parseStatus, [...NOTHING, { outputs: [] }]],
	['parseResult', parseResult, NOTHING],
	['parseCreated', parseCreated, NOTHING],
	['parseCancel', parseCancel, [...NOTHING, { status: 'NOT_FOUND' }]],
] as const)('%s makes nothing of what it cannot read', (_name, parse, bodies) => {
	expect(bodies.filter((body) => parse(body) !== undefined)).toEqual([]);
});
