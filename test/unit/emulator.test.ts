import { crc32 } from 'node:zlib';

import sharp from 'sharp';

import { SCENARIOS, startEmulator } from '../emulator';
import type { Emulator, EmulatorOptions, ScenarioName } from '../emulator';

let emulator: Emulator;

const start = async (options?: EmulatorOptions) => (emulator = await startEmulator(options));
afterEach(() => emulator.stop());

type Reply = { status: number; body: any; headers: Headers };

/** One call with the right key; `null` for a header leaves it out. */
async function call(method: string, path: string, body?: unknown, headers = {}): Promise<Reply> {
	const url = path.startsWith('http') ? path : `${emulator.baseUrl}/v1/queue/gpt_image_1${path}`;
	const sent: Record<string, string | null> = {
		authorization: `Bearer ${emulator.key}`,
		...(body === undefined ? {} : { 'content-type': 'application/json' }),
		...headers,
	};
	const response = await fetch(url, {
		method,
		headers: Object.entries(sent).filter((pair): pair is [string, string] => pair[1] !== null),
		body: body === undefined ? undefined : JSON.stringify(body),
		redirect: 'manual',
		signal: AbortSignal.timeout(5000),
	});
	const text = await response.text();
	let parsed: unknown = text;
	try {
		parsed = JSON.parse(text);
	} catch {
		// A page or nothing: the text is what the test looks at.
	}
	return { status: response.status, body: parsed, headers: response.headers };
}

const create = (body: object = {}) => call('POST', '', { prompt: 'a red apple', ...body });
const status = (id: string) => call('GET', `/requests/${id}/status`);
const result = (id: string) => call('GET', `/requests/${id}/response`);
const cancel = (id: string) => call('PUT', `/requests/${id}/cancel`);

/** The bytes of an image, fetched as a client should: without the key. */
const download = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());

async function outputsOf(body: object, scenario?: ScenarioName): Promise<any[]> {
	if (scenario) emulator.play(scenario);
	const { body: task } = await create(body);
	emulator.end(task.request_id);
	return (await result(task.request_id)).body.outputs;
}

