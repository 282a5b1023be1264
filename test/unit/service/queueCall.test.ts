import type { Call } from '../../../nodes/GptImage1/service/types';
import { attempt, broken, ID, KEY, ok, Service } from './service';
import type { Answer } from './service';

const QUEUED = ok({ request_id: ID, status: 'IN_QUEUE' });

test('a create is the declared request with the checked body', async () => {
	const declared = { headers: { Accept: 'application/json' }, proxy: { host: 'proxy', port: 1 } };
	const service = new Service([ok({ request_id: ID })], { ...declared, body: { n: 'unchecked' } });
	await service.until(service.client.create({ prompt: 'x' }, service.scope, () => {}));
	const sent = {
		...declared,
		...{ url: '/v1/queue/gpt_image_1', method: 'POST', baseURL: 'https://x.y/model' },
		...{ body: { prompt: 'x' }, json: true, encoding: 'stream', timeout: 120_000 },
		...{ disableFollowRedirect: true, sendCredentialsOnCrossOriginRedirect: false },
		...{ ignoreHttpStatusErrors: true, returnFullResponse: true },
		...{ at: 0, signal: expect.any(AbortSignal) },
	};
	expect(service.sent).toEqual([sent]);
});

test.each([
	['status', 'GET', 'status'],
	['result', 'GET', 'response'],
	['cancel', 'PUT', 'cancel'],
] as const)('a %s carries no body, and the encoded request ID', async (call, method, end) => {
	const answer = ok({ status: 'COMPLETED', outputs: [{ url: 'x' }] });
	const service = new Service([answer], { body: { prompt: 'unchecked' } });
	const task = { requestId: 'a=b$&', created: true };
	await service.until<unknown>(service.client[call](task, service.scope));
	const url = `/v1/queue/gpt_image_1/requests/a%3Db%24%26/${end}`;
	expect(service.sent).toMatchObject([{ method, url }]);
	expect(service.sent[0]).not.toHaveProperty('body');
});

const BASES = ['http://localhost:1', 'HTTPS://x.y', ' https://x.y/model\n'];

test.each(BASES)('a call goes to %j, without the blanks around it', async (baseURL) => {
	const service = new Service([QUEUED], { baseURL });
	await attempt(service);
	expect(service.sent[0]?.baseURL).toBe(baseURL.trim());
});

test.each([
	...[undefined, '', 'localhost:1/model', '//x.y/model', 'https://', 'https:///model'],
	...['see https://x.y/model', 'https://x.y/model?key=1'],
])('nothing is sent where the base URL is %j', async (baseURL) => {
	const service = new Service([ok({})], { baseURL: baseURL as string });
	expect(await attempt(service, 'create')).toMatchObject({ repeat: 'no', error: { details: {} } });
	expect(service.sent).toEqual([]);
});

const QUOTED = { error: { details: { description: expect.stringContaining('"Bad Gateway"') } } };
const DATE = 'Thu, 01 Jan 1970 00:00:07 GMT';
const TOO_LATE = { status: 400, body: { status: 'ALREADY_COMPLETED' } };
const MAY_EXIST = { error: { details: { possiblyCreated: true } } };
const UNREADABLE = { error: { message: expect.stringContaining('could not be read') } };

test.each<[Call, Answer, string | undefined, object?]>([
	['status', QUEUED, undefined, { value: { state: 'queued' } }],
	['status', { status: 500 }, 'failed'],
	['status', { status: 502, body: '<title>Bad Gateway</title>' }, 'failed', QUOTED],
	['status', { status: 408 }, 'failed'],
	['status', { status: 425 }, 'failed'],
	['status', { status: 404 }, 'later'],
	['status', { status: 503, headers: { 'retry-after': DATE } }, 'failed', { retryAfterMs: 7000 }],
	['status', { status: 429 }, 'refused'],
	['status', { status: 403 }, 'no'],
	['status', { status: 199, body: { status: 'IN_QUEUE' } }, 'no'],
	['status', { status: 300, body: { status: 'IN_QUEUE' } }, 'no'],
	['status', { status: 400, body: { status: 'COMPLETED' } }, 'no'],
	['status', ok({}), 'failed', UNREADABLE],
	['status', { status: 200, body: '<html>' }, 'failed'],
	['status', ok({ request_id: 'mmsu_2', status: 'COMPLETED' }), 'failed'],
	['status', broken('ECONNRESET'), 'failed'],
	['status', broken('CERT_HAS_EXPIRED'), 'no'],
	['cancel', TOO_LATE, undefined, { value: { accepted: false } }],
	['cancel', { status: 400, body: { status: 'IN_PROGRESS' } }, 'no'],
	['cancel', { status: 403, body: { status: 'ALREADY_COMPLETED' } }, 'no'],
	['create', { status: 500 }, 'no', MAY_EXIST],
	['create', { status: 408 }, 'no', MAY_EXIST],
	['create', { status: 404 }, 'no'],
	['create', { status: 429 }, 'refused'],
	['create', ok({}), 'no', MAY_EXIST],
	['create', broken('ECONNRESET'), 'no', MAY_EXIST],
	['create', new Error('no code at all'), 'no', MAY_EXIST],
	['create', broken('ECONNREFUSED'), 'failed'],
])('%s, answered %p: repeat "%s"', async (call, answer, repeat, more = {}) => {
	const service = new Service([answer]);
	expect(await attempt(service, call)).toMatchObject({ ...(repeat && { repeat }), ...more });
	expect(service.sent).toHaveLength(1);
});

test('the key is taken out before anything is read or cut', async () => {
	const detail = `${'x'.repeat(990)}${KEY}`;
	const { error } = await attempt(new Service([{ status: 403, body: { detail, [KEY]: 1 } }]));
	expect(error?.details.description).toContain(`${'x'.repeat(990)}[the API `);
	expect(JSON.stringify(error?.details)).not.toContain(KEY.slice(0, 4));
});
