import type { ICredentialTestRequest, IHttpRequestOptions } from 'n8n-workflow';
import { SeaArtApi } from '../../credentials/SeaArtApi.credentials';

const credential = new SeaArtApi();

type Authenticate = (credentials: object, request: object) => Promise<IHttpRequestOptions>;
// A function: after Stop n8n evaluates no expression any more.
const authenticate = credential.authenticate as Authenticate;

test.each([
	['k-1', 'k-1'],
	[' k-1\n', 'k-1'],
	[17, '17'],
])('the key %j is added as a bearer token, to what is there', async (apiKey, sent) => {
	const headers = { Accept: 'application/json' };
	const request = { url: '/x', headers, body: { a: 1 } };
	const Authorization = `Bearer ${sent}`;
	const withKey = { ...request, headers: { ...headers, Authorization } };
	expect(await authenticate({ apiKey }, request)).toEqual(withKey);
	expect(headers).toEqual({ Accept: 'application/json' });
});

describe('the test of the credential', () => {
	const { request, rules } = credential.test as ICredentialTestRequest & {
		rules: Array<{ type: string; properties: { message: string; value?: unknown; key?: string } }>;
	};
	const rulesOf = (kind: string) =>
		rules.filter(({ type }) => type === kind).map(({ properties }) => properties);

	test('asks for a task that cannot exist, which costs nothing', () => {
		const url = '/v1/queue/gpt_image_1/requests/credential_test/status';
		const baseURL = '={{$credentials.baseUrl}}';
		const sent = { method: 'GET', ...request };
		expect(sent).toMatchObject({ baseURL, url, method: 'GET', disableFollowRedirect: true });
	});

	test('lets every status through but those that have a message of their own', () => {
		const statuses = [401, 403, 429, 500, 502, 503, 504];
		expect(rulesOf('responseCode').map(({ value }) => value)).toEqual(statuses);
		expect(request.ignoreHttpStatusErrors).toEqual({ ignore: true, except: statuses });
	});

	test('tells by the body what is wrong, as n8n 1.123 takes every status for a success', () => {
		const messages = rulesOf('responseCode').map((rule) => rule.message);
		const [wrongKey, notAllowed, tooMany, busy] = messages;
		const wrongHost = expect.stringContaining("isn't SeaArt Cloud");
		const told = rulesOf('responseSuccessBody').map((rule) => [rule.key, rule.value, rule.message]);
		expect(told).toEqual([
			['error.code', 'UNAUTHORIZED', wrongKey],
			['error', 'invalid_api_key', wrongKey],
			['error', 'insufficient balance', notAllowed],
			['detail', 'Model not allowed for this user', notAllowed],
			['status.code', 402, notAllowed],
			['error.code', 'RATE_LIMIT_EXCEEDED', tooMany],
			['detail', 'Runtime execution failed', busy],
			['detail', 'Not Found', wrongHost],
			['detail', undefined, wrongHost],
		]);
	});
});

test('the fields', () => {
	expect(credential.name).toBe('seaArtApi');
	expect(credential.properties).toMatchObject([
		{ name: 'apiKey', typeOptions: { password: true }, required: true, default: '' },
		{ name: 'baseUrl', required: true, default: 'https://cloud.seaart.ai/model' },
	]);
});