describe('create', () => {
	it('answers as the contract says, with an id of its own for each task', async () => {
		await start();
		const first = await create();
		const second = await create();
		const id = first.body.request_id;
		const url = `${emulator.baseUrl}/v1/queue/gpt_image_1/requests/${id}`;
		expect(first.status).toBe(200);
		expect(id).toMatch(/^mmsu_\w{20,}$/);
		expect(first.body).toEqual({
			request_id: id,
			response_url: `${url}/response`,
			status_url: `${url}/status`,
			cancel_url: `${url}/cancel`,
			queue_position: 0,
		});
		expect(second.body.request_id).not.toBe(id);
		expect([...emulator.tasks.keys()]).toEqual([id, second.body.request_id]);
		expect(emulator.tasks.get(id)?.parameters).toEqual({
			prompt: 'a red apple',
			n: 1,
			size: 'auto',
			quality: 'auto',
			background: 'auto',
			output_format: 'png',
			output_compression: 100,
			moderation: 'auto',
		});
	});

	it.each([
		[{ n: 10, size: '1536x1024', quality: 'high', background: 'opaque', moderation: 'low' }],
		[{ output_format: 'webp', background: 'transparent', output_compression: 0, user: 'me' }],
		[{ output_format: 'jpeg', output_compression: 100 }],
		[{ prompt: '🍎'.repeat(32000) }],
	])('accepts what the contract allows (%#)', async (body) => {
		await start();
		expect((await create(body)).status).toBe(200);
	});

	it.each([
		['prompt', { prompt: undefined }],
		['prompt', { prompt: '' }],
		['prompt', { prompt: 7 }],
		['prompt', { prompt: 'a'.repeat(32001) }],
		['n', { n: 0 }],
		['n', { n: 11 }],
		['n', { n: 1.5 }],
		['n', { n: '1' }],
		['n', { n: null }],
		['size', { size: '512x512' }],
		['quality', { quality: 'hd' }],
		['background', { background: 'white' }],
		['background', { background: 'transparent', output_format: 'jpeg' }],
		['output_format', { output_format: 'gif' }],
		['output_compression', { output_compression: 101, output_format: 'webp' }],
		['output_compression', { output_compression: 50 }],
		['moderation', { moderation: 'high' }],
		['user', { user: 7 }],
	])('refuses a wrong %s: %j', async (field, body) => {
		await start();
		const { status: code, body: answer } = await create(body);
		expect(code).toBe(422);
		expect(answer.detail).toEqual([{ loc: ['body', field], msg: expect.any(String) }]);
		expect(emulator.tasks.size).toBe(0);
	});

	it.each(['model', 'webhook', 'toString'])('refuses %s, which it does not know', async (field) => {
		await start();
		const { status: code, body: answer } = await create({ [field]: 'x' });
		expect(code).toBe(422);
		expect(answer.detail).toEqual([
			{ loc: ['body', field], msg: 'Extra inputs are not permitted' },
		]);
	});

	it('refuses a body that is no object, or not said to be JSON', async () => {
		await start();
		expect((await call('POST', '', ['a red apple'])).body.detail[0].loc).toEqual(['body']);
		const plain = await call('POST', '', { prompt: 'x' }, { 'content-type': 'text/plain' });
		expect([plain.status, plain.body.detail[0].loc[1]]).toEqual([422, 'content-type']);
	});

	it('refuses more than its limits allow, and says when to come back', async () => {
		await start({ limits: { createsPerSecond: 2, openTasks: 3 } });
		const codes = [(await create()).status, (await create()).status, (await create()).status];
		expect(codes).toEqual([200, 200, 429]);
		const refused = await create();
		expect(refused.headers.get('retry-after')).toBe('1');
		expect(refused.body.error.code).toBe('RATE_LIMIT_EXCEEDED');
		await new Promise((resolve) => setTimeout(resolve, 1050));
		expect((await create()).status).toBe(200);
		expect((await create()).body.error.message).toContain('unfinished');
		emulator.end([...emulator.tasks.keys()][0]!);
		expect((await create()).status).toBe(200);
	});

	it('can keep to itself when to come back', async () => {
		await start({ limits: { createsPerSecond: 1, retryAfterHeader: false } });
		await create();
		const refused = await create();
		expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, false]);
	});
});

describe('limits', () => {
	it.each([
		['status', { pollsPerSecond: 2 }],
		['result', { resultsPerSecond: 2 }],
		['cancel', { cancelsPerSecond: 2 }],
	] as const)('of one call refuse no other: %s', async (limited, limits) => {
		await start({ limits });
		const { id } = emulator.addTask();
		const calls = { status, result, cancel };
		for (const [name, make] of Object.entries(calls)) {
			const codes = [(await make(id)).status, (await make(id)).status, (await make(id)).status];
			expect([name, codes.indexOf(429)]).toEqual([name, name === limited ? 2 : -1]);
		}
	});
});

describe('the key', () => {
	it.each([
		'POST ',
		'GET /requests/x/status',
		'GET /requests/x/response',
		'PUT /requests/x/cancel',
	])('is asked for at %s', async (line) => {
		await start();
		const [method, path] = line.split(' ') as [string, string];
		const body = method === 'POST' ? { prompt: 'x' } : undefined;
		const missing = await call(method, path, body, { authorization: null });
		const wrong = await call(method, path, body, { authorization: 'Bearer wrong' });
		expect([missing.status, missing.body.error.code]).toEqual([401, 'UNAUTHORIZED']);
		expect([wrong.status, wrong.body]).toEqual([401, { error: 'invalid_api_key' }]);
		expect(emulator.tasks.size).toBe(0);
	});

	it('is taken in the other scheme too', async () => {
		await start();
		const answer = await call('GET', '/requests/x/status', undefined, {
			authorization: `Key ${emulator.key}`,
		});
		expect(answer.status).toBe(404);
	});

	const hex = (text: string) => Buffer.from(text).toString('hex').replace(/../g, '%$&');

	it.each<[string, (key: string) => { init?: RequestInit; query?: string }]>([
		['a header', (key) => ({ init: { headers: { authorization: `Bearer ${key}` } } })],
		['another header', (key) => ({ init: { headers: { 'x-any': key } } })],
		['the query', (key) => ({ query: `?token=${key}` })],
		['an encoded query', (key) => ({ query: `?token=${hex(key)}` })],
		['a body', (key) => ({ init: { method: 'POST', body: `token=${key}` } })],
	])('is noticed at the image server in %s', async (_place, leak) => {
		await start();
		const [image] = await outputsOf({});
		await fetch(image.url);
		expect(emulator.keyReachedImages).toBe(false);
		const { init = {}, query = '' } = leak(emulator.key);
		await fetch(image.url + query, init);
		expect(emulator.keyReachedImages).toBe(true);
		expect(emulator.downloads().map(({ carriesKey }) => carriesKey)).toEqual([false, true]);
	});
});

