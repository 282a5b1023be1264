import { Readable } from 'node:stream';
import type { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import { boundedCall } from '../../../nodes/GptImage1/service/boundedCall';
import type { ByteStream } from '../../../nodes/GptImage1/service/boundedCall';
import type { Call } from '../../../nodes/GptImage1/service/types';
import { Aborted } from '../../../nodes/GptImage1/timing/abort';
import { settled, stateOf } from '../timing/manualClock';
import { attempt, ok, Service } from './service';

/** When a call ends, whatever comes: by time, by bytes, and on abort. */

describe('it is bounded in time', () => {
	test.each<[Call, number]>([
		['create', 120_000],
		['status', 30_000],
		['result', 30_000],
		['cancel', 10_000],
	])('a %s that is never answered ends after %d ms', async (call, limitMs) => {
		const service = new Service(['hang']);
		const outcome = await service.until(attempt(service, call));
		expect(service.clock.time).toBe(limitMs);
		expect(outcome).toMatchObject({
			error: { details: { possiblyCreated: call === 'create' } },
			repeat: call === 'create' ? 'no' : 'failed',
		});
		const { message } = (outcome as unknown as { error: TaskError }).error;
		expect(message).toContain(`within ${limitMs / 1000} seconds`);
		expect(service.sent[0]?.signal.aborted).toBe(true);
	});

	test('by its own deadline', async () => {
		const service = new Service(['hang']);
		await service.clock.pass(1000);
		await service.until(attempt(service, 'status', 4000));
		expect(service.clock.time).toBe(4000);
	});

	test.each([
		[500, 'status', 500],
		// A task whose request ID came too late would be paid for and lost.
		[500, 'create', 120_000],
		[0, 'status', 30_000],
		[-5, 'status', 30_000],
		['abc', 'status', 30_000],
	] as const)("n8n's own time limit of %p ends a %s after %d ms", async (timeout, call, endsMs) => {
		const service = new Service(['hang'], { timeout: timeout as number });
		await service.until(attempt(service, call));
		expect(service.clock.time).toBe(endsMs);
	});

	test('also where the body comes byte by byte', async () => {
		const body = new Readable({ read: () => {} });
		const service = new Service([{ status: 200, body }]);
		const drip = async (): Promise<void> => {
			await service.clock.sleep(300);
			if (body.push(' ')) await drip();
		};
		drip().catch(() => {});
		const outcome = await service.until(attempt(service, 'status', 3000));
		expect(service.clock.time).toBe(3000);
		expect(outcome).toMatchObject({ repeat: 'failed' });
		expect(body.destroyed).toBe(true);
	});
});

describe('it is bounded in bytes', () => {
	test.each<[Call, string]>([
		['status', 'failed'],
		['create', 'no'],
	])('a %s with an endless body is not read to its end', async (call, repeat) => {
		let chunks = 0;
		const body = Readable.from(
			(function* () {
				for (;;) {
					chunks++;
					yield Buffer.alloc(100_000, ' ');
				}
			})(),
		);
		const service = new Service([{ status: 200, body }]);
		const outcome = await service.until(attempt(service, call));
		expect(outcome).toMatchObject({ error: { message: expect.stringContaining('1 MB') }, repeat });
		expect(chunks).toBeLessThan(40);
		expect(body.destroyed).toBe(true);
	});

	test('a body of a megabyte is read', async () => {
		const body = JSON.stringify({ status: 'IN_QUEUE' }).padEnd(1_000_000);
		const service = new Service([{ status: 200, body }]);
		expect(await service.until(attempt(service))).toMatchObject({ value: { state: 'queued' } });
	});
});

test('of a long error no more than the beginning is read', async () => {
	let chunks = 0;
	const body = Readable.from(
		(function* () {
			for (; chunks < 1000; chunks++) yield Buffer.alloc(50_000, 'x');
		})(),
	);
	const service = new Service([{ status: 403, body }]);
	const outcome = await service.until(attempt(service));
	expect(outcome).toMatchObject({ error: { details: { httpCode: 403 } }, repeat: 'no' });
	expect(chunks).toBeLessThan(40);
});

test('a character may come in two chunks', async () => {
	const bytes = Buffer.from(JSON.stringify({ detail: 'Größe' }));
	const body = Readable.from([bytes.subarray(0, 14), bytes.subarray(14)]);
	const service = new Service([{ status: 422, body }]);
	const outcome: unknown = await service.until(attempt(service));
	const { error } = outcome as { error: TaskError };
	expect(error.details.description).toContain('"Größe"');
});

describe('on abort', () => {
	test('a call that is under way ends', async () => {
		const service = new Service(['hang']);
		const outcome = attempt(service);
		await settled();
		service.scope.abort();
		await expect(outcome).rejects.toBeInstanceOf(Aborted);
		expect(service.sent[0]?.signal.aborted).toBe(true);
		expect(service.clock.timers).toBe(0);
	});

	test('a body that is being read is destroyed', async () => {
		const body = new Readable({ read: () => {} });
		const service = new Service([{ status: 200, body }]);
		const outcome = attempt(service);
		await settled();
		expect(await stateOf(outcome)).toBe('pending');
		service.scope.abort();
		await expect(outcome).rejects.toBeInstanceOf(Aborted);
		expect(body.destroyed).toBe(true);
	});

	test('nothing is sent after it', async () => {
		const service = new Service([ok({})]);
		service.scope.abort();
		await expect(attempt(service)).rejects.toBeInstanceOf(Aborted);
		expect(service.sent).toEqual([]);
	});
});

test('a late error of a stream that nobody has read harms nobody', async () => {
	const { clock, scope } = new Service([]);
	const body = new Readable({ read: () => {} });
	await boundedCall({
		send: async () => ({ status: 302, headers: {}, body: body as ByteStream }),
		...{ clock, scope, deadline: 1000, maxBytes: 1 },
		consume: async () => {},
	});
	body.emit('error', new Error('late'));
	expect(body.destroyed).toBe(true);
});
