import type { IDataObject } from 'n8n-workflow';
import type { Downloaded } from '../../../nodes/GptImage1/images/checkedStream';
import {
	imageItem,
	singleItem,
	statusItem,
	taskItem,
} from '../../../nodes/GptImage1/images/outputItems';
import { parseStatus } from '../../../nodes/GptImage1/service/parseResponse';

const file = (fileName?: string): Downloaded => ({
	binary: { data: 'x', mimeType: 'image/png', ...(fileName && { fileName }) },
	type: 'png',
	bytes: 123,
});

const result = {
	requestId: 'mmsu_1',
	images: [],
	outputs: [{ type: 'image', url: 'https://cdn/1' }, { type: 'text' }],
	metadata: { prompt: 'an apple', cost: 0.04 },
};

describe('a task', () => {
	test('is queued once created, with the fields of the service', () => {
		const fields = { request_id: 'mmsu_1', status_url: 'https://x', queue_position: 0 };
		expect(taskItem('mmsu_1', fields).json).toEqual({ ...fields, state: 'queued' });
		expect(taskItem('7', { id: 7 }).json).toEqual({ id: 7, request_id: '7', state: 'queued' });
		const running = { request_id: 'mmsu_1', status: 'IN_PROGRESS' };
		expect(taskItem('mmsu_1', running).json).toMatchObject({ state: 'running' });
	});

	const item = (fields: IDataObject) =>
		statusItem('mmsu_1', parseStatus({ status: 'COMPLETED', ...fields })!).json;

	const provider_error = { code: 9, message: 'unsafe' };
	const blocked = { code: 'E1', message: 'Bad', hint: 'no' };
	const about = { error_type: 'CONTENT_BLOCKED', provider_error };
	const queued = { status: 'IN_QUEUE', queue_position: 3, logs: [], error_type: 'NONE' };
	const rest = { status: 'COMPLETED', metrics: { inference_time: 2 } };

	test.each<[IDataObject, object]>([
		[queued, { ...queued, state: 'queued' }],
		[
			{ ...rest, error: 'x' },
			{ ...rest, state: 'failed', failure: { message: 'x' } },
		],
		[
			{ ...rest, ...about, error: blocked },
			{ ...rest, state: 'failed', failure: { ...blocked, ...about, message: 'E1: Bad | unsafe' } },
		],
		[
			{ error: 'x', error_type: 'CANCELED' },
			{ state: 'cancelled', failure: { message: 'x', error_type: 'CANCELED' } },
		],
		[{ error: true }, { state: 'failed', failure: {} }],
		[
			{ status: 'IN_PROGRESS', error: 'slow' },
			{ status: 'IN_PROGRESS', state: 'running', failure: { message: 'slow' } },
		],
	])('keeps its fields, and tells under "failure" what went wrong: %j', (fields, json) => {
		expect(item(fields)).toEqual({ request_id: 'mmsu_1', status: 'COMPLETED', ...json });
	});

	test.each(['failed', 'cancelled'] as const)('that has %s without a reason says so', (state) => {
		const fields = { error_type: 'X', other: 1 };
		expect(statusItem('mmsu_1', { state, fields }).json).toEqual({
			...{ request_id: 'mmsu_1', state, other: 1, failure: { error_type: 'X' } },
		});
	});

	test.each([null, '', false, 'odd', {}])('never has a key "error": %j', (error) => {
		for (const status of ['IN_QUEUE', 'COMPLETED', 'STRANGE']) {
			expect(item({ status, error })).not.toHaveProperty('error');
			expect(taskItem('a', { status, error }).json).not.toHaveProperty('error');
		}
	});
});

describe('an image', () => {
	const size = { width: 1024, height: 512 };
	const claims = { contentType: 'image/webp', fileName: '../output.webp', fileSize: 9 };
	const image = { url: 'https://cdn/1', ...claims, ...size };
	const { metadata } = result;

	test('without its file has what the service claims', () => {
		const json = { request_id: 'mmsu_1', state: 'succeeded', metadata };
		const told = { content_type: 'image/webp', file_name: 'output.webp', file_size: 9, ...size };
		expect(imageItem(result, { image, index: 1 }, 'data')).toEqual({
			json: { ...json, index: 1, url: 'https://cdn/1', ...told },
		});
		const bare = { image: { url: 'u' }, index: 0 };
		expect(Object.keys(imageItem(result, bare, 'data').json)).toEqual([
			...['request_id', 'state', 'index', 'url', 'metadata'],
		]);
	});

	test('with its file has what the file tells', () => {
		const one = file('mmsu_1_1.png');
		const item = imageItem(result, { image, index: 0, file: one }, 'photo');
		expect(item.json).toMatchObject({
			...{ content_type: 'image/png', file_name: 'mmsu_1_1.png', file_size: 123, width: 1024 },
		});
		expect(item.binary).toEqual({ photo: one.binary });
	});
});

describe('a single item', () => {
	const images = (...files: Array<Downloaded | undefined>) =>
		files.map((one, index) => ({ image: { url: 'u' }, index, ...(one && { file: one }) }));

	test('has all files, each under its own key', () => {
		const [first, third] = [file('1'), file('3')];
		const { json, binary } = singleItem(result, images(first, undefined, third), 'data');
		expect(json).toEqual({
			...{ request_id: 'mmsu_1', state: 'succeeded' },
			...{ outputs: result.outputs, metadata: result.metadata },
		});
		expect(binary).toEqual({ data: first.binary, data_2: third.binary });
	});

	test.each(['__proto__', 'constructor', 'toString'])('keeps a file named %s', (name) => {
		const both = images(file('1'), file('2'));
		const single = singleItem(result, both, name).binary!;
		expect(Object.keys(single)).toEqual([name, `${name}_1`]);
		expect(Object.getPrototypeOf(single)).toBe(Object.prototype);
		expect(Object.keys(imageItem(result, both[0]!, name).binary!)).toEqual([name]);
	});
});