describe('status, result and cancel', () => {
	it('advance with the status reads', async () => {
		await start({ progress: { byReads: 3 } });
		const { request_id: id } = (await create()).body;
		const early = await result(id);
		expect([early.status, early.body.status]).toEqual([202, 'IN_QUEUE']);
		const words = [];
		for (let read = 0; read < 4; read += 1) words.push((await status(id)).body);
		expect(words.map(({ status: word }) => word)).toEqual([
			'IN_QUEUE',
			'IN_PROGRESS',
			'COMPLETED',
			'COMPLETED',
		]);
		expect(words[0].queue_position).toBe(0);
		expect(words[1].logs[0].message).toEqual(expect.any(String));
		expect(words[2].metrics.inference_time).toEqual(expect.any(Number));
		expect(words[2].error).toBeUndefined();
		expect((await result(id)).status).toBe(200);
	});

	it('can be complete at the first read', async () => {
		await start({ progress: { byReads: 1 } });
		const { request_id: id } = (await create()).body;
		expect((await status(id)).body.status).toBe('COMPLETED');
	});

	it('can advance by time', async () => {
		await start({ progress: { byTime: ({ parameters }) => parameters.n * 150 } });
		const { request_id: id } = (await create({ n: 2 })).body;
		expect((await status(id)).body.status).toBe('IN_QUEUE');
		await new Promise((resolve) => setTimeout(resolve, 160));
		expect((await status(id)).body.status).toBe('IN_PROGRESS');
		await new Promise((resolve) => setTimeout(resolve, 160));
		expect((await status(id)).body.metrics).toEqual({ inference_time: 0.3 });
	});

	it('give one record an image, in order, and the prompt', async () => {
		await start();
		const { request_id: id } = (await create({ n: 3, output_format: 'webp' })).body;
		emulator.end(id);
		const { body } = await result(id);
		expect(Object.keys(body).sort()).toEqual(['metadata', 'outputs', 'request_id']);
		expect(body.metadata).toEqual({ prompt: 'a red apple' });
		for (const [index, output] of body.outputs.entries()) {
			const bytes = await download(output.url);
			expect(new URL(output.url).origin).toBe(emulator.imagesOrigin);
			expect(output.file_size).toBe(bytes.length);
			expect(output.file_name).toBe('output.webp');
			expect(bytes.includes(`${id}/${index}`)).toBe(true);
		}
		expect(new Set(body.outputs.map(({ url }: any) => url)).size).toBe(3);
	});

	it('tell of a bad end in status and result alike', async () => {
		await start({ progress: { byReads: 1 } });
		emulator.play('failsWithInferenceFailure');
		const { request_id: id } = (await create()).body;
		const ended = await status(id);
		expect(ended.body).toMatchObject({
			status: 'COMPLETED',
			error: { code: 'MODEL_ERROR' },
			error_type: 'INFERENCE_FAILURE',
			provider_error: { task_status: 'FAILED' },
		});
		expect(await result(id)).toMatchObject({ status: 200, body: ended.body });
	});

	it('cancel once, and say so afterwards', async () => {
		await start();
		const { request_id: id } = (await create()).body;
		const taken = await cancel(id);
		expect([taken.status, taken.body.status]).toEqual([202, 'CANCELLATION_REQUESTED']);
		expect((await status(id)).body).toMatchObject({
			status: 'COMPLETED',
			error_type: 'CANCELED',
			error: expect.any(String),
		});
		const late = await cancel(id);
		expect([late.status, late.body.status]).toEqual([400, 'ALREADY_COMPLETED']);
		const unknown = await cancel('mmsu_unknown');
		expect([unknown.status, unknown.body.status]).toEqual([404, 'NOT_FOUND']);
	});

	it.each([
		['GET', '/requests/mmsu_unknown/status', 404, 'Request not found'],
		['GET', '/requests/mmsu_unknown/response', 404, 'Request not found'],
		['GET', '/requests/a%2F..%2Fb/status', 404, 'Request not found'],
		['GET', '/requests/mmsu_unknown', 404, 'Not Found'],
		['POST', '/requests/mmsu_unknown/status', 405, 'Method Not Allowed'],
		['GET', '', 405, 'Method Not Allowed'],
	])('answer %s %s with %i', async (method, path, code, detail) => {
		await start();
		const answer = await call(method, path);
		expect([answer.status, answer.body.detail]).toEqual([code, detail]);
	});

	it('know neither another model nor another base URL', async () => {
		await start();
		const { origin } = new URL(emulator.baseUrl);
		const app = await call('POST', `${emulator.baseUrl}/v1/queue/dall_e`, { prompt: 'x' });
		expect([app.status, app.body.detail]).toEqual([404, 'App not found: dall_e']);
		const base = await call('POST', `${origin}/v1/queue/gpt_image_1`, { prompt: 'x' });
		expect([base.status, base.body.detail]).toEqual([404, 'Not Found']);
	});
});

