import sharp from 'sharp';
import type { Scenario, ScenarioName } from '../emulator';
import type { Fault } from '../service/faults';
import { ERRORS } from '../service/responses';
import { records, RESULTS } from '../service/variations';
import { useSimulatedFixture } from './fixture';

/** Images that cannot be downloaded, or not at once. Every one of them is paid for. */

const fixture = useSimulatedFixture();

const CONTINUE = { onError: 'continueRegularOutput' } as const;

afterEach(() => {
	// Whatever the images are like: the key stays where it belongs.
	expect(fixture.emulator.keyReachedImages).toBe(false);
});

async function generate(
	scenario: ScenarioName | Scenario,
	parameters: object = {},
	settings: object = {},
) {
	fixture.emulator.play(scenario);
	return await fixture.run({ prompt: 'a red apple', ...parameters }, { settings });
}

const image = (fault: (path: string) => Fault | undefined): Scenario => ({
	faults: { image: (_, { path }) => fault(path) },
});

const redirect = (location: string) => ({ status: 302, headers: { location } });

const INCOMPLETE = 'the image host sent no complete image';
const NOT_ALLOWED = 'its URL is not allowed';

describe('an image that cannot be had is an error that keeps the task', () => {
	test.each<[string, Scenario, string, string, number]>([
		['404', image(() => ERRORS.noSuchImage()), 'the image host returned HTTP 404', '', 5],
		['410', image(() => ERRORS.goneImage()), 'the image host returned HTTP 410', '', 1],
		['a page', image(() => 'html'), INCOMPLETE, 'It sent a web page instead of an image.', 3],
		['no bytes', image(() => 'empty'), INCOMPLETE, 'It sent no data.', 3],
		[
			'a connection that breaks',
			image(() => 'truncate'),
			'the connection to the image host failed',
			'ECONNRESET',
			6,
		],
		['half', image(() => 'truncateQuietly'), INCOMPLETE, 'It sent only part of the image.', 3],
		[
			'a redirect to itself',
			image((path) => redirect(path)),
			'the image host redirected more than 5 times',
			'',
			6,
		],
		[
			'a redirect to a file',
			image(() => redirect('file:///etc/passwd')),
			NOT_ALLOWED,
			'It must begin with https://',
			1,
		],
		[
			'the URL of a file',
			{ answers: { result: records((one) => ({ ...one, url: 'file:///etc/passwd' })) } },
			NOT_ALLOWED,
			'It must begin with https://',
			0,
		],
	])('%s', async (_what, scenario, reason, details, downloads) => {
		const execution = await generate(scenario);
		const { id } = fixture.onlyTask();
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe(
			`Could not download image 1 of task ${id}: ${reason} [item 0]`,
		);
		const { description } = execution.error!;
		expect(description).toContain(details);
		expect(description).toContain(
			reason !== NOT_ALLOWED
				? `The image is already paid for: select 'Retry execution' on this execution, or use 'Get Result' with request ID ${id}.`
				: 'The image is already paid for: download it from its URL by other means.',
		);
		expect(description).toMatch(/URL: (http|file):\/\/\S+$/);
		expect(execution.rows('Image')).toEqual([]);
		expect(fixture.emulator.downloads()).toHaveLength(downloads);
		expect(fixture.emulator.creates()).toHaveLength(1);
		fixture.expectNoKey(execution);
	});
});

