import sharp from 'sharp';
import { useSimulatedFixture } from './fixture';

/** The items that leave the node: JSON, files and links. */

const fixture = useSimulatedFixture();

/** Where the service keeps the image. */
const urlOf = (id: unknown, index: number) =>
	fixture.emulator.imagesOrigin + fixture.emulator.tasks.get(String(id))!.images[index]!.path;

const FORMATS = [
	{ outputFormat: 'png', extension: 'png', size: '1024x1024' },
	{ outputFormat: 'jpeg', extension: 'jpg', size: '1024x1536' },
	{ outputFormat: 'webp', extension: 'webp', size: '1536x1024' },
];

describe('One Item per Image', () => {
	test.each(FORMATS)('$outputFormat', async ({ outputFormat, extension, size }) => {
		const options = { outputFormat };
		const execution = await fixture.run({
			prompt: 'a red apple',
			numberOfImages: 2,
			size,
			options,
		});
		const { id } = fixture.onlyTask();
		const [width, height] = size.split('x').map(Number);
		const pictures = [await fixture.picture(id, 0), await fixture.picture(id, 1)];
		expect(execution.rows('Image')).toEqual(
			pictures.map((bytes, index) => ({
				json: {
					request_id: id,
					state: 'succeeded',
					index,
					url: urlOf(id, index),
					content_type: `image/${outputFormat}`,
					file_name: `${id}_${index + 1}.${extension}`,
					file_size: bytes.length,
					width,
					height,
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
			expect(await fixture.file(execution.rows('Image')[index])).toEqual(bytes);
			const { format } = await sharp(bytes).metadata();
			expect(format).toBe(outputFormat);
		}
		expect(fixture.calls()).toEqual([
			...['create', 'status', 'status', 'status', 'result', 'image', 'image'],
		]);
		fixture.expectNoKey(execution);
	});
});

describe('Single Item: all images of a task', () => {
	test.each(FORMATS)('$outputFormat', async ({ outputFormat, extension, size }) => {
		const options = { outputFormat, imageOutput: 'singleItem' };
		const parameters = { prompt: 'a red apple', numberOfImages: 3, size, options };
		const execution = await fixture.run({ ...parameters, binaryPropertyName: ' picture ' });
		const { id } = fixture.onlyTask();
		const [item, ...more] = execution.rows('Image');
		expect(more).toEqual([]);
		const sizes = [0, 1, 2].map(async (index) => (await fixture.picture(id, index)).length);
		const [width, height] = size.split('x').map(Number);
		const outputs = (await Promise.all(sizes)).map((bytes, index) => ({
			type: 'image',
			url: urlOf(id, index),
			content_type: `image/${outputFormat}`,
			file_name: `output.${outputFormat}`,
			file_size: bytes,
			width,
			height,
		}));
		expect(item).toEqual({
			json: {
				request_id: id,
				state: 'succeeded',
				outputs,
				metadata: { prompt: 'a red apple' },
			},
			binary: {
				picture: expect.objectContaining({ fileName: `${id}_1.${extension}` }),
				picture_1: expect.objectContaining({ fileName: `${id}_2.${extension}` }),
				picture_2: expect.objectContaining({ fileName: `${id}_3.${extension}` }),
			},
			pairedItem: { item: 0 },
		});
		for (const [index, property] of ['picture', 'picture_1', 'picture_2'].entries()) {
			expect(item?.binary?.[property]?.mimeType).toBe(`image/${outputFormat}`);
			expect(await fixture.file(item, property)).toEqual(await fixture.picture(id, index));
		}
	});
});

describe('links to the input items', () => {
	const items = ['one', 'two', 'three'].map((prompt) => ({ prompt }));
	const parameters = { prompt: '={{ $json.prompt }}', numberOfImages: 2 };

	test('three items of two images each: every image has the item that asked for it', async () => {
		const execution = await fixture.run(parameters, { items });
		const ids = new Map(
			[...fixture.emulator.tasks.values()].map((t) => [t.parameters.prompt, t.id]),
		);
		const seen = execution.rows('Image').map(({ json, pairedItem }) => [json, pairedItem]);
		expect(seen).toEqual(
			items.flatMap(({ prompt }, item) =>
				[0, 1].map((index) => [
					expect.objectContaining({ request_id: ids.get(prompt), index }),
					{ item },
				]),
			),
		);
		const names = execution.rows('Image').map(({ binary }) => binary?.data?.fileName);
		expect(new Set(names).size).toBe(6);
		for (const item of execution.rows('Image')) {
			const { request_id: id, index } = item.json;
			expect(await fixture.file(item)).toEqual(await fixture.picture(id, Number(index)));
		}
	});

	test('Single Item: every item has the one that asked for it', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await fixture.run({ ...parameters, options }, { items });
		expect(execution.rows('Image').map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	test('two items with one task: two files, two names', async () => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.end(id);
		const execution = await fixture.run(
			{ operation: 'getResult', requestId: id },
			{ items: [{}, {}] },
		);
		const items = execution.rows('Image');
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		const names = items.map(({ binary }) => binary?.data?.fileName).sort();
		expect(names).toEqual([`${id}_1-2.png`, `${id}_1.png`]);
	});
});

describe('without files', () => {
	test('Download Images off: the URLs, and what the service says of the images', async () => {
		const execution = await fixture.run({ prompt: 'x', numberOfImages: 2, downloadImages: false });
		const { id } = fixture.onlyTask();
		expect(execution.rows('Image')).toEqual(
			[0, 1].map((index) => ({
				json: {
					request_id: id,
					state: 'succeeded',
					index,
					url: urlOf(id, index),
					content_type: 'image/png',
					file_name: 'output.png',
					file_size: expect.any(Number),
					width: 1024,
					height: 1024,
					metadata: { prompt: 'x' },
				},
				pairedItem: { item: 0 },
			})),
		);
		expect(fixture.emulator.downloads()).toEqual([]);
	});

	test('Download Images off, where n8n hides Image Output: one item per image', async () => {
		const { id } = fixture.emulator.addTask({ n: 2 });
		fixture.emulator.end(id);
		const options = { imageOutput: 'singleItem' };
		const parameters = { operation: 'getResult', requestId: id, downloadImages: false, options };
		const execution = await fixture.run(parameters);
		expect(execution.rows('Image').map(({ json }) => json.index)).toEqual([0, 1]);
	});

	test('Wait for Completion off: the task as the service described it', async () => {
		const execution = await fixture.run({ prompt: 'x', waitForCompletion: false });
		const { id } = fixture.onlyTask();
		const url = `${fixture.emulator.baseUrl}/v1/queue/gpt_image_1/requests/${id}`;
		expect(execution.rows('Image')).toEqual([
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

test('Put Output File in Field names the field of the file', async () => {
	const execution = await fixture.run({ prompt: 'x', binaryPropertyName: 'picture' });
	expect(Object.keys(execution.rows('Image')[0]?.binary ?? {})).toEqual(['picture']);
});

test('the chain: create without waiting, status, result', async () => {
	const created = await fixture.run({ prompt: 'x', waitForCompletion: false });
	const requestId = created.rows('Image')[0]!.json.request_id;
	for (const state of ['queued', 'running', 'succeeded']) {
		const status = await fixture.run({ operation: 'getStatus', requestId });
		expect(status.rows('Image')[0]?.json).toMatchObject({ request_id: requestId, state });
	}
	const result = await fixture.run({ operation: 'getResult', requestId });
	expect(await fixture.file(result.rows('Image')[0])).toEqual(await fixture.picture(requestId));
});

test('where nothing waits, what is for images alone is not looked at', async () => {
	const parameters = { prompt: 'x', waitForCompletion: '={{ false }}', binaryPropertyName: '' };
	const execution = await fixture.run(parameters);
	expect(execution.rows('Image')).toMatchObject([{ json: { state: 'queued' } }]);
});
