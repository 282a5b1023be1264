import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import type { ScenarioName } from '../emulator';
import { useBench } from './bench';

/** Images that do not come as they should. Every one of them is paid for. */

jest.mock('../../nodes/GptImage1/run/clock', () => jest.requireActual('./hastyClock'));

const bench = useBench();

const CONTINUE = { onError: 'continueRegularOutput' } as const;

afterEach(() => {
	// Whatever the images are like: the key stays where it belongs.
	expect(bench.emulator.keyReachedImages).toBe(false);
});

const onlyTask = () => [...bench.emulator.tasks.values()][0]!;

async function generate(scenario: ScenarioName, parameters: object = {}, settings: object = {}) {
	bench.emulator.play(scenario);
	return await bench.run({ prompt: 'a red apple', ...parameters }, { settings });
}

describe('no image to be had: an error that keeps the task', () => {
	test.each<[ScenarioName, string, number]>([
		['imageGone', 'the image host answered HTTP 404', 1],
		['imageHtml', 'the image host sent a page and not an image', 3],
		['imageEmpty', 'the image host sent nothing', 3],
		['imageTruncated', 'the connection to the image host failed (ECONNRESET)', 6],
		['imageTruncatedQuietly', 'the image host sent an image that is cut off', 3],
		['imageRedirectForEver', 'its address leads round in a circle', 6],
		['imageRedirectToFile', 'its address is not one that may be fetched', 1],
		['imageUrlFile', 'its address is not one that may be fetched', 0],
	])('%s', async (scenario, fault, downloads) => {
		const execution = await generate(scenario);
		const { id } = onlyTask();
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe(`Image 1 of task ${id} could not be downloaded`);
		const { description } = execution.error!;
		expect(description).toContain(`The image is paid for and exists: ${fault}`);
		expect(description).toContain(
			`The task is not lost: the operation Get Result with the request ID ${id} fetches its images.`,
		);
		expect(description).toMatch(/Its address is (http|file):\/\/\S+$/);
		expect(execution.rows('Image')).toEqual([]);
		expect(bench.emulator.downloads()).toHaveLength(downloads);
		expect(bench.emulator.creates()).toHaveLength(1);
		bench.expectNoKey(execution);
	});
});

describe('a download that fails is repeated', () => {
	test.each(['error500', 'htmlError502', 'rateLimited', 'drop', 'html', 'empty'] as const)(
		'%s, then the image',
		async (answer) => {
			bench.emulator.answerNext('image', answer);
			const execution = await bench.run({ prompt: 'a red apple' });
			const [row] = execution.rows('Image');
			expect(await bench.file(row)).toEqual(await bench.picture(onlyTask().id));
			expect(row?.binary?.data?.fileName).toBe(`${onlyTask().id}_1.png`);
			expect(bench.emulator.downloads()).toHaveLength(2);
		},
	);

	test.each(['truncate', 'truncateQuietly'] as const)(
		'%s, then the image, with the bytes of the second alone',
		async (answer) => {
			bench.emulator.answerNext('image', answer);
			const execution = await bench.run({ prompt: 'a red apple' });
			const [row] = execution.rows('Image');
			const picture = await bench.picture(onlyTask().id);
			expect(await bench.file(row)).toEqual(picture);
			expect(row?.json.file_size).toBe(picture.length);
			expect(row?.binary?.data?.fileName).toBe(`${onlyTask().id}_1.png`);
		},
	);

	test('500 for ever: six times', async () => {
		bench.emulator.answerNext('image', 'error500', 100);
		const execution = await bench.run({ prompt: 'a red apple' });
		expect(execution.error?.description).toContain('the image host answered HTTP 500');
		expect(execution.error).toMatchObject({ httpCode: '500' });
		expect(bench.emulator.downloads()).toHaveLength(6);
	});

	test('something else than an image', async () => {
		const answer = { status: 200, body: 'This is no picture at all.' };
		bench.emulator.answerNext('image', answer, 100);
		const execution = await bench.run({ prompt: 'a red apple' });
		expect(execution.error?.description).toContain(
			'the image host sent something that is no PNG, JPEG or WebP image (text/html)',
		);
	});
});

test('the type is what the bytes are, whatever everybody claims', async () => {
	const execution = await generate('imageWrongType');
	const [row] = execution.rows('Image');
	const { id } = onlyTask();
	expect(row?.json).toMatchObject({ content_type: 'image/webp', file_name: `${id}_1.webp` });
	expect(row?.binary?.data).toMatchObject({
		mimeType: 'image/webp',
		fileExtension: 'webp',
		fileName: `${id}_1.webp`,
	});
	expect((await sharp(await bench.file(row)).metadata()).format).toBe('webp');
});

test('a redirect is followed, without the key', async () => {
	const execution = await generate('imageRedirect');
	expect(await bench.file(execution.rows('Image')[0])).toEqual(await bench.picture(onlyTask().id));
	expect(bench.emulator.downloads().map(({ status }) => status)).toEqual([302, 200]);
});

test("an image on the API's own host is fetched without the key", async () => {
	const execution = await generate('imageUrlApi');
	expect(await bench.file(execution.rows('Image')[0])).toEqual(await bench.picture(onlyTask().id));
	expect(bench.emulator.downloads()).toMatchObject([{ port: 'api', carriesKey: false }]);
	expect(bench.emulator.downloads()[0]?.headers.authorization).toBeUndefined();
});

