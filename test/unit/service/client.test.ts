import { resultNotAvailable } from '../../../nodes/GptImage1/errors/tasks';
import type { CallOptions } from '../../../nodes/GptImage1/service/repeatedCall';
import { isResult } from '../../../nodes/GptImage1/service/types';
import { Aborted } from '../../../nodes/GptImage1/timing/abort';
import { settled } from '../timing/manualClock';
import { breaking, broken, ID, ok, Service } from './service';
import type { Answer } from './service';

/** Calls, each repeated by the rule of its kind. */

const OWN = { requestId: ID, created: true };

const create = (service: Service, onSend = () => {}) =>
	service.client.create({ prompt: 'x' }, service.scope, onSend);

const refused = (retryAfter: string): Answer => ({
	status: 429,
	headers: { 'retry-after': retryAfter },
});
const created = ok({ request_id: ID });

test.each([
	['status', 200, '{"status":"QUEUED"}', 1],
	['status', 200, '{"status":"QUEUED","err', 2],
	['status', 200, '{"request_id":"mmsu_2","status":"QUEUED"}', 2],
	['cancel', 400, '{"status":"ALREADY_COMP', 2],
	['cancel', 403, '{"detail":"No', 1],
] as const)(
	'a %s whose answer of HTTP %i breaks off behind %s',
	async (call, status, text, sent) => {
		const service = new Service([{ status, body: breaking(text) }, ok({ status: 'CANCELED' })]);
		await service.until<unknown>(service.client[call](OWN, service.scope).catch(() => {}));
		expect(service.sent).toHaveLength(sent);
	},
);

describe('a create', () => {
	test.each([
		['600', [0, 600_000]],
		['601', [0]],
	])('that is refused for %s s is given up after ten minutes', async (retryAfter, times) => {
		const service = new Service([refused(retryAfter)]);
		const details = await service.errorOf(create(service));
		expect(details).toMatchObject({ httpCode: 429, possiblyCreated: false });
		expect(service.times).toEqual(times);
	});

	test.each([
		[429, true],
		[402, false],
	])(
		'that is refused with HTTP %i is not in doubt, though the rest is lost',
		async (status, again) => {
			const service = new Service([{ status, body: breaking('{"err') }, created]);
			if (again) expect(await service.until(create(service))).toMatchObject({ requestId: ID });
			else expect((await service.errorOf(create(service))).possiblyCreated).toBe(false);
			expect(service.sent).toHaveLength(again ? 2 : 1);
		},
	);

	test.each([
		['{"status":"IN_QUEUE","request_id":"mmsu_1","queue_pos', true],
		['{"cancel_url":"a,b","id":"mmsu_1"', true],
		['{"status":"IN_QUEUE","request_id":"mmsu', false],
		['{"request_id":"mmsu_1","error":{"co', false],
	])('whose response breaks off, %s: whether its ID has come', async (body, known) => {
		const service = new Service([{ status: 200, body }]);
		if (known) expect(await service.until(create(service))).toMatchObject({ requestId: ID });
		else expect((await service.errorOf(create(service))).possiblyCreated).toBe(true);
	});

	test('is not sent when it is stopped while the credential is read', async () => {
		const service = new Service([created]);
		service.prepare = async () => service.scope.abort();
		const onSend = jest.fn();
		await expect(service.until(create(service, onSend))).rejects.toThrow(Aborted);
		expect(onSend).not.toHaveBeenCalled();
		expect(service.sent).toEqual([]);
	});

	test('tells of each time that it is sent, before it is', async () => {
		const service = new Service([{ status: 429 }, created]);
		const sentBefore: number[] = [];
		await service.until(create(service, () => sentBefore.push(service.sent.length)));
		expect(sentBefore).toEqual([0, 1]);
	});

	test('that has been sent is not aborted, so that its response is not lost', async () => {
		const service = new Service(['hang']);
		const outcome = create(service);
		await settled();
		service.scope.abort();
		await settled();
		expect(service.sent[0]?.signal.aborted).toBe(false);
		expect((await service.errorOf(outcome)).possiblyCreated).toBe(true);
	});
});

