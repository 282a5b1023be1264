import type { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import type { Call } from '../../../nodes/GptImage1/service/types';
import type { Answer } from './service';
import { attempt, broken, ID, KEY, ok, Service } from './service';

/** One call, sent once. */

describe('what is sent', () => {
	test('a create is the declared request with the checked body', async () => {
		const service = new Service([ok({ request_id: ID })], {
			body: { prompt: 'unchecked' },
			headers: { Accept: 'application/json' },
			proxy: { host: 'proxy', port: 1 },
		});
		await service.until(service.client.create({ prompt: 'x' }, service.scope, () => {}));
		expect(service.sent).toEqual([
			{
				url: '/v1/queue/gpt_image_1',
				method: 'POST',
				baseURL: 'https://x.y/model',
				headers: { Accept: 'application/json' },
				proxy: { host: 'proxy', port: 1 },
				body: { prompt: 'x' },
				json: true,
				encoding: 'stream',
				timeout: 120_000,
				disableFollowRedirect: true,
				sendCredentialsOnCrossOriginRedirect: false,
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
				at: 0,
				signal: expect.any(AbortSignal),
			},
		]);
	});

	test('the other calls carry no body, and the encoded request ID', async () => {
		const answer = ok({ status: 'COMPLETED', outputs: [{ url: 'x' }] });
		const service = new Service([answer], { body: { prompt: 'unchecked' } });
		const { client, scope } = service;
		const task = { requestId: 'a=b$&', created: true };
		await service.until(client.status(task, scope));
		await service.until(client.result(task, scope));
		await service.until(client.cancel(task, scope));
		const requests = '/v1/queue/gpt_image_1/requests/a%3Db%24%26';
		expect(service.sent.map(({ method, url }) => [method, url])).toEqual([
			['GET', `${requests}/status`],
			['GET', `${requests}/response`],
			['PUT', `${requests}/cancel`],
		]);
		for (const request of service.sent) expect(request).not.toHaveProperty('body');
	});

	test.each(['http://localhost:1', 'HTTPS://x.y'])('to the base URL %s', async (baseURL) => {
		const service = new Service([ok({ status: 'IN_QUEUE' })], { baseURL });
		await service.until(attempt(service));
		expect(service.sent[0]?.baseURL).toBe(baseURL);
	});

	test('blanks around the base URL are left out', async () => {
		const service = new Service([ok({ status: 'IN_QUEUE' })], { baseURL: ' https://x.y/model\n' });
		await service.until(attempt(service));
		expect(service.sent[0]?.baseURL).toBe('https://x.y/model');
	});

	test.each([
		...[undefined, '', 'localhost:1/model', '//x.y/model', 'https://', 'https:///model'],
		...['see https://x.y/model', 'https://x.y/model?key=1'],
	])('nothing, where the base URL is %j', async (baseURL) => {
		const service = new Service([ok({})], { baseURL: baseURL as string });
		const outcome = await service.until(attempt(service, 'create'));
		expect(outcome).toMatchObject({ repeat: 'no', error: { details: {} } });
		expect(service.sent).toEqual([]);
	});
});

describe('what became of it', () => {
	const cases: Array<[Call, Answer | Error, string]> = [
		['status', { status: 500 }, 'failed'],
		['status', { status: 408 }, 'failed'],
		['status', { status: 425 }, 'failed'],
		['status', { status: 404 }, 'later'],
		['status', { status: 429 }, 'refused'],
		['status', { status: 403 }, 'no'],
		...[199, 300, 302].map((status): [Call, Answer, string] => [
			'status',
			{ status, body: { status: 'IN_QUEUE' } },
			'no',
		]),
		['status', { status: 400, body: { status: 'COMPLETED' } }, 'no'],
		['status', ok({}), 'failed'],
		['status', { status: 200, body: '<html>' }, 'failed'],
		['status', ok({ request_id: 'mmsu_2', status: 'COMPLETED' }), 'failed'],
		['status', broken('ECONNRESET'), 'failed'],
		['status', broken('CERT_HAS_EXPIRED'), 'no'],
		['cancel', { status: 400, body: { status: 'IN_PROGRESS' } }, 'no'],
		['cancel', { status: 403, body: { status: 'ALREADY_COMPLETED' } }, 'no'],
		['create', { status: 500 }, 'no'],
		['create', { status: 408 }, 'no'],
		['create', { status: 404 }, 'no'],
		['create', { status: 429 }, 'refused'],
		['create', ok({}), 'no'],
		['create', broken('ECONNRESET'), 'no'],
		['create', broken('ECONNREFUSED'), 'failed'],
	];

	test.each(cases)('%s, answered %p: repeat "%s"', async (call, answer, repeat) => {
		const service = new Service([answer]);
		expect(await service.until(attempt(service, call))).toMatchObject({ repeat });
		expect(service.sent).toHaveLength(1);
	});

	test('an error quotes the page that came', async () => {
		const service = new Service([{ status: 502, body: '<title>Bad Gateway</title>' }]);
		const description = expect.stringContaining('"Bad Gateway"');
		const error = { details: { description } };
		expect(await service.until(attempt(service))).toMatchObject({ error });
	});

	test.each<[Call, string]>([
		['create', 'no'],
		['status', 'failed'],
	])('a %s that is answered with what makes no sense', async (call, repeat) => {
		const service = new Service([ok({})]);
		const outcome = await service.until(attempt(service, call));
		const message = expect.stringContaining('the response could not be read');
		expect(outcome).toMatchObject({ repeat, error: { message } });
	});

	test('a success is the parsed body', async () => {
		const service = new Service([ok({ request_id: ID, status: 'IN_QUEUE' })]);
		expect(await service.until(attempt(service))).toMatchObject({ value: { state: 'queued' } });
	});

	test('a cancel that comes too late is a success, too', async () => {
		const service = new Service([{ status: 400, body: { status: 'ALREADY_COMPLETED' } }]);
		const outcome = await service.until(attempt(service, 'cancel'));
		expect(outcome).toMatchObject({ value: { accepted: false } });
	});

	test.each([
		['3', 3000],
		['0', 0],
		['Thu, 01 Jan 1970 00:00:07 GMT', 7000],
		['soon', undefined],
	])('Retry-After: %s', async (header, retryAfterMs) => {
		const service = new Service([{ status: 503, headers: { 'retry-after': header } }]);
		expect(await service.until(attempt(service))).toMatchObject({ repeat: 'failed' });
		const outcome = (await service.until(attempt(service))) as { retryAfterMs?: number };
		expect(outcome.retryAfterMs).toBe(retryAfterMs);
	});
});

test('the key is taken out before anything is read or cut', async () => {
	const detail = `${'x'.repeat(990)}${KEY}`;
	const service = new Service([{ status: 403, body: { detail, [KEY]: 1 } }]);
	const outcome: unknown = await service.until(attempt(service));
	const { error } = outcome as { error: TaskError };
	expect(error.details.description).toContain(`${'x'.repeat(990)}[the API `);
	expect(JSON.stringify(error.details)).not.toContain(KEY.slice(0, 4));
});
