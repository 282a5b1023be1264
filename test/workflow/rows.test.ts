import sharp from 'sharp';
import type { WorkflowJson } from '../engine/engine';
import { imageWorkflow, useBench } from './bench';

/** The rows that leave the node, whole: JSON, files and links. */

jest.mock('../../nodes/GptImage1/run/clock', () => jest.requireActual('./hastyClock'));

const bench = useBench();

/** Where the picture lies at the service. */
const urlOf = (id: unknown, index: number) =>
	bench.emulator.imagesOrigin + bench.emulator.tasks.get(String(id))!.images[index]!.path;

const onlyTask = () => [...bench.emulator.tasks.values()][0]!;

const FORMATS = [
	{ outputFormat: 'png', extension: 'png', size: '1024x1024' },
	{ outputFormat: 'jpeg', extension: 'jpg', size: '1024x1536' },
	{ outputFormat: 'webp', extension: 'webp', size: '1536x1024' },
];

describe('an item an image', () => {
	test.each(FORMATS)('$outputFormat', async ({ outputFormat, extension, size }) => {
		const options = { outputFormat };
		const execution = await bench.run({ prompt: 'x', numberOfImages: 2, size, options });
		const { id } = onlyTask();
		const [width, height] = size.split('x').map(Number);
		const pictures = [await bench.picture(id, 0), await bench.picture(id, 1)];
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
			expect(await bench.file(execution.rows('Image')[index])).toEqual(bytes);
			const { format } = await sharp(bytes).metadata();
			expect(format).toBe(outputFormat);
		}
		expect(bench.calls()).toEqual([
			...['create', 'status', 'status', 'status', 'result', 'image', 'image'],
		]);
		bench.expectNoKey(execution);
	});
});

describe('all images in a single item', () => {
	test.each(FORMATS)('$outputFormat', async ({ outputFormat, extension, size }) => {
		const options = { outputFormat, imageOutput: 'singleItem' };
		const parameters = { prompt: 'a red apple', numberOfImages: 3, size, options };
		const execution = await bench.run({ ...parameters, binaryPropertyName: ' picture ' });
		const { id } = onlyTask();
		const [row, ...more] = execution.rows('Image');
		expect(more).toEqual([]);
		const sizes = [0, 1, 2].map(async (index) => (await bench.picture(id, index)).length);
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
		expect(row).toEqual({
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
			expect(row?.binary?.[property]?.mimeType).toBe(`image/${outputFormat}`);
			expect(await bench.file(row, property)).toEqual(await bench.picture(id, index));
		}
	});
});

describe('links', () => {
	const items = ['one', 'two', 'three'].map((prompt) => ({ prompt }));
	const parameters = { prompt: '={{ $json.prompt }}', numberOfImages: 2 };

	test('three items of two images each', async () => {
		const execution = await bench.run(parameters, { items });
		const ids = new Map([...bench.emulator.tasks.values()].map((t) => [t.parameters.prompt, t.id]));
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
		for (const row of execution.rows('Image')) {
			const { request_id: id, index } = row.json;
			expect(await bench.file(row)).toEqual(await bench.picture(id, Number(index)));
		}
	});

	test('three items in single items, to a node behind', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await bench.run({ ...parameters, options }, { items });
		expect(execution.rows('Image').map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	test('two items with one task: two files, two names', async () => {
		const { id } = bench.emulator.addTask();
		bench.emulator.end(id);
		const execution = await bench.run(
			{ operation: 'getResult', requestId: id },
			{ items: [{}, {}] },
		);
		const rows = execution.rows('Image');
		expect(rows.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		const names = rows.map(({ binary }) => binary?.data?.fileName).sort();
		expect(names).toEqual([`${id}_1-2.png`, `${id}_1.png`]);
	});
});

describe('without files', () => {
	test('Download Images off: the addresses and what the service says of the images', async () => {
		const execution = await bench.run({ prompt: 'x', numberOfImages: 2, downloadImages: false });
		const { id } = onlyTask();
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
				},
				pairedItem: { item: 0 },
			})),
		);
		expect(bench.emulator.downloads()).toEqual([]);
	});

	test('Download Images off, where n8n hides Image Output: a row an image', async () => {
		const { id } = bench.emulator.addTask({ n: 2 });
		bench.emulator.end(id);
		const options = { imageOutput: 'singleItem' };
		const parameters = { operation: 'getResult', requestId: id, downloadImages: false, options };
		const execution = await bench.run(parameters);
		expect(execution.rows('Image').map(({ json }) => json.index)).toEqual([0, 1]);
	});

	test('Wait for Completion off: the task, as the service has described it', async () => {
		const execution = await bench.run({ prompt: 'x', waitForCompletion: false });
		const { id } = onlyTask();
		const url = `${bench.emulator.baseUrl}/v1/queue/gpt_image_1/requests/${id}`;
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
		expect(bench.calls()).toEqual(['create']);
	});
});

test('the field for the file', async () => {
	const execution = await bench.run({ prompt: 'x', binaryPropertyName: 'picture' });
	expect(Object.keys(execution.rows('Image')[0]?.binary ?? {})).toEqual(['picture']);
});