describe('a failed attempt is repeated', () => {
	const failed: Answer = { status: 500 };

	test.each<['create' | 'status' | 'result' | 'cancel', Answer, Partial<CallOptions>, number]>([
		['create', broken('ECONNREFUSED'), {}, 5],
		['status', failed, {}, 6],
		['result', failed, {}, 7],
		['result', failed, { budgetMs: 180_000 }, 8],
		['cancel', failed, {}, 4],
	])('of %s, always %j, with %j: %d attempts', async (call, answer, options, attempts) => {
		const service = new Service([answer]);
		const { client, scope } = service;
		await service.errorOf(
			call === 'create' ? create(service) : client[call]({ ...OWN, ...options }, scope),
		);
		expect(service.sent).toHaveLength(attempts);
	});

	const unknown: Answer = { status: 404 };

	test.each<[string, Answer, Partial<CallOptions>, number]>([
		['not past its budget', failed, { budgetMs: 2000 }, 750],
		['where a task of this execution is unknown', unknown, {}, 30_000],
		['where a request ID that the user gave is unknown', unknown, { created: false }, 3000],
	])('of status: %s', async (_when, answer, options, lastAt) => {
		const service = new Service([answer]);
		await service.errorOf(service.client.status({ ...OWN, ...options }, service.scope));
		expect(service.times.at(-1)).toBe(lastAt);
	});

	test('of status with all of its budget, though it has waited long for its turn', async () => {
		const service = new Service([failed, ok({ status: 'IN_QUEUE' })]);
		// As long as the budget: none of it would be left for the second attempt.
		service.limits.reads.limiter.refused(60_000);
		const status = await service.until(service.client.status(OWN, service.scope));
		expect(status.state).toBe('queued');
		expect(service.times[1]).toBeGreaterThan(60_000);
	});
});

test('a refused status call holds back the operation Cancel, but no result and no cancel of a task that is given up', async () => {
	const service = new Service([
		refused('30'),
		ok({ status: 'COMPLETED', outputs: [{ url: 'x' }] }),
	]);
	const { client, scope } = service;
	const status = client.status(OWN, scope);
	await settled();
	const others = [client.result(OWN, scope), client.cancel({ ...OWN, budgetMs: 60_000 }, scope)];
	await service.until(client.cancel({ ...OWN, givesUp: true }, scope));
	await service.until(Promise.all([status, ...others]));
	const seen = service.sent.map(({ url, at }) => [url.split('/').at(-1), at >= 30_000]);
	const [first, later] = [seen.slice(0, 3), seen.slice(3)].map((some) => some.sort().join(' '));
	expect(first).toBe('cancel,false response,false status,false');
	expect(later).toBe('cancel,true status,true');
});

test('a call gets no turn where the rate limiter holds it back for too long', async () => {
	const service = new Service([ok({ status: 'IN_QUEUE' })]);
	service.limits.reads.limiter.refused(90_000);
	const options = { ...OWN, turnBy: 60_000 };
	const details = await service.errorOf(service.client.status(options, service.scope));
	expect(details).toMatchObject({ rateLimited: true, requestId: ID });
	expect(service.sent).toEqual([]);
});

test('a call ends by the time that is given for calls', async () => {
	const service = new Service(['hang']);
	const options = { ...OWN, callsEndBy: 5000, maxFailures: 1 };
	await service.errorOf(service.client.status(options, service.scope));
	expect(service.clock.time).toBe(5000);
});

test('no more than 50 status, result and cancel calls are under way at a time', async () => {
	const service = new Service(['hang']);
	const calls = Array.from({ length: 70 }, () => service.client.status(OWN, service.scope));
	const outcomes = Promise.allSettled(calls);
	await service.clock.pass(20_000);
	expect(service.sent).toHaveLength(50);
	service.scope.abort();
	await outcomes;
});

test('only an answer of the service tells the rate limiter that calls are accepted', async () => {
	const failures = [broken('ECONNRESET'), new Error('no code at all')];
	const service = new Service([...failures, { status: 500 }, ok({ status: 'IN_QUEUE' })]);
	const accepted = jest.spyOn(service.limits.reads.limiter, 'accepted');
	await service.until(service.client.status(OWN, service.scope));
	expect(service.sent).toHaveLength(4);
	expect(accepted).toHaveBeenCalledTimes(2);
});

describe('a result call', () => {
	test('that is to bring a result gives up at the end of its budget, with an error of its own', async () => {
		const service = new Service([{ status: 202, body: { status: 'IN_PROGRESS' } }]);
		const notYet: CallOptions['notYet'] = (response) =>
			isResult(response) ? undefined : resultNotAvailable(ID, 180);
		const options = { ...OWN, budgetMs: 180_000, notYet };
		const details = await service.errorOf(service.client.result(options, service.scope));
		expect(details.message).toContain('was not available after 180 seconds');
		expect(service.times.at(-1)).toBe(180_000);
	});

	test('with 100 records is read, with more it is an error that keeps the task', async () => {
		const records = (count: number) => ok({ outputs: Array(count).fill({ url: 'x' }) });
		const fine = new Service([records(100)]);
		expect(await fine.until(fine.client.result(OWN, fine.scope))).toHaveProperty('images');
		const service = new Service([records(101)]);
		const details = await service.errorOf(service.client.result(OWN, service.scope));
		expect(details.message).toBe(`Could not get the result of task ${ID}: it lists 101 images`);
		expect(details).toMatchObject({ requestId: ID, state: 'succeeded' });
	});
});
