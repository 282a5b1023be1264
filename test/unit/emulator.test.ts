import sharp from 'sharp';
import { startEmulator } from '../emulator';
import type { Emulator } from '../emulator';
import { SCENARIOS } from '../emulator/scenarios';
import type { Fault } from '../service/faults';

/** The emulated service over HTTP, as the contract has it. */

let emulator: Emulator;

beforeEach(async () => (emulator = await startEmulator()));
afterEach(async () => await emulator.stop());

type Reply = { status: number; body: any; headers: Headers };

/** One call with the right key; `null` for a header leaves it out. */
async function call(method: string, path: string, body?: unknown, headers = {}): Promise<Reply> {
	const url = path.startsWith('http') ? path : `${emulator.baseUrl}/v1/queue/gpt_image_1${path}`;
	const sent: Record<string, string | null> = {
		authorization: `Bearer ${emulator.key}`,
		...(body !== undefined && { 'content-type': 'application/json' }),
		...headers,
	};
	const response = await fetch(url, {
		method,
		headers: Object.entries(sent).filter((pair): pair is [string, string] => pair[1] !== null),
		body: body === undefined ? undefined : JSON.stringify(body),
		redirect: 'manual',
		signal: AbortSignal.timeout(5000),
	});
	const { status, headers: sentBack } = response;
	const isJson = sentBack.get('content-type') === 'application/json';
	return {
		status,
		body: isJson ? await response.json() : await response.text(),
		headers: sentBack,
	};
}

const create = (body: object = {}) => call('POST', '', { prompt: 'a red apple', ...body });
const status = (id: string) => call('GET', `/requests/${id}/status`);
const result = (id: string) => call('GET', `/requests/${id}/response`);
const cancel = (id: string) => call('PUT', `/requests/${id}/cancel`);

/** The bytes of an image, fetched as a client should: without the key. */
const download = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());

async function outputsOf(body: object): Promise<any[]> {
	const { body: task } = await create(body);
	emulator.end(task.request_id);
	return (await result(task.request_id)).body.outputs;
}

describe('a create', () => {
	test('answers with an ID of its own and its addresses', async () => {
		const { status: code, body } = await create();
		const id = body.request_id;
		const url = `${emulator.baseUrl}/v1/queue/gpt_image_1/requests/${id}`;
		expect([code, id]).toEqual([200, expect.stringMatching(/^mmsu_\w{20,}$/)]);
		expect(body).toEqual({
			...{ request_id: id, response_url: `${url}/response`, status_url: `${url}/status` },
			...{ cancel_url: `${url}/cancel`, queue_position: 0 },
		});
		expect((await create()).body.request_id).not.toBe(id);
	});

	test.each([
		[{ n: 11 }, {}, ['body', 'n']],
		[{}, { 'content-type': 'text/plain' }, ['header', 'content-type']],
	])('that is refused names the field: %j %j', async (body, headers, loc) => {
		const reply = await call('POST', '', { prompt: 'x', ...body }, headers);
		expect([reply.status, reply.body.detail]).toEqual([422, [{ loc, msg: expect.any(String) }]]);
		expect(emulator.tasks.size).toBe(0);
	});
});

test.each(['create', 'status', 'result', 'cancel'] as const)(
	'a limit on one call refuses no other: %s',
	async (limited) => {
		emulator.configure({ limits: { [limited]: 2 } });
		const { id } = emulator.addTask();
		const calls = { create: () => create(), status, result, cancel };
		for (const [name, make] of Object.entries(calls)) {
			const replies = [await make(id), await make(id), await make(id)];
			const refused = replies.findIndex((reply) => reply.status === 429);
			expect([name, refused]).toEqual([name, name === limited ? 2 : -1]);
			if (name === limited) expect(replies[2]!.headers.get('retry-after')).toBe('1');
		}
	},
);

test('a limit on open tasks refuses a create until one has ended', async () => {
	emulator.configure({ limits: { openTasks: 1 } });
	const { body } = await create();
	expect((await create()).body.error.message).toContain('unfinished');
	emulator.end(body.request_id);
	expect((await create()).status).toBe(200);
});

