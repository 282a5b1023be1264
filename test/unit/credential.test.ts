import type { ICredentialTestRequest, IHttpRequestOptions } from 'n8n-workflow';
import { SeaArtApi } from '../../credentials/SeaArtApi.credentials';

const credential = new SeaArtApi();

// A function: after Stop n8n evaluates no expression any more.
const authenticate = credential.authenticate as (
	credentials: object,
	request: object,
) => Promise<IHttpRequestOptions>;

test('the key is added as a bearer token, to what is there', async () => {
	const headers = { Accept: 'application/json' };
	const request = { url: '/x', headers, body: { a: 1 } };
	expect(await authenticate({ apiKey: 'k-1' }, request)).toEqual({
		...request,
		headers: { ...headers, Authorization: 'Bearer k-1' },
	});
	expect(request.headers).toEqual({ Accept: 'application/json' });
});

test.each([
	[' k-1\n', 'k-1'],
	[17, '17'],
])('a pasted key may have blanks, and be a number of an expression: %j', async (apiKey, sent) => {
	const { headers } = await authenticate({ apiKey }, { url: '/x' });
	expect(headers?.Authorization).toBe(`Bearer ${sent}`);
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
