import { useSimulatedFixture } from './fixture';

/** What is sent for each parameter. */

const fixture = useSimulatedFixture();

/** Creates without waiting. @returns the body that arrived */
async function bodyFor(parameters: object, item: Record<string, unknown> = {}): Promise<unknown> {
	const execution = await fixture.run(
		{ waitForCompletion: false, ...parameters },
		{ items: [item as never] },
	);
	expect(execution.error).toBeUndefined();
	expect(fixture.emulator.requests).toHaveLength(1);
	return fixture.emulator.requests[0]?.body;
}

test('the create is a POST of JSON with the key as a bearer token', async () => {
	await bodyFor({ prompt: 'a red apple' });
	const [create] = fixture.emulator.requests;
	expect(create).toMatchObject({ method: 'POST', path: '/model/v1/queue/gpt_image_1' });
	expect(create?.headers).toMatchObject({
		authorization: `Bearer ${fixture.emulator.key}`,
		'content-type': 'application/json',
		accept: 'application/json',
	});
});

test('a default is not sent', async () => {
	expect(await bodyFor({ prompt: 'a red apple' })).toEqual({ prompt: 'a red apple' });
});

describe('each parameter by itself', () => {
	test.each([
		[{ numberOfImages: 3 }, { n: 3 }],
		[{ numberOfImages: 10 }, { n: 10 }],
		[{ size: '1024x1024' }, { size: '1024x1024' }],
		[{ size: '1024x1536' }, { size: '1024x1536' }],
		[{ size: '1536x1024' }, { size: '1536x1024' }],
		[{ quality: 'low' }, { quality: 'low' }],
		[{ quality: 'medium' }, { quality: 'medium' }],
		[{ quality: 'high' }, { quality: 'high' }],
		[{ options: { background: 'transparent' } }, { background: 'transparent' }],
		[{ options: { background: 'opaque' } }, { background: 'opaque' }],
		[{ options: { background: 'auto' } }, { background: 'auto' }],
		[{ options: { outputFormat: 'png' } }, { output_format: 'png' }],
		[{ options: { outputFormat: 'jpeg' } }, { output_format: 'jpeg' }],
		[{ options: { outputFormat: 'webp' } }, { output_format: 'webp' }],
		[{ options: { moderation: 'low' } }, { moderation: 'low' }],
		[{ options: { moderation: 'auto' } }, { moderation: 'auto' }],
		[{ options: { user: 'customer-4711' } }, { user: 'customer-4711' }],
		[
			{ options: { outputFormat: 'jpeg', outputCompression: 0 } },
			{ output_format: 'jpeg', output_compression: 0 },
		],
		[
			{ options: { outputFormat: 'webp', outputCompression: 99 } },
			{ output_format: 'webp', output_compression: 99 },
		],
		[{ options: { outputFormat: 'webp', outputCompression: 100 } }, { output_format: 'webp' }],
		[{ options: { outputCompression: 80 } }, {}],
		[{ options: { outputFormat: 'png', outputCompression: 80 } }, { output_format: 'png' }],
	])('%j', async (parameters, body) => {
		expect(await bodyFor({ prompt: 'an apple', ...parameters })).toEqual({
			prompt: 'an apple',
			...body,
		});
	});

	test.each([
		{ imageOutput: 'singleItem' },
		{ timeout: 30 },
		{ onTimeout: 'cancel' },
		{ pollInterval: 5 },
		{ maxTasksInFlight: 3 },
		{ cancelOnStop: false },
	])('%j is for the node and is not sent', async (options) => {
		expect(await bodyFor({ prompt: 'an apple', options })).toEqual({ prompt: 'an apple' });
	});

	test.each([{ user: '' }, { outputCompression: '' }, { background: null }])(
		'%j, added and left empty, is not sent',
		async (options) => {
			expect(await bodyFor({ prompt: 'an apple', options })).toEqual({ prompt: 'an apple' });
		},
	);
});

test('all parameters together make one body', async () => {
	const body = await bodyFor({
		prompt: 'an apple',
		numberOfImages: 2,
		size: '1024x1536',
		quality: 'high',
		options: {
			background: 'opaque',
			outputFormat: 'jpeg',
			outputCompression: 80,
			moderation: 'low',
			user: 'customer-4711',
		},
	});
	expect(body).toEqual({
		prompt: 'an apple',
		n: 2,
		size: '1024x1536',
		quality: 'high',
		background: 'opaque',
		output_format: 'jpeg',
		output_compression: 80,
		moderation: 'low',
		user: 'customer-4711',
	});
});

