import { resultNotAvailable } from '../../../nodes/GptImage1/errors/tasks';
import { isResult } from '../../../nodes/GptImage1/service/types';
import { Aborted } from '../../../nodes/GptImage1/timing/abort';
import { settled } from '../timing/manualClock';
import { broken, ID, ok, Service } from './service';

/** Calls, each repeated by the rule of its kind. */

const OWN = { requestId: ID, created: true };
const GIVEN = { requestId: ID, created: false };

const create = (service: Service, onSend = () => {}) =>
	service.client.create({ prompt: 'x' }, service.scope, onSend);

describe('a create', () => {
	test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
		'is repeated after %s: nothing was sent',
		async (code) => {
			const service = new Service([broken(code), ok({ request_id: ID })]);
			expect(await service.until(create(service))).toMatchObject({ requestId: ID });
			expect(service.sent).toHaveLength(2);
		},
	);

	test('is given up after five times ECONNREFUSED', async () => {
		const service = new Service([broken('ECONNREFUSED')]);
		const details = await service.errorOf(create(service));
		expect(service.sent).toHaveLength(5);
		expect(details.possiblyCreated).toBeFalsy();
	});

	test.each([
		broken('ECONNRESET'),
		broken('ETIMEDOUT'),
		broken('ECONNABORTED'),
		broken('EPIPE'),
		broken('ERR_BAD_RESPONSE'),
		new Error('no code at all'),
		'hang' as const,
		{ status: 500 },
		{ status: 502, headers: { 'retry-after': '1' }, body: '<html>' },
		{ status: 504 },
		{ status: 408 },
		ok({}),
	])('is never repeated after %p', async (answer) => {
		const service = new Service([answer, ok({ request_id: ID })]);
		const details = await service.errorOf(create(service));
		expect(service.sent).toHaveLength(1);
		expect(details.possiblyCreated).toBe(true);
	});

	test('is repeated after a 429, not before its Retry-After', async () => {
		const refused = { status: 429, headers: { 'retry-after': '7' } };
		const service = new Service([refused, refused, ok({ request_id: ID })]);
		await service.until(create(service));
		expect(service.times).toEqual([0, 7000, 14_000]);
	});

	test('is repeated ever more slowly after 429 with Retry-After: 0', async () => {
		const refused = { status: 429, headers: { 'retry-after': '0' } };
		const service = new Service([refused]);
		await service.errorOf(create(service));
		const gaps = service.times.map((at, index) => at - (service.times[index - 1] ?? 0)).slice(1);
		expect(gaps.every((gap, index) => gap >= (gaps[index - 1] ?? 500))).toBe(true);
		expect(service.sent.length).toBeLessThan(40);
	});

	test('is not sent when it is stopped while the credential is read', async () => {
		const service = new Service([ok({ request_id: ID })]);
		service.prepare = async () => service.scope.abort();
		const onSend = jest.fn();
		await expect(service.until(create(service, onSend))).rejects.toThrow(Aborted);
		expect(onSend).not.toHaveBeenCalled();
		expect(service.sent).toEqual([]);
	});

	test('that is refused for ten minutes is given up', async () => {
		const service = new Service([{ status: 429, headers: { 'retry-after': '60' } }]);
		const details = await service.errorOf(create(service));
		expect(details).toMatchObject({ httpCode: 429 });
		expect(details.possiblyCreated).toBeFalsy();
		expect(service.times.at(-1)).toBeLessThanOrEqual(600_000);
		expect(service.times.at(-1)).toBeGreaterThan(500_000);
	});

	test('that is told to wait longer than ten minutes is given up at once', async () => {
		const service = new Service([{ status: 429, headers: { 'retry-after': '601' } }]);
		await service.errorOf(create(service));
		await service.errorOf(create(service));
		expect(service.clock.time).toBeLessThan(1000);
	});

	test('tells of each time that it is sent, before it is', async () => {
		const service = new Service([{ status: 429 }, ok({ request_id: ID })]);
		const sentBefore: number[] = [];
		await service.until(create(service, () => sentBefore.push(service.sent.length)));
		expect(sentBefore).toEqual([0, 1]);
	});

	test('that has been sent is not aborted, so that its response is not lost', async () => {
		const service = new Service(['hang']);
		const outcome = create(service);
		outcome.catch(() => {});
		await settled();
		service.scope.abort();
		await settled();
		expect(service.sent[0]?.signal.aborted).toBe(false);
		expect((await service.errorOf(outcome)).possiblyCreated).toBe(true);
	});

	test('that waits for its turn is aborted, and never sent', async () => {
		const service = new Service([{ status: 429, headers: { 'retry-after': '60' } }]);
		const outcome = create(service);
		outcome.catch(() => {});
		await service.clock.pass(1000);
		service.scope.abort();
		await expect(outcome).rejects.toBeInstanceOf(Aborted);
		expect(service.sent).toHaveLength(1);
	});
});