describe('the key', () => {
	test.each([
		['POST', ''],
		['GET', '/requests/x/status'],
		['GET', '/requests/x/response'],
		['PUT', '/requests/x/cancel'],
	])('is asked for at %s %s', async (method, path) => {
		const body = method === 'POST' ? { prompt: 'x' } : undefined;
		const missing = await call(method, path, body, { authorization: null });
		const wrong = await call(method, path, body, { authorization: 'Bearer wrong' });
		expect([missing.status, missing.body.error.code]).toEqual([401, 'UNAUTHORIZED']);
		expect([wrong.status, wrong.body]).toEqual([401, { error: 'invalid_api_key' }]);
		expect(emulator.tasks.size).toBe(0);
	});

	const hex = (text: string) => Buffer.from(text).toString('hex').replace(/../g, '%$&');

	test.each<[string, (key: string) => { init?: RequestInit; query?: string }]>([
		['a header', (key) => ({ init: { headers: { 'x-any': `Bearer ${key}` } } })],
		['an encoded query', (key) => ({ query: `?token=${hex(key)}` })],
		['a body', (key) => ({ init: { method: 'POST', body: `token=${key}` } })],
	])('is noticed at the image server in %s', async (_place, leak) => {
		const [image] = await outputsOf({});
		await fetch(image.url);
		expect(emulator.keyReachedImages).toBe(false);
		const { init = {}, query = '' } = leak(emulator.key);
		await fetch(image.url + query, init);
		expect(emulator.keyReachedImages).toBe(true);
	});
});

describe('a task', () => {
	test.each([
		[1, ['COMPLETED', 'COMPLETED']],
		[3, ['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED', 'COMPLETED']],
	])('ends at status call %i', async (byReads, words) => {
		emulator.configure({ progress: { byReads } });
		const { request_id: id } = (await create()).body;
		expect(await result(id)).toMatchObject({ status: 202, body: { status: 'IN_QUEUE' } });
		const seen = [];
		for (const _ of words) seen.push((await status(id)).body);
		expect(seen.map((body) => body.status)).toEqual(words);
		expect(seen.at(-1)).toEqual({
			request_id: id,
			status: 'COMPLETED',
			metrics: { inference_time: expect.any(Number) },
		});
		expect((await result(id)).status).toBe(200);
	});

	test('that succeeded has one record an image, in order, and the prompt', async () => {
		const { request_id: id } = (await create({ n: 3, output_format: 'webp' })).body;
		const first = `${emulator.imagesOrigin}${emulator.tasks.get(id)!.images[0]!.path}`;
		expect((await fetch(first)).status).toBe(404);
		emulator.end(id);
		const { body } = await result(id);
		expect(Object.keys(body).sort()).toEqual(['metadata', 'outputs', 'request_id']);
		expect(body.metadata).toEqual({ prompt: 'a red apple' });
		for (const [index, output] of body.outputs.entries()) {
			const bytes = await download(output.url);
			expect(new URL(output.url).origin).toBe(emulator.imagesOrigin);
			expect(output).toMatchObject({ file_size: bytes.length, file_name: 'output.webp' });
			expect(bytes.includes(`${id}/${index}`)).toBe(true);
		}
	});

	test('that failed says so in status and result alike', async () => {
		emulator.configure({ progress: { byReads: 1 } });
		const { body } = await create({ prompt: 'a [cat] [failsWithInferenceFailure]' });
		const ended = await status(body.request_id);
		const { how: _, ...words } = SCENARIOS.failsWithInferenceFailure.ending as { how: string };
		expect(ended.body).toEqual({ request_id: body.request_id, status: 'COMPLETED', ...words });
		expect(await result(body.request_id)).toMatchObject({ status: 200, body: ended.body });
	});

	test('is cancelled once, and was completed after that', async () => {
		const { id } = emulator.addTask();
		const word = async () => (({ status, body }) => [status, body.status])(await cancel(id));
		expect(await word()).toEqual([202, 'CANCELLATION_REQUESTED']);
		const { body } = await status(id);
		expect(body).toMatchObject({ status: 'COMPLETED', error_type: 'CANCELED' });
		expect(await word()).toEqual([400, 'ALREADY_COMPLETED']);
	});

	test.each([
		['GET', '/requests/mmsu_unknown/status', 404, { detail: 'Request not found' }],
		['GET', '/requests/a%2F..%2Fb/response', 404, { detail: 'Request not found' }],
		['PUT', '/requests/mmsu_unknown/cancel', 404, { status: 'NOT_FOUND' }],
		['GET', '/requests/mmsu_unknown', 404, { detail: 'Not Found' }],
		['POST', '/requests/mmsu_unknown/status', 405, { detail: 'Method Not Allowed' }],
		['GET', '', 405, { detail: 'Method Not Allowed' }],
		['GET', '/../dall_e', 404, { detail: 'App not found: dall_e' }],
		['GET', '/../../queue', 404, { detail: 'Not Found' }],
	])('is not found at %s %s: %i', async (method, path, code, body) => {
		expect(await call(method, path)).toMatchObject({ status: code, body });
	});
});

