import type { IDataObject } from 'n8n-workflow';
import type { Downloaded } from '../../../nodes/GptImage1/images/checkedStream';
import * as items from '../../../nodes/GptImage1/images/outputItems';
import { parseStatus } from '../../../nodes/GptImage1/service/parseResponse';

const ID = { request_id: 'mmsu_1' };

describe('a task', () => {
	test.each([
		['mmsu_1', { ...ID, queue_position: 0 }, { state: 'queued' }],
		['7', { id: 7 }, { request_id: '7', state: 'queued' }],
		['mmsu_1', { ...ID, status: 'IN_PROGRESS' }, { state: 'running' }],
	])('%s that was created keeps its fields: %j', (requestId, fields, more) => {
		expect(items.taskItem(requestId, fields).json).toEqual({ ...fields, ...more });
	});

	const item = (fields: IDataObject) =>
		items.statusItem('mmsu_1', parseStatus({ status: 'COMPLETED', ...fields })!).json;

	const blocked = { code: 'E1', message: 'Bad', hint: 'no' };
	const about = { error_type: 'CONTENT_BLOCKED', provider_error: { code: 9, message: 'unsafe' } };
	const queued = { status: 'IN_QUEUE', queue_position: 3, logs: [], error_type: 'NONE' };
	const told = { ...blocked, ...about, message: 'E1: Bad | unsafe' };
	const cancelled = { message: 'x', error_type: 'CANCELED' };
	const running = { status: 'IN_PROGRESS' };

	test.each<[IDataObject, string, IDataObject, object | undefined]>([
		[queued, 'queued', queued, undefined],
		[{ metrics: { n: 2 }, error: 'x' }, 'failed', { metrics: { n: 2 } }, { message: 'x' }],
		[{ ...about, error: blocked }, 'failed', {}, told],
		[{ error: 'x', error_type: 'CANCELED' }, 'cancelled', {}, cancelled],
		[{ error: true }, 'failed', {}, {}],
		[{ ...running, error: 'slow' }, 'running', running, { message: 'slow' }],
	])('keeps its fields, and tells under "failure": %j', (fields, state, kept, failure) => {
		const json = { ...ID, status: 'COMPLETED', state, ...kept, ...(failure && { failure }) };
		expect(item(fields)).toEqual(json);
	});

	test.each(['failed', 'cancelled'] as const)('that has %s without a reason says so', (state) => {
		const fields = { error_type: 'X', other: 1 };
		const json = { ...ID, state, other: 1, failure: { error_type: 'X' } };
		expect(items.statusItem('mmsu_1', { state, fields }).json).toEqual(json);
	});

	test.each([null, '', false, 'odd', {}])('never has a key "error": %j', (error) => {
		for (const status of ['IN_QUEUE', 'COMPLETED', 'STRANGE']) {
			expect(item({ status, error })).not.toHaveProperty('error');
			expect(items.taskItem('a', { status, error }).json).not.toHaveProperty('error');
		}
	});
});

const [outputs, metadata] = [[{ type: 'image' }, { type: 'text' }], { cost: 0.04 }];
const result = { requestId: 'mmsu_1', images: [], outputs, metadata };

function file(fileName: string): Downloaded {
	return { binary: { data: 'x', mimeType: 'image/png', fileName }, type: 'png', bytes: 123 };
}

describe('an image', () => {
	const size = { width: 1024, height: 512 };
	const claims = { contentType: 'image/webp', fileName: '../output.webp', fileSize: 9 };
	const image = { url: 'https://cdn/1', ...claims, ...size };
	const json = { ...ID, state: 'succeeded', index: 1, url: 'https://cdn/1', ...size, metadata };

	test('without its file has what the service claims', () => {
		const told = { content_type: 'image/webp', file_name: 'output.webp', file_size: 9 };
		const item = items.imageItem(result, { image, index: 1 }, 'data');
		expect(item).toEqual({ json: { ...json, ...told } });
		const { json: bare } = items.imageItem(result, { image: { url: 'u' }, index: 0 }, 'data');
		expect(Object.keys(bare)).toEqual(['request_id', 'state', 'index', 'url', 'metadata']);
	});

	test('with its file has what the file tells', () => {
		const told = { content_type: 'image/png', file_name: 'a.png', file_size: 123 };
		const [one, binary] = [file('a.png'), { photo: file('a.png').binary }];
		const item = items.imageItem(result, { image, index: 1, file: one }, 'photo');
		expect(item).toEqual({ json: { ...json, ...told }, binary });
	});
});

describe('a single item', () => {
	const images = [file('1'), undefined, file('3')].map((one, index) => ({
		...{ image: { url: 'u' }, index, ...(one && { file: one }) },
	}));
	const NAMES = ['data', '__proto__', 'constructor', 'toString'];

	test.each(NAMES)('has all files, each under its own key: %s', (name) => {
		const { json, binary } = items.singleItem(result, images, name);
		expect(json).toEqual({ ...ID, state: 'succeeded', outputs, metadata });
		expect(Object.keys(binary!)).toEqual([name, `${name}_2`]);
		expect(Object.values(binary!)).toEqual([file('1').binary, file('3').binary]);
		expect(Object.getPrototypeOf(binary)).toBe(Object.prototype);
	});

	test('without a file has no binary data', () => {
		expect(items.singleItem(result, images.slice(1, 2), 'data')).not.toHaveProperty('binary');
	});
});
