import sharp from 'sharp';
import type { Execution } from '../harness/execution';
import { batching, prompt, prompts, useSimulatedFixture } from './fixture';

/** Which input items become tasks, and the items that leave the node: JSON, files and links. */

/** The most tasks that were open at a time at the service, which only a create can raise. */
let mostOpen = 0;

const fixture = useSimulatedFixture({
	onAnswer({ call }) {
		if (call !== 'create') return;
		const open = [...fixture.emulator.tasks.values()].filter(({ ending }) => !ending);
		mostOpen = Math.max(mostOpen, open.length);
	},
});

beforeEach(() => (mostOpen = 0));

const SINGLE_ITEM = { imageOutput: 'singleItem' };

/** What the service says of an image beside its URL. */
const claims = (outputFormat: string, size: string) => {
	const [width, height] = size.split('x').map(Number);
	return { content_type: `image/${outputFormat}`, width, height };
};

test.each([
	{ outputFormat: 'png', extension: 'png', size: '1024x1024' },
	{ outputFormat: 'jpeg', extension: 'jpg', size: '1024x1536' },
	{ outputFormat: 'webp', extension: 'webp', size: '1536x1024' },
])('One Item per Image: $outputFormat', async ({ outputFormat, extension, size }) => {
	const parameters = { prompt: 'an apple', numberOfImages: 2, size, options: { outputFormat } };
	const execution = await fixture.run(parameters);
	const { id } = fixture.onlyTask();
	expect(execution.items('Image')).toEqual(
		[0, 1].map((index) => ({
			json: {
				...{ request_id: id, state: 'succeeded', index, url: fixture.urlOf(id, index) },
				...claims(outputFormat, size),
				file_name: `${id}_${index + 1}.${extension}`,
				file_size: fixture.picture(id, index).length,
				metadata: { prompt: 'an apple' },
			},
			binary: {
				data: expect.objectContaining({
					mimeType: `image/${outputFormat}`,
					fileType: 'image',
					fileName: `${id}_${index + 1}.${extension}`,
					fileExtension: extension,
					id: expect.stringMatching(/^filesystem-v2:/),
				}),
			},
			pairedItem: { item: 0 },
		})),
	);
	for (const item of execution.items('Image')) {
		await fixture.expectItsFile(item);
		expect((await sharp(await fixture.file(item)).metadata()).format).toBe(outputFormat);
	}
	expect(fixture.calls()).toEqual([
		...['create', 'status', 'status', 'status', 'result', 'image', 'image'],
	]);
	fixture.expectNoKey(execution);
});

test('Single Item: all images of a task, in the fields that Put Output File in Field names', async () => {
	const size = '1536x1024';
	const options = { outputFormat: 'jpeg', ...SINGLE_ITEM };
	const parameters = { prompt: 'an apple', numberOfImages: 3, size, options };
	const execution = await fixture.run({ ...parameters, binaryPropertyName: ' picture ' });
	const { id } = fixture.onlyTask();
	const item = fixture.onlyItem(execution);
	const outputs = [0, 1, 2].map((index) => ({
		...{ type: 'image', url: fixture.urlOf(id, index), ...claims('jpeg', size) },
		...{ file_name: 'output.jpeg', file_size: expect.any(Number) },
	}));
	const metadata = { prompt: 'an apple' };
	expect(item.json).toEqual({ request_id: id, state: 'succeeded', outputs, metadata });
	const fields = ['picture', 'picture_1', 'picture_2'];
	expect(Object.keys(item.binary ?? {})).toEqual(fields);
	for (const [index, property] of fields.entries()) {
		const fileName = `${id}_${index + 1}.jpg`;
		expect(item.binary?.[property]).toMatchObject({ mimeType: 'image/jpeg', fileName });
		expect(await fixture.file(item, property)).toEqual(fixture.picture(id, index));
	}
});