/** The types of those chunks of a PNG whose check sum is wrong. */
function brokenChunks(png: Buffer): string[] {
	const broken = [];
	for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
		const end = at + 8 + png.readUInt32BE(at);
		if (crc32(png.subarray(at + 4, end)) !== png.readUInt32BE(end)) {
			broken.push(png.toString('latin1', at + 4, at + 8));
		}
	}
	return broken;
}

describe('pictures', () => {
	it.each([
		['png', '1024x1536', 'transparent'],
		['webp', 'auto', 'transparent'],
		['png', '1536x1024', 'auto'],
		['webp', '1024x1024', 'opaque'],
		['jpeg', '1024x1536', 'auto'],
	])('are %s of %s, background %s, drawn or plain', async (format, size, background) => {
		const [width, height] = size === 'auto' ? [1024, 1024] : size.split('x').map(Number);
		for (const pictures of ['real', 'small'] as const) {
			await start({ pictures });
			const prompt = 'a <green> apple & "pear" 🍏 \u0000\ud800 ]]> in [brackets]';
			const [output] = await outputsOf({ prompt, output_format: format, size, background });
			const response = await fetch(output.url);
			const bytes = Buffer.from(await response.arrayBuffer());
			const metadata = await sharp(bytes).metadata();
			expect(metadata).toMatchObject({ format, width, height });
			expect(output).toMatchObject({ content_type: `image/${format}`, width, height });
			expect(response.headers.get('content-type')).toBe(`image/${format}`);
			const { isOpaque, channels } = await sharp(bytes).stats();
			expect(isOpaque).toBe(background !== 'transparent');
			// A drawing has contrast, a plain picture has none.
			expect(channels[1]!.stdev > 5).toBe(pictures === 'real');
			await emulator.stop();
		}
	});

	it('are smaller under compression, and differ from image to image', async () => {
		await start({ pictures: 'real' });
		const jpeg = { output_format: 'jpeg' };
		const [fine, other] = await outputsOf({ ...jpeg, n: 2 });
		const [coarse] = await outputsOf({ ...jpeg, output_compression: 10 });
		expect(coarse.file_size).toBeLessThan(fine.file_size / 3);
		const pixels = async (url: string) =>
			sharp(await download(url))
				.raw()
				.toBuffer();
		expect((await pixels(fine.url)).equals(await pixels(other.url))).toBe(false);
		expect(await download(fine.url)).toEqual(await download(fine.url));
	});

	it('can be as heavy as asked, and whole', async () => {
		await start({ pictures: { bytes: 3_000_000 } });
		const [output] = await outputsOf({ output_format: 'webp' });
		const bytes = await download(output.url);
		expect(brokenChunks(bytes)).toEqual([]);
		expect(Math.abs(bytes.length - 3_000_000)).toBeLessThan(50);
		expect(bytes.subarray(-8, -4).toString()).toBe('IEND');
		expect(output.content_type).toBe('image/png');
		const read = sharp(bytes, { failOn: 'warning' });
		expect((await read.raw().toBuffer()).length).toBe(256 * 256 * 3);
	});

	it('are there only after a good end, under their own path', async () => {
		await start();
		const { request_id: id } = (await create()).body;
		const url = `${emulator.imagesOrigin}${emulator.tasks.get(id)!.images[0]!.path}`;
		expect((await fetch(url)).status).toBe(404);
		emulator.end(id);
		expect((await fetch(url)).status).toBe(200);
		expect((await fetch(`${url}x`)).status).toBe(404);
		expect((await fetch(url, { method: 'POST' })).status).toBe(405);
	});
});

