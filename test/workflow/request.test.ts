import { prompt, useSimulatedFixture } from './fixture';

/** What is sent for each parameter. */

const fixture = useSimulatedFixture();

/** Creates without waiting. @returns the only request */
async function requestFor(parameters: object, item: object = {}, credential = fixture.credential) {
	const given = { waitForCompletion: false, ...parameters };
	const execution = await fixture.run(given, { items: [item], credential });
	expect(execution.error).toBeUndefined();
	expect(fixture.requests()).toHaveLength(1);
	return fixture.requests()[0]!;
}

test('the create is a POST of JSON with the key as a bearer token', async () => {
	// A slash at the end of the base URL does no harm.
	const { apiKey, baseUrl } = fixture.credential;
	const credential = { apiKey, baseUrl: `${baseUrl}/` };
	const json = 'application/json';
	expect(await requestFor({ prompt: 'a red apple' }, {}, credential)).toMatchObject({
		method: 'POST',
		path: '/model/v1/queue/gpt_image_1',
		headers: { authorization: `Bearer ${apiKey}`, 'content-type': json, accept: json },
	});
});

test.each([
	[{ prompt: 'He said "hm"\n🍎 \\n {{ not this }}' }, {}],
	[{ numberOfImages: 10 }, { n: 10 }],
	[{ size: '1024x1536' }, { size: '1024x1536' }],
	[{ quality: 'low' }, { quality: 'low' }],
	[{ options: { background: 'auto' } }, { background: 'auto' }],
	[{ options: { moderation: 'auto' } }, { moderation: 'auto' }],
	[{ options: { user: 'customer-4711' } }, { user: 'customer-4711' }],
	[
		{ options: { outputFormat: 'jpeg', outputCompression: 0 } },
		{ output_format: 'jpeg', output_compression: 0 },
	],
	[{ options: { outputFormat: 'png', outputCompression: 80 } }, { output_format: 'png' }],
	// For the node alone, or left empty.
	[
		{ waitForCompletion: '={{ "false" }}', options: { timeout: 30, imageOutput: 'singleItem' } },
		{},
	],
	[{ options: { onTimeout: 'cancel', pollInterval: 5, maxTasksInFlight: 3 } }, {}],
	[{ options: { cancelOnStop: false, user: '', outputCompression: '', background: null } }, {}],
])('beside the prompt, %j sends %j', async (parameters, body) => {
	const given = { prompt: 'an apple', ...parameters };
	expect((await requestFor(given)).body).toEqual({ prompt: given.prompt, ...body });
});

test.each([
	['quotes, line breaks, and emoji', `He said "it's" \\ \`here\`\r\n\t👩‍👩‍👧 e\u0301`],
	['what looks like an expression', '={{ $json.secret }} and {{ 1 + 1 }}'],
	['what looks like JSON, with blanks at both ends', '  {"prompt": "x"}  '],
])('a prompt arrives unchanged: %s', async (_what, given) => {
	expect((await requestFor({ prompt }, { prompt: given })).body).toEqual({ prompt: given });
});

test.each([
	['in a URL', 'getStatus', 'https://x.y/requests/a/response?x=1#y', 'GET', 'a/status'],
	['encoded', 'cancel', 'a&b=ü;c', 'PUT', 'a%26b%3D%C3%BC%3Bc/cancel'],
	['as a number', 'getResult', '={{ 4711 }}', 'GET', '4711/response'],
])('the request ID %s', async (_how, operation, requestId, method, path) => {
	await fixture.run({ operation, requestId });
	const sent = { method, path: `/model/v1/queue/gpt_image_1/requests/${path}` };
	expect(fixture.requests()[0]).toMatchObject(sent);
});
