import sharp from 'sharp';
import type { Scenario, ScenarioName } from '../emulator';
import type { Execution } from '../harness/execution';
import type { Fault } from '../service/faults';
import { ERRORS } from '../service/responses';
import { records, RESULTS } from '../service/variations';
import { CONTINUE, useSimulatedFixture } from './fixture';

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
	const [item, ...more] = execution.items('Image');
	const { id } = fixture.onlyTask();
	const picture = await fixture.picture(id);
	expect(more).toEqual([]);
	expect(await fixture.file(item)).toEqual(picture);
	expect(item?.json.file_size).toBe(picture.length);
	expect(item?.binary?.data?.fileName).toBe(`${id}_1.png`);
}

const NOT_ALLOWED = 'its URL is not allowed';

describe('an image that cannot be had is an error that keeps the task', () => {
	test.each<[string, Scenario, string, string, number]>([
		['404', image(() => ERRORS.noSuchImage()), 'the image host returned HTTP 404', '', 5],
		['410', image(() => ERRORS.goneImage()), 'the image host returned HTTP 410', '', 1],
		[
			'a page',
			image(() => 'html'),
			'the image host sent no complete image',
			'It sent a web page instead of an image.',
			3,
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
		expect(execution.items('Image')).toEqual([]);
		expect(fixture.emulator.downloads()).toHaveLength(downloads);
		expect(fixture.emulator.creates()).toHaveLength(1);
		fixture.expectNoKey(execution);
	});
});

describe('a download that fails is repeated', () => {
	test.each(['error500', 'rateLimited', 'drop', 'html'] as const)(
		'%s, then the image',
		async (answer) => {
			fixture.emulator.answerNext('image', answer);
			await expectWhole(await fixture.run({ prompt: 'a red apple' }));
			expect(fixture.emulator.downloads()).toHaveLength(2);
		},
	);

	test.each(['truncate', 'truncateQuietly'] as const)(
		'%s, then the image: the file has the bytes of the second alone',
		async (answer) => {
			fixture.emulator.answerNext('image', answer);
			await expectWhole(await fixture.run({ prompt: 'a red apple' }));
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
	const [item] = execution.items('Image');
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
	const moved = (path: string) =>
		path.startsWith('/moved/') ? undefined : redirect(`/moved${path}`);
	await expectWhole(await generate(image(moved)));
	expect(fixture.emulator.downloads().map(({ status }) => status)).toEqual([302, 200]);
});

test("an image on the API's own host is fetched without the key", async () => {
	const onApi = (url: string) => new URL(new URL(url).pathname, fixture.emulator.baseUrl).href;
	const result = records(({ url, ...rest }) => ({ ...rest, url: onApi(url!) }));
	await expectWhole(await generate({ answers: { result } }));
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

test.each([
	['the file has another', true, (id: string) => `${id}_1.png`],
	['without a file it is plain', false, () => `${'a'.repeat(98)}-Set-Cookie- a-b-.exe`],
])('a hostile file name of the service: %s', async (_what, downloadImages, name) => {
	const execution = await generate(
		{ answers: { result: RESULTS.hostileNames } },
		{ downloadImages },
	);
	const [item] = execution.items('Image');
	const { id } = fixture.onlyTask();
	expect(item?.json.file_name).toBe(name(id));
	expect(item?.binary?.data?.fileName).toBe(downloadImages ? name(id) : undefined);
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
			expect(await fixture.file(item)).toEqual(await fixture.picture(id, index));
		}
		const url = fixture.urlOf(id, 9);
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
		const [item, failed, ...more] = execution.items('Image');
		expect(more).toEqual([]);
		expect(Object.keys(item?.binary ?? {})).toHaveLength(9);
		expect(item?.binary).not.toHaveProperty('data_9');
		expect(item?.json.outputs).toHaveLength(10);
		expect(failed?.json.error).toMatchObject({ request_id: fixture.onlyTask().id, http_code: 410 });
	});

	test('under Continue with the error output: the failed item goes there', async () => {
		const settings = { onError: 'continueErrorOutput' };
		const execution = await generate('tenthImageGone', parameters, settings);
		expect(execution.items('Image', 0)).toHaveLength(9);
		const { id } = fixture.onlyTask();
		expect(execution.items('Image', 1).map(({ json }) => json.error)).toMatchObject([
			{ request_id: id, url: fixture.urlOf(id, 9) },
		]);
	});

	test('by default: an error, and no image is lost to a retry', async () => {
		const execution = await generate('tenthImageGone', parameters);
		const { id } = fixture.onlyTask();
		expect(execution.error?.message).toBe(
			`Could not download image 10 of task ${id}: the image host returned HTTP 410 [item 0]`,
		);
		expect(execution.error?.description).toContain(`use 'Get Result' with request ID ${id}`);
		expect(execution.items('Image')).toEqual([]);
	});

	test('Single Item with no image to be had: failed items alone', async () => {
		const options = { imageOutput: 'singleItem' };
		const execution = await generate('imageGone', { numberOfImages: 2, options }, CONTINUE);
		const keys = execution.items('Image').map(({ json }) => Object.keys(json));
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