describe('misbehaviour on demand', () => {
	it('tells an accepted create from one that was not', async () => {
		await start();
		emulator.answerNext('create', 'drop');
		await expect(create()).rejects.toThrow('fetch failed');
		expect(emulator.tasks.size).toBe(0);
		emulator.answerNext('create', 'dropAfterAccept');
		await expect(create()).rejects.toThrow('fetch failed');
		expect(emulator.tasks.size).toBe(1);
		emulator.answerNext('create', { status: 503, body: 'busy' });
		emulator.answerNext('create', { status: 504, body: { detail: 'late' }, accepted: true });
		expect([(await create()).status, emulator.tasks.size]).toEqual([503, 1]);
		expect([(await create()).body, emulator.tasks.size]).toEqual([{ detail: 'late' }, 2]);
		expect((await create()).status).toBe(200);
		expect(emulator.creates().map((request) => request.status)).toEqual([0, 0, 503, 504, 200]);
		expect(emulator.creates()[1]!.requestId).toBe([...emulator.tasks.keys()][0]);
	});

	it('plans so many answers, then tells the truth again', async () => {
		await start({ progress: { byReads: 1 } });
		const { id } = emulator.addTask({});
		emulator.answerNext('status', 'error500', 2);
		emulator.answerNext('status', 'htmlError502');
		const codes = [];
		for (let read = 0; read < 4; read += 1) codes.push((await status(id)).status);
		expect(codes).toEqual([500, 500, 502, 200]);
	});

	it('damages images on the wire', async () => {
		await start();
		const [{ url, file_size }] = await outputsOf({});
		emulator.answerNext('image', 'truncate');
		await expect(download(url)).rejects.toThrow('terminated');
		emulator.answerNext('image', 'truncateQuietly');
		expect(await download(url)).toHaveLength(Math.floor(file_size / 2));
		emulator.answerNext('image', 'html');
		expect((await download(url)).toString()).toContain('<!doctype html>');
		expect(await download(url)).toHaveLength(file_size);
		const [cut, half] = emulator.downloads();
		expect([cut!.finished, half!.finished]).toEqual([false, true]);
	});

	it('sends an answer that is far too long, and one that hardly comes', async () => {
		await start({ progress: { byReads: 1 } });
		const { id } = emulator.addTask();
		emulator.answerNext('status', 'oversized');
		const long = await call('GET', `/requests/${id}/status`);
		expect(Number(long.headers.get('content-length'))).toBeGreaterThan(50_000_000);
		expect(long.body.status).toBe('COMPLETED');
		emulator.answerNext('status', 'drip');
		const response = await fetch(`${emulator.baseUrl}/v1/queue/gpt_image_1/requests/${id}/status`, {
			headers: { authorization: `Bearer ${emulator.key}` },
		});
		const reader = response.body!.getReader();
		for (const character of ['{', '"', 'r'])
			expect(Buffer.from((await reader.read()).value).toString()).toBe(character);
		await reader.cancel();
	});

	it('plays a scenario at the create it was booked for', async () => {
		await start({ progress: { byReads: 1 } });
		emulator.play('failsWithTimeout', { nth: 2, times: 2 });
		const types = [];
		for (let item = 0; item < 4; item += 1) {
			const { request_id: id } = (await create()).body;
			types.push((await status(id)).body.error_type);
		}
		const late = 'INFERENCE_TIMEOUT';
		expect(types).toEqual([undefined, late, late, undefined]);
		expect(() => emulator.play('noSuchScenario' as ScenarioName)).toThrow('noSuchScenario');
	});

	it('goes on with a scenario when the refused create is repeated', async () => {
		await start();
		emulator.play('rateLimitedOnce');
		const codes = [(await create()).status, (await create()).status, (await create()).status];
		expect(codes).toEqual([429, 200, 200]);
		emulator.play('unauthorized');
		const refused = [(await create()).status, (await create()).status, (await create()).status];
		expect(refused).toEqual([401, 401, 200]);
		const named = { prompt: 'a cat [rateLimitedOnce]' };
		expect([(await create(named)).status, (await create(named)).status]).toEqual([429, 200]);
		const broke = { prompt: 'a cat [insufficientCredits]' };
		expect([(await create(broke)).status, (await create(broke)).status]).toEqual([402, 402]);
	});

	it('forgets everything at a reset', async () => {
		await start();
		await create();
		emulator.play('unauthorized');
		emulator.answerNext('create', 'error500');
		emulator.reset();
		expect([emulator.requests.length, emulator.tasks.size]).toEqual([0, 0]);
		expect((await create()).status).toBe(200);
		expect(emulator.creates()).toHaveLength(1);
	});
});

