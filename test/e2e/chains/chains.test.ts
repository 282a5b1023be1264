import { Readable } from 'node:stream';
import sharp from 'sharp';
import type { IDataObject, INode } from 'n8n-workflow';
import type { Execution } from '../../n8n/client';
import { itemsOf } from '../executions';
import { serve } from '../loopback';
import { useN8n } from '../runningN8n';
import { session } from '../session';
import { expectImage } from '../tasks';
import { IMAGES, imageNode, inARow, node, startWith, TRIGGER } from '../workflow';

type Json = IDataObject & { prompt: string };

describe('The images go on through', () => {
	const n8n = useN8n();

	/** Runs the items through the nodes: one after the other, unless connected otherwise. */
	const chain = async (items: Json[], nodes: INode[], connect = inARow): Promise<Execution> => {
		const { trigger, pinData } = startWith(items);
		const all = [trigger, ...nodes];
		const connections = connect(...all);
		const execution = await n8n.run({ name: 'A chain', nodes: all, connections, pinData });
		expect(execution.data.resultData.error).toBeUndefined();
		expect(execution.status).toBe('success');
		return execution;
	};

	const bytesOf = async (execution: Execution, name: string, field = 'data') =>
		await Promise.all(
			itemsOf(execution, name).map(({ binary }) => n8n.client.binary(binary![field]!)),
		);

	const promptOf = ({ json }: { json: IDataObject }) =>
		n8n.emulator.tasks.get(String(json.request_id))?.parameters.prompt;

	const prompts = (...all: string[]) => all.map((prompt) => ({ prompt }));

	// GraphicsMagick does Edit Image's work; n8n's own Docker image has it, and .ci/programs installs it.
	test('Edit Image: resized', async () => {
		const resize = { operation: 'resize', width: 256, height: 256, options: {} };
		const execution = await chain(prompts('a cat'), [
			imageNode({}),
			node('Resize', 'editImage', resize),
		]);
		const [image] = await bytesOf(execution, 'Resize');
		expect(await sharp(image).metadata()).toMatchObject({ width: 256, height: 256 });
	});

	test('Compression: two images of one item in a zip file', async () => {
		const zip = {
			operation: 'compress',
			binaryPropertyName: 'data,data_1',
			outputFormat: 'zip',
			fileName: 'images.zip',
			binaryPropertyOutput: 'zip',
		};
		const execution = await chain(prompts('a cat'), [
			imageNode({ parameters: { numberOfImages: 2 }, options: { imageOutput: 'singleItem' } }),
			node('Zip', 'compression', zip, { typeVersion: 1.1 }),
		]);
		const [bytes] = await bytesOf(execution, 'Zip', 'zip');
		expect(bytes!.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
		const [item] = itemsOf(execution, IMAGES);
		const names = Object.values(item!.binary!).map(({ fileName }) => fileName!);
		expect(names).toHaveLength(2);
		for (const name of names) expect(bytes!.includes(name)).toBe(true);
	});

	test('Read/Write Files from Disk: what is read back is what the service made', async () => {
		const write = {
			operation: 'write',
			fileName: `=${session().files}/{{ $binary.data.fileName }}`,
			dataPropertyName: 'data',
			options: {},
		};
		const read = { operation: 'read', fileSelector: '={{ $json.fileName }}', options: {} };
		const execution = await chain(prompts('a cat', 'a dog'), [
			imageNode({}),
			node('Write', 'readWriteFile', write),
			node('Read', 'readWriteFile', read),
		]);
		const images = itemsOf(execution, IMAGES);
		for (const [index, { binary }] of itemsOf(execution, 'Read').entries())
			await expectImage(n8n, { json: images[index]!.json, binary });
		expect(itemsOf(execution, 'Read')).toHaveLength(2);
	});

	test('HTTP Request: uploaded as multipart, with file name and type', async () => {
		const forms: FormData[] = [];
		const { url, stop } = await serve(async (request, response) => {
			const headers = { 'content-type': request.headers['content-type'] ?? '' };
			const body = Readable.toWeb(request) as ReadableStream;
			forms.push(await new Response(body, { headers }).formData());
			response.writeHead(200, { 'content-type': 'application/json' }).end('{"taken":true}');
		});
		const fields = [
			{ parameterType: 'formBinaryData', name: 'file', inputDataFieldName: 'data' },
			{ parameterType: 'formData', name: 'request_id', value: '={{ $json.request_id }}' },
		];
		const upload = {
			method: 'POST',
			url,
			sendBody: true,
			contentType: 'multipart-form-data',
			bodyParameters: { parameters: fields },
			options: {},
		};
		try {
			const execution = await chain(prompts('a cat'), [
				imageNode({}),
				node('Upload', 'httpRequest', upload, { typeVersion: 4.2 }),
			]);
			const [form] = forms;
			const file = form!.get('file') as File;
			const [item] = itemsOf(execution, IMAGES);
			expect(file.name).toBe(item!.binary!.data!.fileName);
			expect(file.type).toBe('image/png');
			const [task] = [...n8n.emulator.tasks.values()];
			const { bytes } = task!.images[0]!.picture!;
			expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
			expect(form!.get('request_id')).toBe(item!.json.request_id);
		} finally {
			await stop();
		}
	});

	test('item links: every image of every item knows the item that it was made from', async () => {
		const value = `={{ $('${TRIGGER}').item.json.caption }}`;
		const assignments = [{ id: 'caption', name: 'caption', type: 'string', value }];
		const caption = { includeOtherFields: true, assignments: { assignments }, options: {} };
		const items = ['a cat', 'a dog'].map((prompt) => ({ prompt, caption: `This is ${prompt}` }));
		const execution = await chain(items, [
			imageNode({ parameters: { numberOfImages: 2 } }),
			node('Caption', 'set', caption, { typeVersion: 3.4 }),
		]);
		const captioned = itemsOf(execution, 'Caption');
		const [cat, dog] = ['This is a cat', 'This is a dog'];
		expect(captioned.map(({ json }) => json.caption)).toEqual([cat, cat, dog, dog]);
		for (const item of captioned) expect(item.json.caption).toBe(`This is ${promptOf(item)}`);
	});

	test('Loop Over Items: a task for every turn, even with one prompt in all of them', async () => {
		const loop = node('Loop', 'splitInBatches', { options: {} }, { typeVersion: 3 });
		const images = imageNode({});
		const done = node('Done', 'noOp');
		const same = prompts(...Array<string>(3).fill('the same cat'));
		const execution = await chain(same, [loop, images, done], (trigger) => {
			const into = inARow(trigger, loop, done);
			into.Loop!.main!.push([{ node: IMAGES, type: 'main', index: 0 }]);
			return { ...into, ...inARow(images, loop) };
		});
		const items = itemsOf(execution, 'Done');
		expect(n8n.emulator.creates()).toHaveLength(3);
		expect(items).toHaveLength(3);
		expect(new Set(items.map(({ json }) => json.request_id)).size).toBe(3);
		expect(items.every(({ binary }) => binary?.data)).toBe(true);
	});
});