test('the chain: create without waiting, status, result', async () => {
	const created = await bench.run({ prompt: 'x', waitForCompletion: false });
	const requestId = created.rows('Image')[0]!.json.request_id;
	for (const state of ['queued', 'running', 'succeeded']) {
		const status = await bench.run({ operation: 'getStatus', requestId });
		expect(status.rows('Image')[0]?.json).toMatchObject({ request_id: requestId, state });
	}
	const result = await bench.run({ operation: 'getResult', requestId });
	expect(await bench.file(result.rows('Image')[0])).toEqual(await bench.picture(requestId));
});

test('no input items: nothing is done', async () => {
	const execution = await bench.run({ prompt: 'x' }, { items: [] });
	expect(execution.rows('Image')).toEqual([]);
	expect(bench.calls()).toEqual([]);
});

test('Execute Once: one task for all items', async () => {
	const settings = { executeOnce: true };
	const execution = await bench.run({ prompt: 'x' }, { items: [{}, {}, {}], settings });
	expect(execution.rows('Image')).toHaveLength(1);
	expect(bench.emulator.tasks.size).toBe(1);
});

describe("n8n's own Batching", () => {
	const batching = (batchSize: number, batchInterval: number) => ({
		prompt: '={{ $json.p }}',
		waitForCompletion: false,
		requestOptions: { batching: { batch: { batchSize, batchInterval } } },
	});

	test('items that start one after the other', async () => {
		const items = [{ p: 'a' }, { p: 'b' }, { p: 'c' }];
		const execution = await bench.run(batching(1, 20), { items });
		expect(execution.rows('Image').map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(bench.emulator.tasks.size).toBe(3);
	});
});

describe('Max Tasks in Flight', () => {
	const items = Array.from({ length: 12 }, (_, number) => ({ prompt: `${number}` }));

	/** The most tasks that were open at a time, by what the service saw. */
	async function mostOpen(options: object): Promise<number> {
		const { emulator } = bench;
		const open = () => [...emulator.tasks.values()].filter(({ ending }) => !ending).length;
		let most = 0;
		const watching = setInterval(() => (most = Math.max(most, open())), 1);
		const execution = await bench.run({ prompt: '={{ $json.prompt }}', options }, { items });
		clearInterval(watching);
		// The rows come in the order of the items, whichever task has ended first.
		expect(execution.rows('Image').map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_, item) => ({ item })),
		);
		const prompts = execution
			.rows('Image')
			.map(({ json }) => emulator.tasks.get(json.request_id as string)?.parameters.prompt);
		expect(prompts).toEqual(items.map(({ prompt }) => prompt));
		expect(emulator.creates()).toHaveLength(12);
		return most;
	}

	test.each([1, 4])('%d', async (maxTasksInFlight) => {
		bench.emulator.play('slow', { nth: 2, times: 2 });
		expect(await mostOpen({ maxTasksInFlight })).toBe(maxTasksInFlight);
	});

	test('ten by default', async () => {
		expect(await mostOpen({})).toBe(10);
	});
});

describe("as an AI agent's tool", () => {
	/** An agent that calls the tool once an item, with the item as its arguments. */
	function agentWorkflow(parameters: object): WorkflowJson {
		const workflow = imageWorkflow(parameters);
		const [start, image] = workflow.nodes;
		image!.type += 'Tool';
		workflow.nodes.push({ ...start!, id: 'Agent', name: 'Agent', type: 'test.toolCaller' });
		workflow.connections = {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Image: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		};
		return workflow;
	}

	const FROM_AI = "={{ $fromAI('prompt') }}";

	async function answers(parameters: object, calls: object[]) {
		const execution = await bench.engine.run(agentWorkflow(parameters), {
			credential: bench.credential,
			items: calls.map((json) => ({ json: json as never })),
		});
		expect(execution.error).toBeUndefined();
		bench.expectNoKey(execution);
		return execution
			.rows('Agent')
			.map(({ json }) => JSON.parse(json.answer as string) as Array<Record<string, unknown>>);
	}

	test('the model gets the addresses; nothing is downloaded', async () => {
		const [rows] = await answers({ prompt: FROM_AI, numberOfImages: 2 }, [{ prompt: 'an apple' }]);
		const { id, parameters } = onlyTask();
		expect(parameters.prompt).toBe('an apple');
		expect(rows).toMatchObject(
			[0, 1].map((index) => ({
				request_id: id,
				state: 'succeeded',
				index,
				url: urlOf(id, index),
			})),
		);
		expect(bench.emulator.downloads()).toEqual([]);
	});

	test('a single item has all addresses', async () => {
		const options = { imageOutput: 'singleItem' };
		const parameters = { prompt: FROM_AI, numberOfImages: 2, options };
		const [rows] = await answers(parameters, [{ prompt: 'an apple' }]);
		expect(rows).toMatchObject([
			{ outputs: [{ url: urlOf(onlyTask().id, 0) }, { url: urlOf(onlyTask().id, 1) }] },
		]);
		expect(bench.emulator.downloads()).toEqual([]);
	});

	test('two calls with one prompt are two tasks', async () => {
		const call = { prompt: 'an apple' };
		const [first, second] = await answers({ prompt: FROM_AI }, [call, call]);
		expect(bench.emulator.tasks.size).toBe(2);
		expect(first?.[0]?.request_id).not.toBe(second?.[0]?.request_id);
	});
});
