import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { IDataObject } from 'n8n-workflow';
import type { Execution, WorkflowJson } from '../../n8n/client';
import { linksOf, rowsOf } from '../rows';
import { session } from '../session';
import { startWith } from '../workflow';
import { useWorld } from '../world';
import { startUploads } from './uploads';

describe('The images go on through', () => {
	const world = useWorld();

	/** Runs a workflow of this folder with these rows. */
	const chain = async (name: string, rows: IDataObject[]): Promise<Execution> => {
		const file = join(__dirname, `${name}.json`);
		const workflow = JSON.parse(readFileSync(file, 'utf8')) as WorkflowJson;
		const execution = await world.run({ ...workflow, pinData: startWith(rows).pinData });
		expect(execution.data.resultData.error).toBeUndefined();
		expect(execution.status).toBe('success');
		return execution;
	};

	const bytesOf = async (execution: Execution, node: string, field = 'data') =>
		await Promise.all(
			rowsOf(execution, node).map(({ binary }) => world.client.binary(binary![field]!)),
		);

	/** What the service serves, image by image in the order of the creates. */
	const served = () => {
		const images = [...world.emulator.tasks.values()].flatMap((task) => task.images);
		return images.map(({ picture }) => picture!.bytes);
	};

	// GraphicsMagick does Edit Image's work; n8n's own Docker image has it, and .ci/programs installs it.
	test('Edit Image: resized', async () => {
		const execution = await chain('resize', [{ prompt: 'a cat' }]);
		const [image] = await bytesOf(execution, 'Resize');
		expect(await sharp(image).metadata()).toMatchObject({ width: 256, height: 256 });
	});

	test('Compression: two images of one item in a zip file', async () => {
		const execution = await chain('compress', [{ prompt: 'a cat' }]);
		const [zip] = await bytesOf(execution, 'Zip', 'zip');
		expect(zip!.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
		const [row] = rowsOf(execution, 'Images');
		const names = Object.values(row!.binary!).map(({ fileName }) => fileName!);
		expect(names).toHaveLength(2);
		for (const name of names) expect(zip!.includes(name)).toBe(true);
	});

	test('Read/Write Files from Disk: what is read back is what the service made', async () => {
		const rows = ['a cat', 'a dog'].map((prompt) => ({ prompt, folder: session().files }));
		const execution = await chain('disk', rows);
		const read = await bytesOf(execution, 'Read');
		for (const bytes of served()) expect(read.some((one) => one.equals(bytes))).toBe(true);
		expect(read).toHaveLength(2);
	});

	test('HTTP Request: uploaded as multipart, with file name and type', async () => {
		const uploads = await startUploads();
		try {
			const execution = await chain('upload', [{ prompt: 'a cat', uploadTo: uploads.url }]);
			const [form] = uploads.forms;
			const file = form!.get('file') as File;
			const [row] = rowsOf(execution, 'Images');
			expect(file.name).toBe(row!.binary!.data!.fileName);
			expect(file.type).toBe('image/png');
			const [bytes] = served();
			expect(Buffer.from(await file.arrayBuffer()).equals(bytes!)).toBe(true);
			expect(form!.get('request_id')).toBe(row!.json.request_id);
		} finally {
			await uploads.stop();
		}
	});

	test('Merge by position: each image beside its row', async () => {
		const rows = ['a cat', 'a dog', 'a cow'].map((prompt) => ({ prompt }));
		const merged = rowsOf(await chain('merge-position', rows), 'Merge');
		expect(merged.map(({ json }) => promptOf(json.request_id))).toEqual([
			'a cat',
			'a dog',
			'a cow',
		]);
		expect(merged.map(({ json }) => json.prompt)).toEqual(['a cat', 'a dog', 'a cow']);
		expect(merged.every(({ binary }) => binary?.data)).toBe(true);
	});

	test('item links: every image of every item knows the row that it was made from', async () => {
		const rows = ['a cat', 'a dog'].map((prompt) => ({ prompt, caption: `This is ${prompt}` }));
		const captioned = rowsOf(await chain('item-link', rows), 'Caption');
		expect(captioned.map(({ json }) => json.caption)).toEqual([
			'This is a cat',
			'This is a cat',
			'This is a dog',
			'This is a dog',
		]);
		for (const { json } of captioned)
			expect(json.caption).toBe(`This is ${promptOf(json.request_id)}`);
	});

	test('Loop Over Items: a task for every turn, even with one prompt in all of them', async () => {
		const rows = Array.from({ length: 3 }, () => ({ prompt: 'the same cat' }));
		const done = rowsOf(await chain('loop', rows), 'Done');
		expect(world.emulator.creates()).toHaveLength(3);
		expect(new Set(done.map(({ json }) => json.request_id)).size).toBe(3);
		expect(done.every(({ binary }) => binary?.data)).toBe(true);
		expect(linksOf(done)).toHaveLength(3);
	});

	const promptOf = (requestId: unknown) =>
		world.emulator.tasks.get(String(requestId))?.parameters.prompt;
});
