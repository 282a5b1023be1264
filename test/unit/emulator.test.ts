import sharp from 'sharp';
import { startEmulator } from '../emulator';
import type { Emulator } from '../emulator';

/** What the emulated service does over HTTP that the tests of the node would not miss. */

let emulator: Emulator;

beforeEach(async () => (emulator = await startEmulator()));
afterEach(async () => {
	jest.restoreAllMocks();
	await emulator.stop();
});

async function call(method: string, path: string, body?: object) {
	const response = await fetch(`${emulator.baseUrl}/v1/queue/gpt_image_1${path}`, {
		method,
		headers: { authorization: `Bearer ${emulator.key}`, 'content-type': 'application/json' },
		body: body && JSON.stringify(body),
	});
	const retryAfter = response.headers.get('retry-after');
	return { status: response.status, retryAfter, body: (await response.json()) as any };
}

const create = async (body: object = {}) => await call('POST', '', { prompt: 'a cat', ...body });

const CALLS = {
	create: async () => await create(),
	status: async (id: string) => await call('GET', `/requests/${id}/status`),
	result: async (id: string) => await call('GET', `/requests/${id}/response`),
	cancel: async (id: string) => await call('PUT', `/requests/${id}/cancel`),
};

/** Where the only image of a task is that is created and ends. */
async function imageOf(body: object = {}): Promise<string> {
	const { request_id: id } = (await create(body)).body;
	emulator.end(id);
	return (await CALLS.result(id)).body.outputs[0].url;
}

test.each(Object.keys(CALLS))('a limit on one call refuses no other: %s', async (limited) => {
	emulator.configure({ limits: { [limited]: 2 } });
	// A busy machine may take longer over three calls than the limit over one more.
	jest.spyOn(Date, 'now').mockReturnValue(Date.now());
	const { id } = emulator.addTask();
	for (const [name, make] of Object.entries(CALLS)) {
		await make(id);
		await make(id);
		const { status, retryAfter } = await make(id);
		expect([name, status === 429 && retryAfter === '1']).toEqual([name, name === limited]);
	}
});

test('a limit on open tasks refuses a create until one has ended', async () => {
	emulator.configure({ limits: { openTasks: 1 } });
	const { body } = await create();
	expect((await create()).body.error.message).toContain('unfinished');
	emulator.end(body.request_id);
	expect((await create()).status).toBe(200);
});

const hex = (text: string) => Buffer.from(text).toString('hex').replace(/../g, '%$&');

test.each<[string, (key: string) => RequestInit, ((key: string) => string)?]>([
	['a header', (key) => ({ headers: { 'x-any': `Bearer ${key}` } })],
	['an encoded query', () => ({}), (key) => `?token=${hex(key)}`],
	['a body', (key) => ({ method: 'POST', body: `token=${key}` })],
])('the key is noticed at the image server in %s', async (_place, init, query = () => '') => {
	const url = await imageOf();
	await fetch(url);
	expect(emulator.keyReachedImages).toBe(false);
	await fetch(url + query(emulator.key), init(emulator.key));
	expect(emulator.keyReachedImages).toBe(true);
});

test.each([
	['a cat [rateLimitedOnce]', [429, 200, 429]],
	['a cat [insufficientCredits]', [402, 402, 402]],
])('a scenario is named in a prompt, once for each run or forever: %s', async (prompt, codes) => {
	for (const code of codes) expect((await create({ prompt })).status).toBe(code);
});

test.each([
	['real', 'png', '1024x1536', 'transparent'],
	['real', 'webp', '1024x1024', 'transparent'],
	['real', 'jpeg', '1536x1024', 'auto'],
	['small', 'png', '1024x1536', 'transparent'],
] as const)('pictures: %s, %s of %s, background %s', async (pictures, format, size, background) => {
	await emulator.stop();
	emulator = await startEmulator({ pictures });
	const prompt = 'a <green> apple & "pear" 🍏 \u0000\ud800 ]]> in [brackets]';
	const response = await fetch(await imageOf({ prompt, output_format: format, size, background }));
	const bytes = Buffer.from(await response.arrayBuffer());
	const [width, height] = size.split('x').map(Number);
	expect(await sharp(bytes).metadata()).toMatchObject({ format, width, height });
	const { isOpaque, channels } = await sharp(bytes).stats();
	expect(isOpaque).toBe(background !== 'transparent');
	// A drawing has contrast, a plain picture has none.
	expect(channels[1]!.stdev > 5).toBe(pictures === 'real');
});