describe('pictures', () => {
	test.each([
		['png', '1024x1536', 'transparent'],
		['webp', 'auto', 'transparent'],
		['png', '1536x1024', 'auto'],
		['jpeg', '1024x1536', 'auto'],
	])('are %s of %s, background %s, drawn or plain', async (format, size, background) => {
		const [width, height] = size === 'auto' ? [1024, 1024] : size.split('x').map(Number);
		for (const pictures of ['real', 'small'] as const) {
			await emulator.stop();
			emulator = await startEmulator({ pictures });
			const prompt = 'a <green> apple & "pear" 🍏 \u0000\ud800 ]]> in [brackets]';
			const [output] = await outputsOf({ prompt, output_format: format, size, background });
			const bytes = await download(output.url);
			expect(await sharp(bytes).metadata()).toMatchObject({ format, width, height });
			expect(output).toMatchObject({ content_type: `image/${format}`, width, height });
			const { isOpaque, channels } = await sharp(bytes).stats();
			expect(isOpaque).toBe(background !== 'transparent');
			// A drawing has contrast, a plain picture has none.
			expect(channels[1]!.stdev > 5).toBe(pictures === 'real');
		}
	});
});

describe('what was told to go wrong', () => {
	test('before or after a create was accepted', async () => {
		const seen = [];
		const faults: Fault[] = [
			...(['drop', 'dropAfterAccept', 'error500'] as const),
			{ status: 504, body: { detail: 'late' }, accepted: true },
		];
		for (const fault of faults) {
			emulator.answerNext('create', fault);
			const code = await create().then(
				(reply) => reply.status,
				(error: Error) => error.message,
			);
			seen.push([code, emulator.tasks.size]);
		}
		expect(seen).toEqual([
			['fetch failed', 0],
			['fetch failed', 1],
			[500, 1],
			[504, 2],
		]);
		expect(emulator.creates().map((request) => request.status)).toEqual([0, 0, 500, 504]);
		expect(emulator.creates()[1]!.requestId).toBe([...emulator.tasks.keys()][0]);
	});

	test('happens so many times, and at the creates of the prompt that it was booked for', async () => {
		emulator.configure({ progress: { byReads: 1 } });
		emulator.play('failsWithTimeout', { prompt: 'a dog', times: 2 });
		emulator.answerNext('status', 'error500', 2);
		const seen = [];
		for (const prompt of ['a cat', 'a dog', 'a cow', 'a dog', 'a dog']) {
			const { request_id: id } = (await create({ prompt })).body;
			const { status: code, body } = await status(id);
			seen.push(body.error_type ?? code);
		}
		expect(seen).toEqual([500, 500, 200, 'INFERENCE_TIMEOUT', 200]);
		expect(() => emulator.play('noSuchScenario' as never)).toThrow('noSuchScenario');
	});

	test('is named in a prompt: once for each run, or forever', async () => {
		const codes = async (prompt: string) => [
			(await create({ prompt })).status,
			(await create({ prompt })).status,
			(await create({ prompt })).status,
		];
		expect(await codes('a cat [rateLimitedOnce]')).toEqual([429, 200, 429]);
		expect(await codes('a cat [insufficientCredits]')).toEqual([402, 402, 402]);
	});
});

test('a record is told to those who wait for it, past or to come', async () => {
	emulator.answerNext('status', 'hang');
	const coming = emulator.whenRequested((request) => request.call === 'status');
	const pending = expect(status('mmsu_any')).rejects.toThrow('fetch failed');
	const hung = await coming;
	expect(hung).toMatchObject({ port: 'api', requestId: 'mmsu_any', status: 0, finished: false });
	expect(await emulator.whenRequested(({ method }) => method === 'GET')).toBe(hung);
	const never = emulator.whenRequested(({ method }) => method === 'PUT', 30);
	await expect(never).rejects.toThrow(/No such request within 30 ms[^]*GET .* 0/);
	await emulator.stop();
	await pending;
});