describe('a hostile file name', () => {
	test('is not used for the file', async () => {
		const execution = await generate('hostileFileName');
		const [row] = execution.rows('Image');
		const { id } = onlyTask();
		expect(row?.binary?.data?.fileName).toBe(`${id}_1.png`);
		expect(row?.json.file_name).toBe(`${id}_1.png`);
	});

	test('is made harmless where there is no file', async () => {
		const execution = await generate('hostileFileName', { downloadImages: false });
		expect(execution.rows('Image')[0]?.json.file_name).toBe('a'.repeat(120));
	});
});

describe('one image of ten is gone', () => {
	const parameters = { numberOfImages: 10 };

	test('under Continue: nine images and a failed row with the address of the tenth', async () => {
		const execution = await generate('tenthImageGone', parameters, CONTINUE);
		const { id, images } = onlyTask();
		const rows = execution.rows('Image');
		expect(rows).toHaveLength(10);
		for (const [index, row] of rows.slice(0, 9).entries()) {
			expect(row.json).toMatchObject({ request_id: id, state: 'succeeded', index });
			expect(await bench.file(row)).toEqual(await bench.picture(id, index));
		}
		const url = `${bench.emulator.imagesOrigin}${images[9]!.path}`;
		expect(rows[9]).toEqual({
			json: {
				error: {
					message: `Image 10 of task ${id} could not be downloaded`,
					description: expect.stringContaining(`Its address is ${url}`),
					request_id: id,
					state: 'succeeded',
					http_code: 404,
					url,
				},
			},
			pairedItem: { item: 0 },
		});
	});

	test('under Continue, in a single item: a row with nine files, and the failed row', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await generate('tenthImageGone', { ...parameters, options }, CONTINUE);
		const [row, failed, ...more] = execution.rows('Image');
		expect(more).toEqual([]);
		expect(Object.keys(row?.binary ?? {})).toEqual([
			'data',
			...[1, 2, 3, 4, 5, 6, 7, 8].map((index) => `data_${index}`),
		]);
		expect(row?.json.outputs).toHaveLength(10);
		expect(failed?.json.error).toMatchObject({ request_id: onlyTask().id, http_code: 404 });
	});

	test('under Continue with the error output: the failed row goes there', async () => {
		const settings = { onError: 'continueErrorOutput' };
		const execution = await generate('tenthImageGone', parameters, settings);
		expect(execution.rows('Image', 0)).toHaveLength(9);
		expect(execution.rows('Image', 1).map(({ json }) => json.error)).toMatchObject([
			{ request_id: onlyTask().id, url: expect.stringContaining('http://127.0.0.1') },
		]);
	});

	test('by default: an error, and no image is lost to a retry', async () => {
		const execution = await generate('tenthImageGone', parameters);
		const { id } = onlyTask();
		expect(execution.error?.message).toBe(`Image 10 of task ${id} could not be downloaded`);
		expect(execution.error?.description).toContain(`Get Result with the request ID ${id}`);
		expect(execution.rows('Image')).toEqual([]);
	});

	test('none of the images of a single item to be had: failed rows alone', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await generate('imageGone', { numberOfImages: 2, options }, CONTINUE);
		expect(execution.rows('Image').map(({ json }) => Object.keys(json))).toEqual([
			['error'],
			['error'],
		]);
	});
});

test('at most three images are downloaded at a time', async () => {
	const { emulator } = bench;
	emulator.answerNext('image', 'hang', 10);
	const run = bench.start({ prompt: 'a red apple', numberOfImages: 10 });
	await emulator.whenRequested(({ call }) => call === 'image');
	await new Promise((resolve) => setTimeout(resolve, 100));
	const open = emulator.downloads().filter(({ endedAt }) => endedAt === undefined).length;
	run.stop();
	await run.ended;
	expect(open).toBe(3);
});

test("n8n's own Proxy option counts for the images too", async () => {
	const seen: string[] = [];
	const proxy = createServer((incoming, outgoing) => {
		const { method, headers, url = '' } = incoming;
		seen.push(url);
		const onward = request(url, { method: method!, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode!, answer.headers);
			answer.pipe(outgoing);
		});
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	const { port } = proxy.address() as AddressInfo;
	const requestOptions = { proxy: `http://127.0.0.1:${port}`, allowUnauthorizedCerts: true };
	const execution = await bench.run({ prompt: 'a red apple', requestOptions });
	proxy.closeAllConnections();
	proxy.close();
	expect(execution.error).toBeUndefined();
	expect(seen).toEqual(bench.emulator.requests.map(({ path }) => expect.stringContaining(path)));
	expect(seen.at(-1)).toContain(bench.emulator.imagesOrigin);
});

test('a large image is streamed to the storage', async () => {
	// Twenty times as large as any that the model makes, and still far below the cap.
	const bytes = Buffer.alloc(30 * 1024 * 1024, 7);
	const small = await sharp({
		create: { width: 8, height: 8, channels: 3, background: 'red' },
	})
		.png()
		.toBuffer();
	small.copy(bytes, 0, 0, 33);
	small.copy(bytes, bytes.length - 12, small.length - 12);
	bench.emulator.answerNext('image', { status: 200, body: bytes });
	const execution = await bench.run({ prompt: 'a red apple' });
	const [row] = execution.rows('Image');
	expect(row?.json.file_size).toBe(bytes.length);
	expect((await bench.file(row)).equals(bytes)).toBe(true);
});
