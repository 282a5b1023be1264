import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import type { Execution } from '../../n8n/client';
import { itemsOf } from '../executions';
import { serve } from '../loopback';
import { connectN8n } from '../runningN8n';
import type { RunningN8n } from '../runningN8n';
import { bytesOf, expectImage } from '../tasks';
import { IMAGES, imageNode, inARow, node, startWith, to } from '../workflow';

const RESIZE = { operation: 'resize', width: 256, height: 256, options: {} };

const ZIP = {
	operation: 'compress',
	binaryPropertyName: 'data,data_1',
	outputFormat: 'zip',
	fileName: 'images.zip',
	binaryPropertyOutput: 'zip',
};

const writeInto = (folder: string) => ({
	operation: 'write',
	fileName: `=${folder}/{{ $binary.data.fileName }}`,
	dataPropertyName: 'data',
	options: {},
});

const READ = { operation: 'read', fileSelector: '={{ $json.fileName }}', options: {} };

const uploadTo = (url: string) => ({
	method: 'POST',
	url,
	sendBody: true,
	contentType: 'multipart-form-data',
	bodyParameters: {
		parameters: [
			{ parameterType: 'formBinaryData', name: 'file', inputDataFieldName: 'data' },
			{ parameterType: 'formData', name: 'request_id', value: '={{ $json.request_id }}' },
		],
	},
	options: {},
});

/** Two items of two images each, handed to nodes of n8n that take files. */
describe('The images go on to', () => {
	let n8n: RunningN8n;
	let execution: Execution;
	const forms: FormData[] = [];

	beforeAll(async () => {
		n8n = await connectN8n();
		const folder = await mkdtemp(join(tmpdir(), 'e2e-files-'));
		const destination = await serve(async (request, response) => {
			const headers = { 'content-type': request.headers['content-type'] ?? '' };
			const body = Readable.toWeb(request) as ReadableStream;
			forms.push(await new Response(body, { headers }).formData());
			response.writeHead(200, { 'content-type': 'application/json' }).end('{"taken":true}');
		});
		const prompts = ['a cat', 'a dog'];
		const { trigger, pinData } = startWith(prompts.map((prompt) => ({ prompt })));
		const images = imageNode({
			parameters: { numberOfImages: 2 },
			options: { imageOutput: 'singleItem' },
		});
		const write = node('Write', 'readWriteFile', writeInto(folder));
		const read = node('Read', 'readWriteFile', READ);
		const takers = [
			// GraphicsMagick does its work; n8n's own Docker image has it, and .ci/programs installs it.
			node('Resize', 'editImage', RESIZE),
			node('Zip', 'compression', ZIP, { typeVersion: 1.1 }),
			write,
			node('Upload', 'httpRequest', uploadTo(destination.url), { typeVersion: 4.2 }),
		];
		const nodes = [trigger, images, ...takers, read];
		const connections = {
			...inARow(trigger, images),
			...inARow(write, read),
			[IMAGES]: { main: [takers.map((taker) => to(taker))] },
		};
		execution = await n8n.run({ name: 'Chains', nodes, connections, pinData });
		await destination.stop();
		await rm(folder, { recursive: true });
	});
	afterAll(async () => await n8n?.emulator.stop());

	/** The items that a node puts out, as many as there are prompts. */
	const itemsFrom = (name: string) => {
		expect(execution.data.resultData.error).toBeUndefined();
		const items = itemsOf(execution, name);
		expect(items).toHaveLength(2);
		return items;
	};

	test('Edit Image: resized', async () => {
		for (const { binary } of itemsFrom('Resize')) {
			const image = await n8n.client.binary(binary!.data!);
			expect(await sharp(image).metadata()).toMatchObject({ width: 256, height: 256 });
		}
	});

	test('Compression: two images of one item in a zip file', async () => {
		const zips = itemsFrom('Zip');
		for (const [index, { binary }] of itemsFrom(IMAGES).entries()) {
			const bytes = await n8n.client.binary(zips[index]!.binary!.zip!);
			expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
			const names = Object.values(binary!).map(({ fileName }) => fileName!);
			expect(names.map((name) => bytes.includes(name))).toEqual([true, true]);
		}
	});

	test('Read/Write Files from Disk: what is read back is what the service made', async () => {
		const read = itemsFrom('Read');
		for (const [index, { json }] of itemsFrom(IMAGES).entries())
			await expectImage(n8n, { json, binary: read[index]!.binary });
	});

	test('HTTP Request: uploaded as multipart, with file name and type', async () => {
		const items = itemsFrom(IMAGES);
		expect(forms).toHaveLength(items.length);
		for (const { json, binary } of items) {
			const id = String(json.request_id);
			const form = forms.find((one) => one.get('request_id') === id);
			const file = form!.get('file') as File;
			expect(file.name).toBe(binary!.data!.fileName);
			expect(file.type).toBe('image/png');
			expect(Buffer.from(await file.arrayBuffer()).equals(bytesOf(n8n, id))).toBe(true);
		}
	});
});
