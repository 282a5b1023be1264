import sharp from 'sharp';
import type { Scenario, ScenarioName } from '../emulator';
import type { Execution } from '../harness/execution';
import type { Fault } from '../service/faults';
import { ERRORS } from '../service/responses';
import { records, RESULTS } from '../service/variations';
import { CONTINUE, prompt, refused, useSimulatedFixture } from './fixture';

/** Images that cannot be downloaded, or not at once. Every one of them is paid for. */

const fixture = useSimulatedFixture();

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

/** The only item of a run has the bytes of the only image. */
async function expectWhole(execution: Execution): Promise<void> {
	const item = fixture.onlyItem(execution);
	const { id } = fixture.onlyTask();
	await fixture.expectItsFile(item);
	expect(item.json.file_size).toBe(fixture.picture(id).length);
	expect(item.binary?.data?.fileName).toBe(`${id}_1.png`);
}

const NOT_ALLOWED = 'its URL is not allowed';
const NO_IMAGE = 'the image host sent no complete image';
const TEXT = { status: 200, body: 'This is no picture at all.' };

describe('an image that cannot be had is an error that keeps the task', () => {
	const FILE = 'file:///etc/passwd';
	const fileUrl = records((one) => ({ ...one, url: FILE }));
	const HTTPS = 'It must begin with https://';

	test.each<[string, Scenario, string, string, number]>([
		['404', image(() => ERRORS.noSuchImage()), 'the image host returned HTTP 404', '', 5],
		['410', image(() => ERRORS.goneImage()), 'the image host returned HTTP 410', '', 1],
		['500', image(() => 'error500'), 'the image host returned HTTP 500', '', 6],
		['a page', image(() => 'html'), NO_IMAGE, 'It sent a web page instead of an image.', 3],
		['another file', image(() => TEXT), NO_IMAGE, 'not a PNG, JPEG, or WebP image (text/html).', 3],
		['a redirect to a file', image(() => redirect(FILE)), NOT_ALLOWED, HTTPS, 1],
		['the URL of a file', { answers: { result: fileUrl } }, NOT_ALLOWED, HTTPS, 0],
	])('%s every time', async (_what, scenario, reason, details, downloads) => {
		const execution = await generate(scenario);
		const { id } = fixture.onlyTask();
		const what =
			reason === NOT_ALLOWED
				? 'download it from its URL by other means.'
				: `select 'Retry execution' on this execution, or use 'Get Result' with request ID ${id}.`;
		fixture.expectError(
			execution,
			`Could not download image 1 of task ${id}: ${reason} [item 0]`,
			...[details, `The image is already paid for: ${what}`],
		);
		const [, httpCode = null] = /HTTP (\d+)/.exec(reason) ?? [];
		expect(execution.error).toMatchObject({ httpCode });
		expect(execution.error?.description).toMatch(/URL: (http|file):\/\/\S+$/);
		expect(fixture.requests('image')).toHaveLength(downloads);
		expect(fixture.requests('create')).toHaveLength(1);
	});
});

test.each(['error500', 'rateLimited', 'drop', 'html', 'truncate', 'truncateQuietly'] as const)(
	'%s, then the image: the file has the bytes of the second alone',
	async (answer) => {
		fixture.emulator.answerNext('image', answer);
		await expectWhole(await fixture.run({ prompt: 'a red apple' }));
		expect(fixture.requests('image')).toHaveLength(2);
	},
);

describe('a host that never ends an image', () => {
	test('by sending it drop by drop is given up, which keeps no image of other items', async () => {
		const dripping = Array<object>(4).fill({ prompt: 'x [imageDrips]' });
		const items = [...dripping, { prompt: 'whole' }];
		const execution = await fixture.run({ prompt }, { items, settings: CONTINUE });
		expect(fixture.time.now).toBeLessThan(30 * 60_000);
		const outputItems = execution.items('Image');
		expect(outputItems.map(({ binary }) => binary !== undefined)).toEqual(
			items.map((_, item) => item === 4),
		);
		const error = { request_id: expect.any(String), url: expect.any(String) };
		expect(outputItems[0]?.json).toMatchObject({ error });
	});

	test('by refusing it again and again is given up after three minutes', async () => {
		fixture.emulator.answerNext('image', refused(100), 20);
		const execution = await fixture.run({ prompt: 'x' });
		expect(execution.status).toBe('error');
		expect(fixture.requests('image').length).toBeLessThan(4);
	});
});