describe('without files', () => {
	// n8n hides Return Images As where Download Images is off.
	test.each([{}, SINGLE_ITEM])('Download Images off: an item for each URL, %j', async (options) => {
		const parameters = { prompt: 'x', numberOfImages: 2, downloadImages: false, options };
		const execution = await fixture.run(parameters);
		const { id } = fixture.onlyTask();
		expect(execution.items('Image')).toEqual(
			[0, 1].map((index) => ({
				json: {
					...{ request_id: id, state: 'succeeded', index, url: fixture.urlOf(id, index) },
					...claims('png', '1024x1024'),
					...{ file_name: 'output.png', file_size: expect.any(Number), metadata: { prompt: 'x' } },
				},
				pairedItem: { item: 0 },
			})),
		);
		expect(fixture.requests('image')).toEqual([]);
	});

	// What is for images alone is not looked at.
	test('Wait for Completion off: the task as the service described it', async () => {
		const waitForCompletion = '={{ false }}';
		const execution = await fixture.run({ prompt: 'x', waitForCompletion, binaryPropertyName: '' });
		const { id } = fixture.onlyTask();
		const url = `${fixture.emulator.baseUrl}/v1/queue/gpt_image_1/requests/${id}`;
		const urls = { response_url: `${url}/response`, status_url: `${url}/status` };
		const json = { request_id: id, state: 'queued', ...urls, cancel_url: `${url}/cancel` };
		expect(fixture.onlyItem(execution).json).toEqual({ ...json, queue_position: 0 });
		expect(fixture.calls()).toEqual(['create']);
	});
});

/** The items come in the order of the input, whichever task has ended first, and each with its file. */
async function expectInOrder(execution: Execution, items: Array<{ prompt: string }>, images = 1) {
	const outputItems = execution.items('Image');
	expect(outputItems.map(({ json, pairedItem }) => [json.request_id, pairedItem])).toEqual(
		items.flatMap((item, index) =>
			Array(images).fill([fixture.requestIdFor(item.prompt), { item: index }]),
		),
	);
	for (const item of outputItems) if (item.binary) await fixture.expectItsFile(item);
	expect(fixture.requests('create')).toHaveLength(items.length);
}

describe('many items', () => {
	test.each([
		['of two images each', { numberOfImages: 2 }, 2],
		['as a Single Item each', { numberOfImages: 2, downloadImages: true, options: SINGLE_ITEM }, 1],
		["one after the other by n8n's own Batching", { waitForCompletion: false, ...batching(20) }, 1],
	])('%s: each has a link to the one that asked for it', async (_how, more, images) => {
		const items = prompts(3);
		await expectInOrder(await fixture.run({ prompt, ...more }, { items }), items, images);
	});

	test.each([
		['1: so many tasks are open', { maxTasksInFlight: 1 }, 1],
		['4: so many tasks are open', { maxTasksInFlight: 4 }, 4],
		['ten by default', {}, 10],
	])('Max Tasks in Flight, %s', async (_what, options, open) => {
		const items = prompts(12);
		for (const slow of items.slice(1, 3)) fixture.emulator.play('slow', slow);
		await expectInOrder(await fixture.run({ prompt, options }, { items }), items);
		expect(mostOpen).toBe(open);
	});

	test('two items with one task: two files, two names', async () => {
		const requestId = fixture.endedTask();
		const execution = await fixture.run({ operation: 'getResult', requestId }, { items: [{}, {}] });
		const outputItems = execution.items('Image');
		expect(outputItems.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		const names = outputItems.map(({ binary }) => binary?.data?.fileName).sort();
		expect(names).toEqual([`${requestId}_1-2.png`, `${requestId}_1.png`]);
	});

	test('Execute Once: one task for all', async () => {
		const settings = { executeOnce: true };
		const execution = await fixture.run({ prompt: 'x' }, { items: [{}, {}, {}], settings });
		expect(execution.items('Image')).toHaveLength(1);
		expect(fixture.emulator.tasks.size).toBe(1);
	});

	test('none at all: nothing is done', async () => {
		const execution = await fixture.run({ prompt: 'x' }, { items: [] });
		expect(execution.items('Image')).toEqual([]);
		expect(fixture.calls()).toEqual([]);
	});
});
