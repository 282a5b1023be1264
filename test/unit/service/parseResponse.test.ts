import {
	parseCancel,
	parseCreated,
	parseResult,
	parseStatus,
} from '../../../nodes/GptImage1/service/parseResponse';
import { CALLS, isResult } from '../../../nodes/GptImage1/service/types';

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

	test.each<[string, object, object]>([
		['a string', { error: 'too bad' }, { message: 'too bad' }],
		['code and message', { error: { code: 'E1', message: 'bad' } }, { message: 'E1: bad' }],
		['a message alone', { error: { message: 'bad' } }, { message: 'bad' }],
		['an object without a message', { error: {} }, {}],
		['true', { error: true }, {}],
		['text and a control character', { error: 'bad\u0000' }, { message: 'bad' }],
		[
			'with its type',
			{ error: 'bad', error_type: 'content_blocked' },
			{ message: 'bad', errorType: 'CONTENT_BLOCKED' },
		],
		[
			"with the provider's message",
			{ error: 'bad', provider_error: { code: 'p1', message: 'worse', task_status: 'X' } },
			{ message: 'bad | p1: worse' },
		],
		[
			"with the provider's message, which is the same",
			{ error: 'bad', provider_error: { message: 'bad' } },
			{ message: 'bad' },
		],
	])('COMPLETED with an error as %s has failed', (_what, body, failure) => {
		const status = parseStatus({ status: 'COMPLETED', ...body });
		expect(status?.state).toBe('failed');
		expect(status?.failure).toEqual(failure);
	});

	test.each([null, '', false, undefined])('COMPLETED with error %j has succeeded', (error) => {
		expect(parseStatus({ status: 'COMPLETED', error })?.state).toBe('succeeded');
	});

	test('an error type alone is no failure: the service documents error as the sign of one', () => {
		expect(parseStatus({ status: 'COMPLETED', error_type: 'X' })?.state).toBe('succeeded');
	});

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
		(body) => {
			expect(parseStatus(body)).toMatchObject({ state: 'succeeded', word: 'COMPLETED' });
		},
	);

	test.each([{}, { outputs: [] }, { status: 7 }, { status: '' }, [], 'IN_QUEUE', null, 17])(
		'%j cannot be read',
		(body) => expect(parseStatus(body)).toBeUndefined(),
	);
});

describe('parseResult', () => {
	const image = {
		type: 'image',
		url: 'https://cdn/x.png',
		content_type: 'image/png',
		file_name: 'output.png',
		file_size: 5,
		width: 1024,
		height: 1536,
	};

	test('every field of a record is read', () => {
		const body = { request_id: 'mmsu_1', outputs: [image], metadata: { prompt: 'x' } };
		expect(parseResult(body)).toEqual({
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

	test('a record needs nothing but its URL; fields of a wrong type are left out', () => {
		const odd = { url: 'b', width: '1024', height: -1, file_size: NaN, file_name: 7 };
		const result = parseResult({ outputs: [null, { url: 'a' }, odd] });
		expect(result).toMatchObject({ images: [{ url: 'a' }, { url: 'b' }] });
		expect((result as { images: object[] }).images.map((one) => Object.keys(one))).toEqual([
			['url'],
			['url'],
		]);
	});

	test.each(['none', ['none'], 7, null, undefined])('no metadata are put out of %j', (metadata) => {
		expect(parseResult({ outputs: [image], metadata })).toHaveProperty('metadata', {});
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
		[
			{ status: 'COMPLETED', error: 'bad' },
			{ state: 'failed', failure: { message: 'bad' } },
		],
		[{ status: 'WARMING_UP', outputs: [] }, { state: 'running' }],
		[{ error: 'bad', outputs: [] }, { state: 'failed' }],
		[{ error_type: 'CANCELED' }, { state: 'cancelled' }],
	])('%j is a status', (body, status) => {
		const read = parseResult(body);
		expect(read).toMatchObject(status);
		expect(isResult(read!)).toBe(false);
	});

	test.each([
		{ outputs: [] },
		{ output: [] },
		{ status: 'COMPLETED', outputs: [] },
		{ outputs: [{}] },
	])('%j is a result without an image', (body) =>
		expect(parseResult(body)).toMatchObject({ images: [] }),
	);

	test('the status of a task that has succeeded is no result yet', () =>
		expect(parseResult({ status: 'COMPLETED' })).toMatchObject({ state: 'succeeded' }));

	test('images count, whatever stands beside them', () => {
		const outputs = [{ url: 'a' }];
		for (const beside of [{ error: 'one of two failed' }, { status: 'DONE' }])
			expect(parseResult({ outputs, ...beside })).toMatchObject({ images: [{ url: 'a' }] });
	});

	test.each([{}, { detail: 'x' }, 'text', null, []])('%j cannot be read', (body) => {
		expect(parseResult(body)).toBeUndefined();
	});
});

describe('parseCreated', () => {
	test.each([{ request_id: 'a' }, { id: 'a' }, { request_id: 'a', id: 'b' }, { id: ' a ' }])(
		'%j',
		(body) => expect(parseCreated(body)).toEqual({ requestId: 'a', fields: body }),
	);

	test.each([
		{ request_id: '', id: 'a' },
		{ request_id: 2 ** 60, status_url: 'https://x.test/v1/queue/gpt_image_1/requests/a/status' },
		{ request_id: 'a', error: null },
	])('%j', (body) => expect(parseCreated(body)?.requestId).toBe('a'));

	test.each([
		{},
		{ id: '' },
		{ id: '../x' },
		{ request_id: {} },
		// It names the HTTP call.
		{ request_id: 'a', error: 'too busy' },
		'a',
		null,
	])('%j names no task', (body) => expect(parseCreated(body)).toBeUndefined());
});

test('parseCancel tells an accepted cancel from one that comes too late', () => {
	const body = { request_id: 'a', status: 'already_completed' };
	expect(parseCancel(body)).toEqual({ requestId: 'a', accepted: false, fields: body });
	const accepted = { status: 'CANCELLATION_REQUESTED' };
	expect(parseCancel(accepted)).toEqual({ accepted: true, fields: accepted });
	for (const status of ['CANCELED', 'CANCELLED'])
		expect(parseCancel({ status })).toMatchObject({ accepted: true });
	expect(parseCancel({ status: 'COMPLETED' })).toMatchObject({ accepted: false });
	for (const bad of [{}, { status: 7 }, { status: 'NOT_FOUND' }, 'x', null])
		expect(parseCancel(bad)).toBeUndefined();
});

test('the calls have the methods and paths that the service documents', () => {
	const requests = '/v1/queue/gpt_image_1/requests/{request_id}';
	expect(CALLS).toEqual({
		create: { method: 'POST', url: '/v1/queue/gpt_image_1' },
		status: { method: 'GET', url: `${requests}/status` },
		result: { method: 'GET', url: `${requests}/response` },
		cancel: { method: 'PUT', url: `${requests}/cancel` },
	});
});
