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
	const mimeType = `image/${outputFormat}`;
	expect(execution.items('Image')).toEqual(
		[0, 1].map((index) => {
			const fileName = `${id}_${index + 1}.${extension}`;
			const file = { mimeType, fileType: 'image', fileName, fileExtension: extension };
			return {
				json: {
					...{ request_id: id, state: 'succeeded', index, url: fixture.urlOf(id, index) },
					...claims(outputFormat, size),
					...{ file_name: fileName, file_size: fixture.picture(id, index).length },
					metadata: { prompt: 'an apple' },
				},
				binary: {
					data: expect.objectContaining({ ...file, id: expect.stringMatching(/^filesystem-v2:/) }),
				},
				pairedItem: { item: 0 },
			};
		}),
	);
	for (const item of execution.items('Image')) await fixture.expectItsFile(item);
	expect(fixture.calls()).toEqual([
		...['create', 'status', 'status', 'status', 'result', 'image', 'image'],
	]);
	fixture.expectNoKey(execution);
});

test('Single Item: all images of a task, in the fields that Put Output File in Field names', async () => {
	const parameters = { prompt: 'an apple', numberOfImages: 2, binaryPropertyName: ' picture ' };
	const execution = await fixture.run({ ...parameters, options: SINGLE_ITEM });
	const { id } = fixture.onlyTask();
	const item = fixture.onlyItem(execution);
	const outputs = [0, 1].map((index) => ({
		...{ type: 'image', url: fixture.urlOf(id, index), ...claims('png', '1024x1024') },
		...{ file_name: 'output.png', file_size: expect.any(Number) },
	}));
	const metadata = { prompt: 'an apple' };
	expect(item.json).toEqual({ request_id: id, state: 'succeeded', outputs, metadata });
	expect(Object.keys(item.binary ?? {})).toEqual(['picture', 'picture_1']);
	for (const [index, property] of ['picture', 'picture_1'].entries()) {
		expect(item.binary?.[property]?.fileName).toBe(`${id}_${index + 1}.png`);
		expect(await fixture.file(item, property)).toEqual(fixture.picture(id, index));
	}
});

// n8n hides Return Images As where Download Images is off.
test.each([{}, SINGLE_ITEM])('Download Images off: an item for each URL, %j', async (options) => {
	const parameters = { prompt: 'x', numberOfImages: 2, downloadImages: false, options };
	const execution = await fixture.run(parameters);
	const { id } = fixture.onlyTask();
	const claimed = { ...claims('png', '1024x1024'), file_name: 'output.png' };
	const json = { request_id: id, state: 'succeeded', ...claimed, file_size: expect.any(Number) };
	expect(execution.items('Image')).toEqual(
		[0, 1].map((index) => ({
			json: { ...json, index, url: fixture.urlOf(id, index), metadata: { prompt: 'x' } },
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

/** The items come in the order of the input, whichever task has ended first, and each with its file. */
test.each<[string, object, number, number]>([
	['of two images each', { numberOfImages: 2 }, 2, 10],
	[
		"one after the other by n8n's own Batching",
		{ waitForCompletion: false, ...batching(20) },
		1,
		12,
	],
	['with 4 Max Tasks in Flight: so many are open', { options: { maxTasksInFlight: 4 } }, 1, 4],
])('many items, %s', async (_how, more, images, open) => {
	const items = prompts(12);
	for (const slow of items.slice(1, 3)) fixture.emulator.play('slow', slow);
	const outputItems = (await fixture.run({ prompt, ...more }, { items })).items('Image');
	expect(outputItems.map(({ json, pairedItem }) => [json.request_id, pairedItem])).toEqual(
		items.flatMap((item, index) =>
			Array(images).fill([fixture.requestIdFor(item.prompt), { item: index }]),
		),
	);
	for (const item of outputItems) if (item.binary) await fixture.expectItsFile(item);
	expect(fixture.counts().creates).toBe(items.length);
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

test.each([
	['Execute Once: one task for all', [{}, {}, {}], { executeOnce: true }, 1],
	['none at all: nothing is done', [], {}, 0],
])('items, %s', async (_how, items, settings, tasks) => {
	const execution = await fixture.run({ prompt: 'x' }, { items, settings });
	expect(execution.items('Image')).toHaveLength(tasks);
	expect(fixture.emulator.tasks.size).toBe(tasks);
});