describe('a download that fails is repeated', () => {
	test.each(['error500', 'htmlError502', 'rateLimited', 'drop', 'html', 'empty'] as const)(
		'%s, then the image',
		async (answer) => {
			fixture.emulator.answerNext('image', answer);
			const execution = await fixture.run({ prompt: 'a red apple' });
			const [item] = execution.rows('Image');
			expect(await fixture.file(item)).toEqual(await fixture.picture(fixture.onlyTask().id));
			expect(item?.binary?.data?.fileName).toBe(`${fixture.onlyTask().id}_1.png`);
			expect(fixture.emulator.downloads()).toHaveLength(2);
		},
	);

	test.each(['truncate', 'truncateQuietly'] as const)(
		'%s, then the image: the file has the bytes of the second alone',
		async (answer) => {
			fixture.emulator.answerNext('image', answer);
			const execution = await fixture.run({ prompt: 'a red apple' });
			const [item] = execution.rows('Image');
			const picture = await fixture.picture(fixture.onlyTask().id);
			expect(await fixture.file(item)).toEqual(picture);
			expect(item?.json.file_size).toBe(picture.length);
			expect(item?.binary?.data?.fileName).toBe(`${fixture.onlyTask().id}_1.png`);
		},
	);

	test('500 every time: six downloads', async () => {
		fixture.emulator.answerNext('image', 'error500', 100);
		const execution = await fixture.run({ prompt: 'a red apple' });
		expect(execution.error?.message).toContain('the image host returned HTTP 500');
		expect(execution.error).toMatchObject({ httpCode: '500' });
		expect(fixture.emulator.downloads()).toHaveLength(6);
	});

	test('a file that is no image every time: the error says what was sent', async () => {
		const answer = { status: 200, body: 'This is no picture at all.' };
		fixture.emulator.answerNext('image', answer, 100);
		const execution = await fixture.run({ prompt: 'a red apple' });
		expect(execution.error?.description).toContain(
			'It sent a file that is not a PNG, JPEG, or WebP image (text/html).',
		);
	});
});

test('the type is what the bytes are, whatever the service claims', async () => {
	const execution = await generate('imageWrongType');
	const [item] = execution.rows('Image');
	const { id } = fixture.onlyTask();
	expect(item?.json).toMatchObject({ content_type: 'image/webp', file_name: `${id}_1.webp` });
	expect(item?.binary?.data).toMatchObject({
		mimeType: 'image/webp',
		fileExtension: 'webp',
		fileName: `${id}_1.webp`,
	});
	expect((await sharp(await fixture.file(item)).metadata()).format).toBe('webp');
});

test('a redirect is followed, without the key', async () => {
	const execution = await generate(
		image((path) => (path.startsWith('/moved/') ? undefined : redirect(`/moved${path}`))),
	);
	expect(await fixture.file(execution.rows('Image')[0])).toEqual(
		await fixture.picture(fixture.onlyTask().id),
	);
	expect(fixture.emulator.downloads().map(({ status }) => status)).toEqual([302, 200]);
});

test("an image on the API's own host is fetched without the key", async () => {
	const onApi = (url: string) => new URL(new URL(url).pathname, fixture.emulator.baseUrl).href;
	const execution = await generate({
		answers: { result: records(({ url, ...rest }) => ({ ...rest, url: onApi(url!) })) },
	});
	expect(await fixture.file(execution.rows('Image')[0])).toEqual(
		await fixture.picture(fixture.onlyTask().id),
	);
	expect(fixture.emulator.downloads()).toMatchObject([{ port: 'api', carriesKey: false }]);
	expect(fixture.emulator.downloads()[0]?.headers.authorization).toBeUndefined();
});

test('an image is not fetched over http where the service is called over https', async () => {
	const baseUrl = fixture.emulator.baseUrl.replace('http:', 'https:');
	const credential = { ...fixture.credential, baseUrl };
	const execution = await fixture.run({ prompt: 'a red apple' }, { credential });
	expect(execution.error?.message).toContain(NOT_ALLOWED);
	expect(fixture.emulator.downloads()).toEqual([]);
});

describe('a hostile file name of the service', () => {
	const hostile: Scenario = { answers: { result: RESULTS.hostileNames } };

	test('is not used for the file', async () => {
		const execution = await generate(hostile);
		const [item] = execution.rows('Image');
		const { id } = fixture.onlyTask();
		expect(item?.binary?.data?.fileName).toBe(`${id}_1.png`);
		expect(item?.json.file_name).toBe(`${id}_1.png`);
	});

	test('is made a plain name where there is no file', async () => {
		const execution = await generate(hostile, { downloadImages: false });
		expect(execution.rows('Image')[0]?.json.file_name).toBe(
			`${'a'.repeat(98)}-Set-Cookie- a-b-.exe`,
		);
	});
});

