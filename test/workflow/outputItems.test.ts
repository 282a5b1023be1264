import sharp from 'sharp';
import { prompt, prompts, useSimulatedFixture } from './fixture';

/** The items that leave the node: JSON, files and links. */

const fixture = useSimulatedFixture();

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
	const options = { outputFormat };
	const parameters = { prompt: 'a red apple', numberOfImages: 2, size, options };
	const execution = await fixture.run(parameters);
	const { id } = fixture.onlyTask();
	const pictures = [await fixture.picture(id, 0), await fixture.picture(id, 1)];
	expect(execution.items('Image')).toEqual(
		pictures.map((bytes, index) => ({
			json: {
				...{ request_id: id, state: 'succeeded', index, url: fixture.urlOf(id, index) },
				...claims(outputFormat, size),
				file_name: `${id}_${index + 1}.${extension}`,
				file_size: bytes.length,
				metadata: { prompt: 'a red apple' },
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
	expect(pictures[0]).not.toEqual(pictures[1]);
	for (const [index, bytes] of pictures.entries()) {
		expect(await fixture.file(execution.items('Image')[index])).toEqual(bytes);
		expect((await sharp(bytes).metadata()).format).toBe(outputFormat);
	}
	expect(fixture.calls()).toEqual([
		...['create', 'status', 'status', 'status', 'result', 'image', 'image'],
	]);
	fixture.expectNoKey(execution);
});

test('Single Item: all images of a task, in the fields that Put Output File in Field names', async () => {
	const size = '1536x1024';
	const options = { outputFormat: 'jpeg', imageOutput: 'singleItem' };
	const parameters = { prompt: 'a red apple', numberOfImages: 3, size, options };
	const execution = await fixture.run({ ...parameters, binaryPropertyName: ' picture ' });
	const { id } = fixture.onlyTask();
	const [item, ...more] = execution.items('Image');
	expect([item?.pairedItem, more]).toEqual([{ item: 0 }, []]);
	const outputs = [0, 1, 2].map((index) => ({
		...{ type: 'image', url: fixture.urlOf(id, index), ...claims('jpeg', size) },
		...{ file_name: 'output.jpeg', file_size: expect.any(Number) },
	}));
	const metadata = { prompt: 'a red apple' };
	expect(item?.json).toEqual({ request_id: id, state: 'succeeded', outputs, metadata });
	const fields = ['picture', 'picture_1', 'picture_2'];
	expect(Object.keys(item?.binary ?? {})).toEqual(fields);
	for (const [index, property] of fields.entries()) {
		const fileName = `${id}_${index + 1}.jpg`;
		expect(item?.binary?.[property]).toMatchObject({ mimeType: 'image/jpeg', fileName });
		expect(await fixture.file(item, property)).toEqual(await fixture.picture(id, index));
	}
});

describe('links to the input items', () => {
	const items = prompts(3);
	const parameters = { prompt, numberOfImages: 2 };

	test('three items of two images each: every image has the item that asked for it', async () => {
		const execution = await fixture.run(parameters, { items });
		const outputItems = execution.items('Image');
		expect(outputItems.map(({ json, pairedItem }) => [json, pairedItem])).toEqual(
			items.flatMap((its, item) =>
				[0, 1].map((index) => [
					expect.objectContaining({ request_id: fixture.requestIdFor(its.prompt), index }),
					{ item },
				]),
			),
		);
		expect(new Set(outputItems.map(({ binary }) => binary?.data?.fileName)).size).toBe(6);
		for (const item of outputItems) {
			const { request_id: id, index } = item.json;
			expect(await fixture.file(item)).toEqual(await fixture.picture(id, Number(index)));
		}
	});

	test('Single Item: every item has the one that asked for it', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await fixture.run({ ...parameters, options }, { items });
		const links = execution.items('Image').map(({ pairedItem }) => pairedItem);
		expect(links).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	});

	test('two items with one task: two files, two names', async () => {
		const requestId = fixture.endedTask();
		const twice = { items: [{}, {}] };
		const execution = await fixture.run({ operation: 'getResult', requestId }, twice);
		const outputItems = execution.items('Image');
		expect(outputItems.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		const names = outputItems.map(({ binary }) => binary?.data?.fileName).sort();
		expect(names).toEqual([`${requestId}_1-2.png`, `${requestId}_1.png`]);
	});
});

describe('without files', () => {
	test('Download Images off: the URLs, and what the service says of the images', async () => {
		const execution = await fixture.run({ prompt: 'x', numberOfImages: 2, downloadImages: false });
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
		expect(fixture.emulator.downloads()).toEqual([]);
	});

	test('Download Images off, where n8n hides Image Output: one item per image', async () => {
		const requestId = fixture.endedTask('succeeded', { n: 2 });
		const options = { imageOutput: 'singleItem' };
		const parameters = { operation: 'getResult', requestId, downloadImages: false, options };
		const execution = await fixture.run(parameters);
		expect(execution.items('Image').map(({ json }) => json.index)).toEqual([0, 1]);
	});

	test('Wait for Completion off: the task as the service described it', async () => {
		const execution = await fixture.run({ prompt: 'x', waitForCompletion: false });
		const { id } = fixture.onlyTask();
		const url = `${fixture.emulator.baseUrl}/v1/queue/gpt_image_1/requests/${id}`;
		expect(execution.items('Image')).toEqual([
			{
				json: {
					request_id: id,
					state: 'queued',
					response_url: `${url}/response`,
					status_url: `${url}/status`,
					cancel_url: `${url}/cancel`,
					queue_position: 0,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(fixture.calls()).toEqual(['create']);
	});
});

test('the chain: create without waiting, status, result', async () => {
	const created = await fixture.run({ prompt: 'x', waitForCompletion: false });
	const requestId = created.items('Image')[0]!.json.request_id;
	for (const state of ['queued', 'running', 'succeeded']) {
		const status = await fixture.run({ operation: 'getStatus', requestId });
		expect(status.items('Image')[0]?.json).toMatchObject({ request_id: requestId, state });
	}
	const result = await fixture.run({ operation: 'getResult', requestId });
	expect(await fixture.file(result.items('Image')[0])).toEqual(await fixture.picture(requestId));
});

test('where nothing waits, what is for images alone is not looked at', async () => {
	const parameters = { prompt: 'x', waitForCompletion: '={{ false }}', binaryPropertyName: '' };
	const execution = await fixture.run(parameters);
	expect(execution.items('Image')).toMatchObject([{ json: { state: 'queued' } }]);
});
