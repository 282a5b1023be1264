import type { IDataObject } from 'n8n-workflow';
import { imageNotFetched } from '../../../nodes/GptImage1/errors/images';
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

	test('that has not failed keeps its fields', () => {
		const fields = { status: 'IN_QUEUE', queue_position: 3, logs: [], error_type: 'NONE' };
		expect(item(fields)).toEqual({ ...fields, request_id: 'mmsu_1', state: 'queued' });
	});

	const provider_error = { code: 9, message: 'unsafe' };
	const blocked = { code: 'E1', message: 'Blocked', hint: 'no' };
	const about = { error_type: 'CONTENT_BLOCKED', provider_error };

	test.each<[string, IDataObject, string, object]>([
		[
			'a text',
			{ error: 'It broke', error_type: 'X' },
			'failed',
			{ message: 'It broke', error_type: 'X' },
		],
		[
			'an object, and what the provider said',
			{ error: blocked, ...about },
			'failed',
			{ ...blocked, message: 'E1: Blocked | unsafe', ...about },
		],
		['the word of a cancel', { error: 'x', error_type: 'CANCELED' }, 'cancelled', { message: 'x' }],
		['true', { error: true }, 'failed', {}],
	])('that has failed tells why under "failure": %s', (_what, fields, state, failure) => {
		const json = item({ ...fields, metrics: { inference_time: 2 } });
		expect(json).toMatchObject({
			...{ request_id: 'mmsu_1', state, status: 'COMPLETED' },
			...{ failure, metrics: { inference_time: 2 } },
		});
		expect(Object.keys(json).sort()).toEqual(
			['failure', 'metrics', 'request_id', 'state', 'status'].sort(),
		);
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

	test('whose error comes while it runs shows it', () => {
		expect(item({ status: 'IN_PROGRESS', error: 'slow' })).toMatchObject({
			state: 'running',
			failure: { message: 'slow' },
		});
	});
});

describe('an image', () => {
	const image = {
		url: 'https://cdn/1',
		contentType: 'image/webp',
		fileName: '../output.webp',
		fileSize: 9,
		width: 1024,
		height: 512,
	};
	test('without its file has what the service claims', () => {
		expect(imageItem(result, { image, index: 1 }, 'data')).toEqual({
			json: {
				request_id: 'mmsu_1',
				state: 'succeeded',
				index: 1,
				url: 'https://cdn/1',
				content_type: 'image/webp',
				file_name: 'output.webp',
				file_size: 9,
				width: 1024,
				height: 512,
				metadata: { prompt: 'an apple', cost: 0.04 },
			},
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

	test('has no binary data without files', () => {
		expect(singleItem(result, images(undefined), 'data')).not.toHaveProperty('binary');
	});

	test.each(['__proto__', 'constructor', 'toString'])('keeps a file named %s', (name) => {
		const both = images(file('1'), file('2'));
		const single = singleItem(result, both, name).binary!;
		expect(Object.keys(single)).toEqual([name, `${name}_1`]);
		expect(Object.getPrototypeOf(single)).toBe(Object.prototype);
		expect(Object.keys(imageItem(result, both[0]!, name).binary!)).toEqual([name]);
	});
});

test('an image that could not be downloaded is told by its number, with a URL of bounded length', () => {
	const url = `https://${'x'.repeat(9000)}`;
	const { details } = imageNotFetched('mmsu_1', 1, url, { kind: 'slow' });
	expect(details.message).toBe(
		'Could not download image 2 of task mmsu_1: it did not arrive in time',
	);
	expect(details.description!.length).toBeLessThan(2300);
});