test.each(['false', '={{ "false" }}'])('Wait for Completion may be the text %s', async (text) => {
	expect(await bodyFor({ prompt: 'x', waitForCompletion: text })).toEqual({ prompt: 'x' });
});

test('numbers that arrive as text are sent as numbers, text as text', async () => {
	const body = await bodyFor(
		{
			prompt: '={{ $json.prompt }}',
			numberOfImages: '={{ $json.n }}',
			options: { outputFormat: 'webp', outputCompression: '={{ $json.q }}', user: '={{ 17 }}' },
		},
		{ prompt: 2001, n: '3', q: ' 55 ' },
	);
	expect(body).toEqual({
		prompt: '2001',
		n: 3,
		output_format: 'webp',
		output_compression: 55,
		user: '17',
	});
});

describe('a prompt arrives unchanged', () => {
	test.each([
		['quotes', `He said "it's" \\ \`here\``],
		['line breaks and tabs', 'one\ntwo\r\nthree\tfour'],
		['emoji', '🍎 👩‍👩‍👧 e\u0301 \u{1F3F4}'],
		['what looks like an expression', '{{ $json.secret }} and {{ 1 + 1 }}'],
		['an equals sign at the start', '=a red apple'],
		['an expression after an equals sign', '={{ 1 + 1 }}'],
		['what looks like JSON', '{"prompt": "x"}'],
		['blanks at both ends', '  a red apple  '],
		['32000 characters', 'ä'.repeat(32_000)],
		['32000 emoji', '🍎'.repeat(32_000)],
	])('%s', async (_what, text) => {
		expect(await bodyFor({ prompt: '={{ $json.text }}' }, { text })).toEqual({ prompt: text });
	});

	test('typed in without an expression', async () => {
		const prompt = 'He said "hm"\n🍎 \\n {{ not this }}';
		expect(await bodyFor({ prompt })).toEqual({ prompt });
	});
});

describe('the request ID', () => {
	const known = () => fixture.emulator.addTask().id;
	const url = (base: string, id: string, last: string) =>
		`${base}/v1/queue/gpt_image_1/requests/${id}${last}`;

	test.each<[string, (id: string) => string]>([
		['bare, with blanks around it', (id) => `  ${id}\n`],
		['in a status URL', (id) => url('https://cloud.seaart.ai/model', id, '/status')],
		['in a result URL of another host', (id) => url('https://evil.example/x', id, '/response')],
		['in a cancel URL', (id) => url('http://localhost:1/model', id, '/cancel?x=1#y')],
		['in a URL without a last part', (id) => url('https://cloud.seaart.ai/model', id, '/')],
	])('%s', async (_how, given) => {
		const id = known();
		const execution = await fixture.run({ operation: 'getStatus', requestId: given(id) });
		expect(execution.rows('Image')[0]?.json.request_id).toBe(id);
		expect(fixture.emulator.requests).toMatchObject([
			{ method: 'GET', path: `/model/v1/queue/gpt_image_1/requests/${id}/status` },
		]);
	});

	test('is encoded', async () => {
		await fixture.run({ operation: 'cancel', requestId: 'a&b=ü;c' });
		expect(fixture.emulator.requests[0]).toMatchObject({
			method: 'PUT',
			path: '/model/v1/queue/gpt_image_1/requests/a%26b%3D%C3%BC%3Bc/cancel',
		});
	});

	test('may be a number', async () => {
		await fixture.run({ operation: 'getResult', requestId: '={{ 4711 }}' });
		expect(fixture.emulator.requests[0]?.path).toContain('/requests/4711/response');
	});
});

test('a slash at the end of the base URL does no harm', async () => {
	const credential = { ...fixture.credential, baseUrl: `${fixture.emulator.baseUrl}/` };
	const execution = await fixture.run({ prompt: 'x', waitForCompletion: false }, { credential });
	expect(execution.error).toBeUndefined();
	expect(fixture.emulator.requests[0]?.path).toBe('/model/v1/queue/gpt_image_1');
});

test('the calls that follow a create carry no body and the same key', async () => {
	await fixture.run({ prompt: 'x' });
	const [, ...later] = fixture.emulator.requests.filter(({ port }) => port === 'api');
	expect(later.map(({ method, body }) => [method, body])).toEqual(
		later.map(() => ['GET', undefined]),
	);
	expect(later.every(({ headers }) => headers.authorization?.startsWith('Bearer '))).toBe(true);
});
