import { resultNotAvailable } from '../../../nodes/GptImage1/errors/tasks';
import type { CallOptions } from '../../../nodes/GptImage1/service/repeatedCall';
import { isResult } from '../../../nodes/GptImage1/service/types';
import type { Call } from '../../../nodes/GptImage1/service/types';
import { Aborted } from '../../../nodes/GptImage1/timing/abort';
import { settled } from '../timing/manualClock';
import { breaking, broken, ID, ok, Service } from './service';
import type { Answer } from './service';

const create = async (service: Service, onSend = () => {}) =>
	await service.client.create({ prompt: 'x' }, service.scope, onSend);

/** Of a task of this execution. */
const read = async (
	service: Service,
	call: 'status' | 'result' | 'cancel',
	options: Partial<CallOptions> = {},
) => await service.client[call]({ requestId: ID, created: true, ...options }, service.scope);

const refused = (after: string): Answer => ({ status: 429, headers: { 'retry-after': after } });
const created = ok({ request_id: ID });
const queued = ok({ status: 'IN_QUEUE' });
const failed: Answer = { status: 500 };
const unknown: Answer = { status: 404 };

test.each([
	['status', 200, '{"status":"QUEUED"}', 1],
	['status', 200, '{"status":"QUEUED","err', 2],
	['status', 200, '{"request_id":"mmsu_2","status":"QUEUED"}', 2],
	['cancel', 400, '{"status":"ALREADY_COMP', 2],
	['cancel', 403, '{"detail":"No', 1],
] as const)('a %s of HTTP %i that breaks off behind %s', async (call, status, text, sent) => {
	const service = new Service([{ status, body: breaking(text) }, ok({ status: 'CANCELED' })]);
	await service.until<unknown>(read(service, call).catch(() => {}));
	expect(service.sent).toHaveLength(sent);
});

describe('a create', () => {
	test.each([
		['599', [0, 599_000]],
		['601', [0]],
	])('that is refused for %s s is given up after ten minutes', async (retryAfter, times) => {
		const service = new Service([refused(retryAfter)]);
		expect(await service.errorOf(create(service))).toMatchObject({ httpCode: 429 });
		expect(service.times).toEqual(times);
	});

	/** Whether it is repeated, its ID has come, or a task may exist. */
	test.each([
		[429, '{"err', 'repeated'],
		[402, '{"err', false],
		[200, '{"status":"IN_QUEUE","request_id":"mmsu_1","queue_pos', 'known'],
		[200, '{"cancel_url":"a,b","id":"mmsu_1"', 'known'],
		[200, '{"status":"IN_QUEUE","request_id":"mmsu', true],
		[200, '{"request_id":"mmsu_1","error":{"co', true],
	])('whose response of HTTP %i breaks off, %s: %s', async (status, body, outcome) => {
		const service = new Service([{ status, body: breaking(body) }, created]);
		if (typeof outcome === 'string')
			expect(await service.until(create(service))).toMatchObject({ requestId: ID });
		else expect((await service.errorOf(create(service))).possiblyCreated).toBe(outcome);
		expect(service.sent).toHaveLength(outcome === 'repeated' ? 2 : 1);
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

const notYet: CallOptions['notYet'] = (response) =>
	isResult(response) ? undefined : resultNotAvailable(ID, 180);
const ended = ok({ status: 'COMPLETED' });

test.each<[Call, Answer, Partial<CallOptions>, number, number]>([
	['create', broken('ECONNREFUSED'), {}, 5, 11_250],
	['status', failed, {}, 6, 23_250],
	['result', failed, {}, 7, 45_750],
	['result', failed, { budgetMs: 180_000 }, 8, 68_250],
	['cancel', failed, {}, 4, 5250],
	['status', failed, { budgetMs: 2000 }, 2, 750],
	['status', unknown, {}, 7, 30_000],
	['status', unknown, { created: false }, 4, 3000],
	['result', ended, { budgetMs: 180_000, notYet }, 13, 180_000],
])('a %s that fails is repeated: %j, with %j: %d times', async (call, answer, options, ...sent) => {
	const service = new Service([answer]);
	const outcome = call === 'create' ? create(service) : read(service, call, options);
	const { message } = await service.errorOf(outcome);
	if (options.notYet) expect(message).toContain('was not available after 180 seconds');
	expect([service.sent.length, service.times.at(-1)]).toEqual(sent);
});

test('a status that fails has all of its budget, though it has waited long for its turn', async () => {
	const service = new Service([failed, queued]);
	// As long as the budget: none of it would be left for the second attempt.
	service.limits.reads.limiter.refused(60_000);
	expect(await service.until(read(service, 'status'))).toMatchObject({ state: 'queued' });
	expect(service.times[1]).toBeGreaterThan(60_000);
});

test('a refused status call holds back the operation Cancel, but no result and no cancel of a task that is given up', async () => {
	const result = { status: 'COMPLETED', outputs: [{ url: 'x' }] };
	const service = new Service([refused('30'), ok(result)]);
	const status = read(service, 'status');
	await settled();
	const others = [read(service, 'result'), read(service, 'cancel', { budgetMs: 60_000 })];
	await service.until(read(service, 'cancel', { givesUp: true }));
	await service.until(Promise.all([status, ...others]));
	const seen = service.sent.map(({ url, at }) => [url.split('/').at(-1), at >= 30_000]);
	const [first, later] = [seen.slice(0, 3), seen.slice(3)].map((some) => some.sort().join(' '));
	expect(first).toBe('cancel,false response,false status,false');
	expect(later).toBe('cancel,true status,true');
});

test('a call ends by the time for calls, and gets no turn where it is held for too long', async () => {
	const service = new Service(['hang']);
	await service.errorOf(read(service, 'status', { callsEndBy: 5000, maxFailures: 1 }));
	expect([service.clock.time, service.sent.length]).toEqual([5000, 1]);
	service.limits.reads.limiter.refused(90_000);
	const details = await service.errorOf(read(service, 'status', { turnBy: 60_000 }));
	expect(details).toMatchObject({ rateLimited: true, requestId: ID });
	expect(service.sent).toHaveLength(1);
});

test('no more than 50 status, result and cancel calls are under way at a time', async () => {
	const service = new Service(['hang']);
	const calls = Promise.allSettled(Array.from({ length: 70 }, () => read(service, 'status')));
	await service.clock.pass(20_000);
	expect(service.sent).toHaveLength(50);
	service.scope.abort();
	await calls;
});

test('only an answer of the service tells the rate limiter that calls are accepted', async () => {
	const failures = [broken('ECONNRESET'), new Error('no code at all')];
	const service = new Service([...failures, failed, queued]);
	const accepted = jest.spyOn(service.limits.reads.limiter, 'accepted');
	await service.until(read(service, 'status'));
	expect(service.sent).toHaveLength(4);
	expect(accepted).toHaveBeenCalledTimes(2);
});

test('100 records of a result are read, more are an error that keeps the task', async () => {
	const records = (count: number) => ok({ outputs: Array(count).fill({ url: 'x' }) });
	const service = new Service([records(100), records(101)]);
	expect(await service.until(read(service, 'result'))).toHaveProperty('images.length', 100);
	const details = await service.errorOf(read(service, 'result'));
	const message = `Could not get the result of task ${ID}: it lists 101 images`;
	expect(details).toMatchObject({ message, requestId: ID, state: 'succeeded' });
});