describe('a status call', () => {
	test.each([
		['status', 6],
		['result', 7],
		['cancel', 4],
	] as const)('or %s that fails is repeated: %d attempts', async (call, attempts) => {
		const service = new Service([{ status: 500 }]);
		await service.errorOf(service.client[call](OWN, service.scope));
		expect(service.sent).toHaveLength(attempts);
	});

	test('or result that has three minutes is attempted eight times', async () => {
		const service = new Service([{ status: 500 }]);
		const patience = { ...OWN, budgetMs: 180_000 };
		await service.errorOf(service.client.result(patience, service.scope));
		expect(service.sent).toHaveLength(8);
	});

	test('that waits long for its turn has all of its budget then', async () => {
		const service = new Service([{ status: 500 }, ok({ status: 'IN_QUEUE' })]);
		// As long as the budget: none of it would be left for the second attempt.
		service.limits.reads.limiter.refused(60_000);
		const status = await service.until(service.client.status(OWN, service.scope));
		expect(status.state).toBe('queued');
		expect(service.times[1]).toBeGreaterThan(60_000);
	});

	test('is not repeated past its budget', async () => {
		const service = new Service([{ status: 500 }]);
		await service.errorOf(service.client.status({ ...OWN, budgetMs: 2000 }, service.scope));
		expect(service.times).toEqual([0, 750]);
	});

	test('that is refused again and again does not fail within its budget', async () => {
		const refused = { status: 429, headers: { 'retry-after': '1' } };
		const answers = [...Array<typeof refused>(10).fill(refused), ok({ status: 'IN_QUEUE' })];
		const service = new Service(answers);
		const patience = { ...OWN, budgetMs: 600_000 };
		const status = await service.until(service.client.status(patience, service.scope));
		expect(status.state).toBe('queued');
		expect(service.sent).toHaveLength(11);
	});

	test('that is refused holds back the operation Cancel, too, but no result and no cancel of a task that is given up', async () => {
		const refused = { status: 429, headers: { 'retry-after': '30' } };
		const service = new Service([refused, ok({ status: 'COMPLETED', outputs: [{ url: 'x' }] })]);
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

	test.each([
		['a task of this execution', OWN, 30_000],
		['a request ID that the user gave', GIVEN, 3000],
	])('about %s that is unknown is repeated for a while', async (_what, task, untilMs) => {
		const service = new Service([{ status: 404 }]);
		const details = await service.errorOf(service.client.status(task, service.scope));
		expect(details.httpCode).toBe(404);
		expect(service.times.at(-1)).toBe(untilMs);
	});

	test('that becomes known is used', async () => {
		const service = new Service([{ status: 404 }, { status: 404 }, ok({ status: 'IN_QUEUE' })]);
		const status = await service.until(service.client.status(GIVEN, service.scope));
		expect(status.state).toBe('queued');
	});

	test('about another task is repeated', async () => {
		const service = new Service([
			ok({ request_id: 'mmsu_2', status: 'COMPLETED' }),
			ok({ request_id: ID, status: 'IN_QUEUE' }),
		]);
		const status = await service.until(service.client.status(OWN, service.scope));
		expect(status.state).toBe('queued');
		expect(service.sent).toHaveLength(2);
	});

	test('gets no turn where the rate limiter holds it back for too long', async () => {
		const service = new Service([ok({ status: 'IN_QUEUE' })]);
		service.limits.reads.limiter.refused(90_000);
		const patience = { ...OWN, turnBy: 60_000 };
		const details = await service.errorOf(service.client.status(patience, service.scope));
		expect(details).toMatchObject({ rateLimited: true, requestId: ID });
		expect(service.sent).toEqual([]);
	});

	test('ends by the time that is given for calls', async () => {
		const service = new Service(['hang']);
		const patience = { ...OWN, callsEndBy: 5000, maxFailures: 1 };
		await service.errorOf(service.client.status(patience, service.scope));
		expect(service.clock.time).toBe(5000);
	});
});

describe('a result call', () => {
	const notYet = (response: Parameters<typeof isResult>[0]) =>
		isResult(response) ? undefined : resultNotAvailable(ID, 180);

	test('is repeated until there is a result, where one is wanted', async () => {
		const running = { status: 202, body: { status: 'IN_PROGRESS' } };
		const service = new Service([running, running, ok({ outputs: [{ url: 'x' }] })]);
		const patience = { ...OWN, budgetMs: 180_000, notYet };
		const result = await service.until(service.client.result(patience, service.scope));
		expect(isResult(result)).toBe(true);
		expect(service.sent).toHaveLength(3);
	});

	test('gives up at the end of its budget, with an error of its own', async () => {
		const service = new Service([{ status: 202, body: { status: 'IN_PROGRESS' } }]);
		const patience = { ...OWN, budgetMs: 180_000, notYet };
		const details = await service.errorOf(service.client.result(patience, service.scope));
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