describe('records', () => {
	it('hold every request of both ports in order', async () => {
		await start({ progress: { byReads: 1 } });
		const [{ url }] = await outputsOf({});
		await download(url);
		const [id] = emulator.tasks.keys();
		await status(id!);
		await cancel(id!);
		const told = emulator.requests.map(({ port, method, call: name, status: code }) =>
			[port, method, name, code].join(' '),
		);
		expect(told).toEqual([
			'api POST create 200',
			'api GET result 200',
			'images GET image 200',
			'api GET status 200',
			'api PUT cancel 400',
		]);
		expect(emulator.requests.every(({ requestId }) => requestId === id)).toBe(true);
		expect(emulator.requests[0]).toMatchObject({
			body: { prompt: 'a red apple' },
			path: '/model/v1/queue/gpt_image_1',
			headers: { authorization: `Bearer ${emulator.key}` },
		});
		expect(Math.abs(Date.now() - emulator.requests[0]!.at)).toBeLessThan(5000);
		expect(emulator.statusReads('mmsu_another')).toEqual([]);
		expect(emulator.cancels(id)).toHaveLength(1);
		expect(emulator.results(id)).toHaveLength(1);
	});

	it('wake those who wait for a request, past or to come', async () => {
		await start({ latency: 40 });
		const began = performance.now();
		const coming = emulator.whenRequested(({ call: name }) => name === 'create');
		const answered = emulator.whenRequested(({ status: code }) => code === 200);
		const created = create();
		expect((await coming).status).toBe(0);
		expect((await answered).status).toBe(200);
		await created;
		expect(performance.now() - began).toBeGreaterThan(38);
		expect(await emulator.whenRequested(({ method }) => method === 'POST')).toBe(await coming);
		const never = emulator.whenRequested(({ method }) => method === 'PUT', 30);
		await expect(never).rejects.toThrow(/No such request within 30 ms[^]*POST .* 200/);
	});

	it('show that an unanswered request ends with the server', async () => {
		await start();
		emulator.answerNext('status', 'hang');
		const pending = expect(status('mmsu_any')).rejects.toThrow('fetch failed');
		const hung = await emulator.whenRequested(({ call: name }) => name === 'status');
		expect(hung.endedAt).toBeUndefined();
		await emulator.stop();
		await pending;
		expect([hung.status, hung.finished, typeof hung.endedAt]).toEqual([0, false, 'number']);
	});
});