describe('one image of ten is gone', () => {
	const parameters = { numberOfImages: 10 };

	test('under Continue: nine images and a failed item with the URL of the tenth', async () => {
		const execution = await generate('tenthImageGone', parameters, CONTINUE);
		const { id, images } = fixture.onlyTask();
		const items = execution.rows('Image');
		expect(items).toHaveLength(10);
		for (const [index, item] of items.slice(0, 9).entries()) {
			expect(item.json).toMatchObject({ request_id: id, state: 'succeeded', index });
			expect(await fixture.file(item)).toEqual(await fixture.picture(id, index));
		}
		const url = `${fixture.emulator.imagesOrigin}${images[9]!.path}`;
		expect(items[9]).toEqual({
			json: {
				error: {
					message: `Could not download image 10 of task ${id}: the image host returned HTTP 410 [item 0]`,
					description: expect.stringContaining(`URL: ${url}`),
					request_id: id,
					state: 'succeeded',
					http_code: 410,
					url,
				},
			},
			pairedItem: { item: 0 },
		});
	});

	test('under Continue, Single Item: one item with nine files, and the failed item', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await generate('tenthImageGone', { ...parameters, options }, CONTINUE);
		const [item, failed, ...more] = execution.rows('Image');
		expect(more).toEqual([]);
		expect(Object.keys(item?.binary ?? {})).toEqual([
			'data',
			...[1, 2, 3, 4, 5, 6, 7, 8].map((index) => `data_${index}`),
		]);
		expect(item?.json.outputs).toHaveLength(10);
		expect(failed?.json.error).toMatchObject({ request_id: fixture.onlyTask().id, http_code: 410 });
	});

	test('under Continue with the error output: the failed item goes there', async () => {
		const settings = { onError: 'continueErrorOutput' };
		const execution = await generate('tenthImageGone', parameters, settings);
		expect(execution.rows('Image', 0)).toHaveLength(9);
		expect(execution.rows('Image', 1).map(({ json }) => json.error)).toMatchObject([
			{
				request_id: fixture.onlyTask().id,
				url: expect.stringContaining(fixture.emulator.imagesOrigin),
			},
		]);
	});

	test('by default: an error, and no image is lost to a retry', async () => {
		const execution = await generate('tenthImageGone', parameters);
		const { id } = fixture.onlyTask();
		expect(execution.error?.message).toBe(
			`Could not download image 10 of task ${id}: the image host returned HTTP 410 [item 0]`,
		);
		expect(execution.error?.description).toContain(`use 'Get Result' with request ID ${id}`);
		expect(execution.rows('Image')).toEqual([]);
	});

	test('Single Item with no image to be had: failed items alone', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await generate('imageGone', { numberOfImages: 2, options }, CONTINUE);
		const keys = execution.rows('Image').map(({ json }) => Object.keys(json));
		expect(keys).toEqual([['error'], ['error']]);
	});
});

test('at most three images are downloaded at a time', async () => {
	const { emulator } = fixture;
	emulator.answerNext('image', 'hang', 10);
	const run = fixture.start({ prompt: 'a red apple', numberOfImages: 10 });
	const open = () => emulator.downloads().filter(({ endedAt }) => endedAt === undefined).length;
	await emulator.whenRequested(({ call }) => call === 'image' && open() === 3);
	// A fourth would have been sent long before a whole other run has ended.
	await fixture.run({ operation: 'getStatus', requestId: fixture.onlyTask().id });
	expect(open()).toBe(3);
	run.stop();
	await run.ended;
});

test('a large image is streamed to the storage', async () => {
	// Five times as large as any that the model makes, and still below the limit: a PNG with 30 MB of
	// text in a chunk behind its header.
	const create = { width: 8, height: 8, channels: 3, background: 'red' } as const;
	const small = await sharp({ create }).png().toBuffer();
	const text = Buffer.alloc(30 * 1024 * 1024, 7);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(text.length);
	frame.write('tEXt', 4);
	const checksum = Buffer.alloc(4);
	const bytes = Buffer.concat([small.subarray(0, 33), frame, text, checksum, small.subarray(33)]);
	fixture.emulator.answerNext('image', { status: 200, body: bytes });
	const execution = await fixture.run({ prompt: 'a red apple' });
	const [item] = execution.rows('Image');
	expect(item?.json.file_size).toBe(bytes.length);
	expect((await fixture.file(item)).equals(bytes)).toBe(true);
});
