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
		[{ numberOfImages: 10 }, { n: 10 }],
		[{ size: '1024x1536' }, { size: '1024x1536' }],
		[{ quality: 'low' }, { quality: 'low' }],
		[{ options: { background: 'auto' } }, { background: 'auto' }],
		[{ options: { outputFormat: 'png' } }, { output_format: 'png' }],
		[{ options: { moderation: 'auto' } }, { moderation: 'auto' }],
		[{ options: { user: 'customer-4711' } }, { user: 'customer-4711' }],
		[{ options: { outputFormat: 'webp', outputCompression: 100 } }, { output_format: 'webp' }],
		[{ options: { outputFormat: 'png', outputCompression: 80 } }, { output_format: 'png' }],
		[{ options: { outputCompression: 80 } }, {}],
	])('%j', async (parameters, body) => {
		const expected = { prompt: 'an apple', ...body };
		expect(await bodyFor({ prompt: 'an apple', ...parameters })).toEqual(expected);
	});

	test.each([
		...[{ imageOutput: 'singleItem' }, { timeout: 30 }, { onTimeout: 'cancel' }],
		...[{ pollInterval: 5 }, { maxTasksInFlight: 3 }, { cancelOnStop: false }],
		...[{ user: '' }, { outputCompression: '' }, { background: null }],
	])('%j is for the node alone, or was left empty, and is not sent', async (options) => {
		expect(await bodyFor({ prompt: 'an apple', options })).toEqual({ prompt: 'an apple' });
	});
});

test('all parameters together make one body', async () => {
	const parameters = { prompt: 'an apple', size: '1024x1536', quality: 'high' };
	const options = { background: 'opaque', moderation: 'low', user: 'customer-4711' };
	const format = { outputFormat: 'jpeg', outputCompression: 0 };
	const all = { ...parameters, numberOfImages: 2, options: { ...options, ...format } };
	expect(await bodyFor(all)).toEqual({
		...{ ...parameters, ...options, n: 2, output_format: 'jpeg', output_compression: 0 },
	});
});

test('Wait for Completion may be the text of an expression', async () => {
	const waitForCompletion = '={{ "false" }}';
	expect(await bodyFor({ prompt: 'x', waitForCompletion })).toEqual({ prompt: 'x' });
});

test.each([
	['quotes, line breaks, and emoji', `He said "it's" \\ \`here\`\r\n\t👩‍👩‍👧 e\u0301`],
	['what looks like an expression', '{{ $json.secret }} and {{ 1 + 1 }}'],
	['an expression after an equals sign', '={{ 1 + 1 }}'],
	['what looks like JSON, with blanks at both ends', '  {"prompt": "x"}  '],
	['32000 emoji', '🍎'.repeat(32_000)],
])('a prompt arrives unchanged: %s', async (_what, prompt) => {
	expect(await bodyFor({ prompt: '={{ $json.prompt }}' }, { prompt })).toEqual({ prompt });
});

test('a prompt arrives unchanged: typed in without an expression', async () => {
	const prompt = 'He said "hm"\n🍎 \\n {{ not this }}';
	expect(await bodyFor({ prompt })).toEqual({ prompt });
});

describe('the request ID', () => {
	test.each<[string, (id: string) => string]>([
		['bare, with blanks around it', (id) => `  ${id}\n`],
		[
			'in a URL of another host',
			(id) => `https://evil.example/v1/queue/gpt_image_1/requests/${id}/response?x=1#y`,
		],
	])('%s', async (_how, given) => {
		const { id } = fixture.emulator.addTask();
		const execution = await fixture.run({ operation: 'getStatus', requestId: given(id) });
		expect(execution.items('Image')[0]?.json.request_id).toBe(id);
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
