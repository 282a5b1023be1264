import sharp from 'sharp';
import type { Scenario, ScenarioName } from '../emulator';
import type { Execution } from '../harness/execution';
import type { Fault } from '../service/faults';
import { ERRORS } from '../service/responses';
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
const DOWNLOAD_IT = 'The image is already paid for: download it from its URL by other means.';
const RETRY = "The image is already paid for: select 'Retry execution' on this execution, or use";
const FILE = 'file:///etc/passwd';

test.each<[string, Scenario, string, string, number]>([
	['410', image(() => ERRORS.goneImage()), 'the image host returned HTTP 410', RETRY, 1],
	['a page', image(() => 'html'), 'the image host sent no complete image', RETRY, 3],
	['a redirect to a file', image(() => redirect(FILE)), NOT_ALLOWED, DOWNLOAD_IT, 1],
])('an image that cannot be had is an error that keeps the task: %s', async (...given) => {
	const [, scenario, reason, advice, downloads] = given;
	const execution = await generate(scenario);
	const { id } = fixture.onlyTask();
	const message = `Could not download image 1 of task ${id}: ${reason} [item 0]`;
	fixture.expectError(execution, message, advice);
	const [, httpCode = null] = /HTTP (\d+)/.exec(reason) ?? [];
	expect(execution.error).toMatchObject({ httpCode });
	expect(execution.error?.description).toMatch(/URL: (http|file):\/\/\S+$/);
	expect(fixture.counts().creates).toBe(1);
	expect(fixture.requests('image')).toHaveLength(downloads);
});

test.each(['error500', 'rateLimited', 'drop', 'html', 'truncate', 'truncateQuietly'] as const)(
	'%s, then the image: the file has the bytes of the second alone',
	async (answer) => {
		fixture.emulator.answerNext('image', answer);
		await expectWhole(await fixture.run({ prompt: 'a red apple' }));
		expect(fixture.requests('image')).toHaveLength(2);
	},
);

test('a host that drips or refuses without end is given up, which keeps no other image', async () => {
	fixture.emulator.play({ faults: { image: () => refused(100) } }, { prompt: 'refused' });
	const items = [{ prompt: 'x [imageDrips]' }, { prompt: 'refused' }, { prompt: 'whole' }];
	const execution = await fixture.run({ prompt }, { items, settings: CONTINUE });
	expect(fixture.time.now).toBeLessThan(10 * 60_000);
	const error = { request_id: expect.any(String), url: expect.any(String) };
	expect(execution.items('Image')).toMatchObject([
		{ json: { error } },
		{ json: { error: { ...error, http_code: 429 } } },
		{ binary: { data: { mimeType: 'image/png' } } },
	]);
});

test.each([true, false])('a record without a URL is a failed item (Download: %s)', async (on) => {
	const url = `${fixture.emulator.imagesOrigin}/gone.png`;
	const outputs = [{ type: 'image', url }, { type: 'image' }];
	fixture.emulator.answerNext('result', { status: 200, body: { outputs } });
	const wanted = { prompt: 'x', downloadImages: on };
	const [image, failed] = (await fixture.run(wanted, { settings: CONTINUE })).items('Image');
	expect(image?.json).toMatchObject(on ? { error: {} } : { url });
	expect(failed?.json.error).toMatchObject({
		message: `Could not download image 2 of task ${fixture.onlyTask().id}: the result has no URL for it [item 0]`,
	});
});

test('Stop Workflow: an image that is gone ends the run, though another one hangs', async () => {
	fixture.emulator.play(image(() => 'hang'));
	fixture.emulator.answerNext('image', { status: 410 });
	const startedAt = fixture.time.now;
	const { error } = await fixture.run({ prompt: 'x', numberOfImages: 4 });
	expect(error?.message).toContain('HTTP 410');
	expect(fixture.time.now - startedAt).toBeLessThan(30_000);
});

test('the key is not shown where an image host or the user gives it in the wrong place', async () => {
	const headers = { 'content-type': `text/plain; key=${fixture.emulator.key}` };
	const gone = await generate(image(() => ({ status: 200, headers, body: 'no image' })));
	expect(gone.error?.description).toContain('key=[the API key]');
	fixture.expectNoKey(gone);
	const wrong = { operation: 'getStatus', requestId: fixture.emulator.key };
	const { error, logs } = await fixture.run(wrong);
	expect(error?.message).toContain('of task [the API key]: SeaArt Cloud does not know this task');
	const own = logs.filter(({ message }) => message.startsWith('SeaArt GPT Image 1'));
	expect(own).toHaveLength(1);
	expect(JSON.stringify([error?.message, error?.description, own])).not.toContain(wrong.requestId);
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

test('an image is not fetched over http where the service is called over https', async () => {
	const baseUrl = fixture.emulator.baseUrl.replace('http:', 'https:');
	const credential = { ...fixture.credential, baseUrl };
	const execution = await fixture.run({ prompt: 'a red apple' }, { credential });
	expect(execution.error?.message).toContain(NOT_ALLOWED);
	expect(fixture.requests('image')).toEqual([]);
});

describe('one image of ten is gone', () => {
	const parameters = { numberOfImages: 10 };

	test('under Continue: nine images and a failed item with the URL of the tenth', async () => {
		const execution = await generate('tenthImageGone', parameters, CONTINUE);
		const { id } = fixture.onlyTask();
		const items = execution.items('Image');
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
		expect(items.slice(9)).toEqual([{ json: { error }, pairedItem: { item: 0 } }]);
	});

	const options = { imageOutput: 'singleItem' };
	test('under Continue, Single Item: one item with nine files, and the failed item', async () => {
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
		const execution = await generate('imageGone', { numberOfImages: 2, options }, CONTINUE);
		const keys = execution.items('Image').map(({ json }) => Object.keys(json));
		expect(keys).toEqual([['error'], ['error']]);
	});
});