/** What a client sees of one task from create to end, with what differs by chance left out. */
async function trace(scenario?: ScenarioName): Promise<string> {
	emulator.reset();
	const seen: unknown[] = [];
	const tell = async (reply: Promise<Reply>) => {
		try {
			const { status: code, body, headers } = await reply;
			seen.push(code, body, headers.get('content-type'), headers.get('location'));
		} catch (error) {
			seen.push((error as Error).name);
		}
	};
	if (scenario) emulator.play(scenario);
	for (let tries = 0; tries < 3 && emulator.tasks.size === 0; tries += 1) {
		await tell(create({ n: 10 }));
	}
	const [task] = emulator.tasks.values();
	if (task) {
		await tell(scenario === 'alreadyCompletedAtCancel' ? cancel(task.id) : status(task.id));
		await tell(scenario === 'cancelIgnored' ? cancel(task.id) : status(task.id));
		for (let read = 0; read < 5; read += 1) await tell(status(task.id));
		for (let read = 0; read < 3; read += 1) await tell(result(task.id));
		for (const place of [9, 9, 0]) {
			await tell(call('GET', emulator.imagesOrigin + task.images[place]!.path));
		}
	}
	const text = JSON.stringify(seen);
	const chance = new RegExp(`${task?.id}|"inference_time":[^}]*|"timestamp":[^}]*`, 'g');
	return text.replace(chance, '').replace(/[0-9a-f]{16}\.png/g, '');
}

describe('scenarios', () => {
	it('each change what a client sees, in a way of their own', async () => {
		await start({ progress: { byReads: 2 } });
		const names = (Object.keys(SCENARIOS) as ScenarioName[]).filter(
			(name) => !name.toLowerCase().includes('hangs'),
		);
		const traces = new Map<string, string>([[await trace(), 'no scenario']]);
		for (const name of names) {
			const told = await trace(name);
			expect(`${name} looks like ${traces.get(told)}`).toBe(`${name} looks like undefined`);
			traces.set(told, name);
		}
	});

	it('never answer where they are said to hang', async () => {
		await start();
		const [{ url }] = await outputsOf({}, 'imageHangs');
		const headers = { authorization: `Bearer ${emulator.key}` };
		const hangs = (at: string) => fetch(at, { headers, signal: AbortSignal.timeout(150) });
		await expect(hangs(url)).rejects.toThrow('timeout');
		const { id } = emulator.addTask({}, 'statusHangsOnce');
		const path = `/v1/queue/gpt_image_1/requests/${id}/status`;
		await expect(hangs(emulator.baseUrl + path)).rejects.toThrow('timeout');
		expect((await status(id)).status).toBe(200);
	});

	it('send WebP that is said to be PNG', async () => {
		await start();
		const [output] = await outputsOf({}, 'imageWrongType');
		const response = await fetch(output.url);
		expect([response.headers.get('content-type'), output.content_type]).toEqual([
			'image/png',
			'image/png',
		]);
		const { format } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
		expect(format).toBe('webp');
	});

	it('redirect an image to where it is', async () => {
		await start();
		const [{ url, file_size }] = await outputsOf({}, 'imageRedirect');
		const moved = await fetch(url, { redirect: 'manual' });
		expect([moved.status, moved.headers.get('location')]).toEqual([
			302,
			`/moved${new URL(url).pathname}`,
		]);
		expect(await download(url)).toHaveLength(file_size);
	});

	it('lay images on the host of the API, and notice the key there', async () => {
		await start();
		const [{ url, file_size }] = await outputsOf({}, 'imageUrlApi');
		expect(new URL(url).origin).toBe(new URL(emulator.baseUrl).origin);
		expect(await download(url)).toHaveLength(file_size);
		expect(emulator.keyReachedImages).toBe(false);
		await call('GET', url);
		expect(emulator.keyReachedImages).toBe(true);
	});

	it('take a cancel that changes nothing, or comes too late', async () => {
		await start({ progress: { byReads: 2 } });
		const ignored = emulator.addTask({}, 'cancelIgnored').id;
		expect((await cancel(ignored)).status).toBe(202);
		expect((await status(ignored)).body.status).toBe('IN_QUEUE');
		expect((await status(ignored)).body).not.toHaveProperty('error');
		const late = emulator.addTask({}, 'alreadyCompletedAtCancel').id;
		for (let read = 0; read < 4; read += 1) await status(late);
		expect((await status(late)).body.status).toBe('IN_PROGRESS');
		expect((await cancel(late)).status).toBe(400);
		expect((await result(late)).body.outputs).toHaveLength(1);
	});

	it('are found in a prompt', async () => {
		await start({ progress: { byReads: 1 } });
		const { body } = await create({ prompt: 'a [cat] [failsWithContentBlocked]' });
		expect((await status(body.request_id)).body.error_type).toBe('CONTENT_BLOCKED');
	});
});