test('the type is what the bytes are, whatever the service claims', async () => {
	const [item] = (await generate('imageWrongType')).items('Image');
	const fileName = `${fixture.onlyTask().id}_1.webp`;
	const [mimeType, fileExtension] = ['image/webp', 'webp'];
	expect(item?.json).toMatchObject({ content_type: mimeType, file_name: fileName });
	expect(item?.binary?.data).toMatchObject({ mimeType, fileExtension, fileName });
	expect((await sharp(await fixture.file(item)).metadata()).format).toBe('webp');
});

test('a redirect is followed, without the key', async () => {
	const moved = (path: string) =>
		path.startsWith('/moved/') ? undefined : redirect(`/moved${path}`);
	await expectWhole(await generate(image(moved)));
	expect(fixture.requests('image').map(({ status }) => status)).toEqual([302, 200]);
});

test("an image on the API's own host is fetched without the key", async () => {
	const onApi = (url: string) => new URL(new URL(url).pathname, fixture.emulator.baseUrl).href;
	const result = records(({ url, ...rest }) => ({ ...rest, url: onApi(url!) }));
	await expectWhole(await generate({ answers: { result } }));
	expect(fixture.requests('image')).toMatchObject([{ port: 'api', carriesKey: false }]);
});

test('an image is not fetched over http where the service is called over https', async () => {
	const baseUrl = fixture.emulator.baseUrl.replace('http:', 'https:');
	const credential = { ...fixture.credential, baseUrl };
	const execution = await fixture.run({ prompt: 'a red apple' }, { credential });
	expect(execution.error?.message).toContain(NOT_ALLOWED);
	expect(fixture.requests('image')).toEqual([]);
});

test('a hostile file name of the service is plain in an item without a file', async () => {
	const scenario = { answers: { result: RESULTS.hostileNames } };
	const execution = await generate(scenario, { downloadImages: false });
	const name = `${'a'.repeat(98)}-Set-Cookie- a-b-.exe`;
	expect(fixture.onlyItem(execution).json.file_name).toBe(name);
});

describe('one image of ten is gone', () => {
	const parameters = { numberOfImages: 10 };

	test('under Continue: nine images and a failed item with the URL of the tenth', async () => {
		const execution = await generate('tenthImageGone', parameters, CONTINUE);
		const { id } = fixture.onlyTask();
		const items = execution.items('Image');
		expect(items).toHaveLength(10);
		for (const [index, item] of items.slice(0, 9).entries()) {
			expect(item.json).toMatchObject({ request_id: id, state: 'succeeded', index });
			await fixture.expectItsFile(item);
		}
		const url = fixture.urlOf(id, 9);
		const error = {
			message: `Could not download image 10 of task ${id}: the image host returned HTTP 410 [item 0]`,
			description: expect.stringContaining(`URL: ${url}`),
			...{ request_id: id, state: 'succeeded', http_code: 410, url },
		};
		expect(items[9]).toEqual({ json: { error }, pairedItem: { item: 0 } });
	});

	test('under Continue, Single Item: one item with nine files, and the failed item', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await generate('tenthImageGone', { ...parameters, options }, CONTINUE);
		const [item, failed, ...more] = execution.items('Image');
		expect(more).toEqual([]);
		expect(Object.keys(item?.binary ?? {})).toHaveLength(9);
		expect(item?.binary).not.toHaveProperty('data_9');
		expect(item?.json.outputs).toHaveLength(10);
		expect(failed?.json.error).toMatchObject({ request_id: fixture.onlyTask().id, http_code: 410 });
	});

	test('by default: an error, and no image is lost to a retry', async () => {
		const execution = await generate('tenthImageGone', parameters);
		const { id } = fixture.onlyTask();
		const message = `Could not download image 10 of task ${id}: the image host returned HTTP 410 [item 0]`;
		fixture.expectError(execution, message, `use 'Get Result' with request ID ${id}`);
	});

	test('Single Item with no image to be had: failed items alone', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await generate('imageGone', { numberOfImages: 2, options }, CONTINUE);
		const keys = execution.items('Image').map(({ json }) => Object.keys(json));
		expect(keys).toEqual([['error'], ['error']]);
	});
});

test('at most three images are downloaded at a time', async () => {
	fixture.emulator.answerNext('image', 'hang', 10);
	fixture.start({ prompt: 'a red apple', numberOfImages: 10 });
	await fixture.arrived('image');
	await fixture.time.pass(1000);
	expect(fixture.requests('image')).toHaveLength(3);
});
