import { prompt, useSimulatedFixture } from './fixture';

/** What is sent for each parameter. */

const fixture = useSimulatedFixture();

/** Creates without waiting. @returns the body that arrived */
async function bodyFor(parameters: object, item: object = {}): Promise<unknown> {
	const execution = await fixture.run(
		{ waitForCompletion: false, ...parameters },
		{ items: [item] },
	);
	expect(execution.error).toBeUndefined();
	expect(fixture.requests()).toHaveLength(1);
	return fixture.requests()[0]?.body;
}

test('the create is a POST of JSON with the key as a bearer token', async () => {
	await bodyFor({ prompt: 'a red apple' });
	expect(fixture.requests()[0]).toMatchObject({
		method: 'POST',
		path: '/model/v1/queue/gpt_image_1',
		headers: {
			authorization: `Bearer ${fixture.emulator.key}`,
			'content-type': 'application/json',
			accept: 'application/json',
		},
	});
});

test.each([
	[{}, {}],
	[{ numberOfImages: 10 }, { n: 10 }],
	[{ size: '1024x1536' }, { size: '1024x1536' }],
	[{ quality: 'low' }, { quality: 'low' }],
	[{ options: { background: 'auto' } }, { background: 'auto' }],
	[{ options: { outputFormat: 'png' } }, { output_format: 'png' }],
	[{ options: { moderation: 'auto' } }, { moderation: 'auto' }],
	[{ options: { user: 'customer-4711' } }, { user: 'customer-4711' }],
	[{ options: { outputFormat: 'webp', outputCompression: 100 } }, { output_format: 'webp' }],
	[
		{ options: { outputFormat: 'jpeg', outputCompression: 0 } },
		{ output_format: 'jpeg', output_compression: 0 },
	],
	[{ options: { outputFormat: 'png', outputCompression: 80 } }, { output_format: 'png' }],
	[{ options: { outputCompression: 80 } }, {}],
	[{ waitForCompletion: '={{ "false" }}' }, {}],
])('beside the prompt, %j sends %j', async (parameters, body) => {
	const sent = await bodyFor({ prompt: 'an apple', ...parameters });
	expect(sent).toEqual({ prompt: 'an apple', ...body });
});

test.each([
	...[{ imageOutput: 'singleItem' }, { timeout: 30 }, { onTimeout: 'cancel' }],
	...[{ pollInterval: 5 }, { maxTasksInFlight: 3 }, { cancelOnStop: false }],
	...[{ user: '' }, { outputCompression: '' }, { background: null }],
])('%j is for the node alone, or was left empty, and is not sent', async (options) => {
	expect(await bodyFor({ prompt: 'an apple', options })).toEqual({ prompt: 'an apple' });
});

test.each([
	['quotes, line breaks, and emoji', `He said "it's" \\ \`here\`\r\n\t👩‍👩‍👧 e\u0301`],
	['what looks like an expression', '{{ $json.secret }} and {{ 1 + 1 }}'],
	['an expression after an equals sign', '={{ 1 + 1 }}'],
	['what looks like JSON, with blanks at both ends', '  {"prompt": "x"}  '],
	['32000 emoji', '🍎'.repeat(32_000)],
])('a prompt arrives unchanged: %s', async (_what, given) => {
	expect(await bodyFor({ prompt }, { prompt: given })).toEqual({ prompt: given });
});

test('a prompt arrives unchanged: typed in without an expression', async () => {
	const typed = { prompt: 'He said "hm"\n🍎 \\n {{ not this }}' };
	expect(await bodyFor(typed)).toEqual(typed);
});

describe('the request ID', () => {
	const queue = 'https://evil.example/v1/queue/gpt_image_1/requests';

	test.each([
		['bare, with blanks around it', 'getStatus', '  mmsu_1\n', 'GET', 'mmsu_1/status'],
		['in a URL of another host', 'getStatus', `${queue}/a/response?x=1#y`, 'GET', 'a/status'],
		['encoded', 'cancel', 'a&b=ü;c', 'PUT', 'a%26b%3D%C3%BC%3Bc/cancel'],
		['as a number', 'getResult', '={{ 4711 }}', 'GET', '4711/response'],
	])('%s', async (_how, operation, requestId, method, path) => {
		await fixture.run({ operation, requestId });
		const sent = { method, path: `/model/v1/queue/gpt_image_1/requests/${path}` };
		expect(fixture.requests()[0]).toMatchObject(sent);
	});
});

test('a slash at the end of the base URL does no harm', async () => {
	const credential = { ...fixture.credential, baseUrl: `${fixture.emulator.baseUrl}/` };
	const execution = await fixture.run({ prompt: 'x', waitForCompletion: false }, { credential });
	expect(execution.error).toBeUndefined();
	expect(fixture.requests()[0]?.path).toBe('/model/v1/queue/gpt_image_1');
});
