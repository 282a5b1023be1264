import type { ICredentialTestRequest, IHttpRequestOptions } from 'n8n-workflow';
import { SeaArtApi } from '../../credentials/SeaArtApi.credentials';

const credential = new SeaArtApi();

const authenticated = async (apiKey: unknown, request: object = { url: '/x' }) =>
	await (
		credential.authenticate as (
			credentials: object,
			request: object,
		) => Promise<IHttpRequestOptions>
	)({ apiKey }, request);

describe('authenticate', () => {
	test('is a function: after Stop n8n evaluates no expression any more', () => {
		expect(typeof credential.authenticate).toBe('function');
	});

	test('adds the key as a bearer token and keeps the rest', async () => {
		const request = { url: '/x', headers: { Accept: 'application/json' }, body: { a: 1 } };
		expect(await authenticated('k-1', request)).toEqual({
			url: '/x',
			headers: { Accept: 'application/json', Authorization: 'Bearer k-1' },
			body: { a: 1 },
		});
		expect(request.headers).toEqual({ Accept: 'application/json' });
	});

	test.each([
		[' k-1\n', 'k-1'],
		[17, '17'],
	])('takes a pasted key with blanks, and a number of an expression: %j', async (key, sent) => {
		expect((await authenticated(key)).headers?.Authorization).toBe(`Bearer ${sent}`);
	});
});

describe('the test of the credential', () => {
	const { request, rules } = credential.test as ICredentialTestRequest & {
		rules: Array<{ type: string; properties: { message: string; value?: unknown; key?: string } }>;
	};

	test('asks for a task that cannot exist, which costs nothing', () => {
		expect(request).toMatchObject({
			baseURL: '={{$credentials.baseUrl}}',
			url: '/v1/queue/gpt_image_1/requests/credential_test/status',
			disableFollowRedirect: true,
		});
		expect(request.method ?? 'GET').toBe('GET');
	});

	test('lets every status through but those that have a message of their own', () => {
		const statuses = rules
			.filter(({ type }) => type === 'responseCode')
			.map(({ properties }) => properties.value);
		expect(statuses).toEqual([401, 403, 429, 500, 502, 503, 504]);
		expect(request.ignoreHttpStatusErrors).toEqual({ ignore: true, except: statuses });
	});

	test.each<[number, RegExp]>([
		[401, /didn't recognize this API key/],
		[403, /expired.*enabled.*balance/],
		[429, /Rate limit reached/],
		[500, /temporarily unavailable/],
		[504, /temporarily unavailable/],
	])('%d: %s', (status, message) => {
		const rule = rules.find(({ properties }) => properties.value === status);
		expect(rule?.properties.message).toMatch(message);
	});

	test.each([undefined, 'Not Found'])('a wrong host, whose response has detail %j', (value) => {
		const rule = rules.find(
			({ type, properties }) => type === 'responseSuccessBody' && properties.value === value,
		);
		expect(rule?.properties).toMatchObject({
			key: 'detail',
			message: expect.stringContaining("isn't SeaArt Cloud"),
		});
	});
});

test('the fields', () => {
	expect(credential.name).toBe('seaArtApi');
	expect(credential.properties).toMatchObject([
		{ name: 'apiKey', typeOptions: { password: true }, required: true, default: '' },
		{ name: 'baseUrl', required: true, default: 'https://cloud.seaart.ai/model' },
	]);
});
