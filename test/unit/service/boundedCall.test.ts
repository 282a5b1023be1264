import { Readable } from 'node:stream';
import { boundedCall, readText } from '../../../nodes/GptImage1/service/boundedCall';
import type { ByteStream } from '../../../nodes/GptImage1/service/boundedCall';
import type { Call } from '../../../nodes/GptImage1/service/types';
import { Aborted } from '../../../nodes/GptImage1/timing/abort';
import { settled } from '../timing/manualClock';
import { attempt, send, Service } from './service';

/** When a call ends, whatever comes: by time, by bytes, and on abort. */

const silent = () => new Readable({ read: () => {} });

test.each<[Call, unknown, number]>([
	['create', undefined, 120_000],
	['status', undefined, 30_000],
	['result', undefined, 30_000],
	['cancel', undefined, 10_000],
	['status', 500, 500],
	// A task whose request ID came too late would be paid for and lost.
	['create', 500, 120_000],
	['status', 0, 30_000],
	['status', -5, 30_000],
	['status', 'abc', 30_000],
])("a silent %s, n8n's own limit being %p, ends after %d ms", async (call, limit, ms) => {
	const service = new Service(['hang'], { timeout: limit as number });
	const message = expect.stringContaining(`within ${Math.ceil(ms / 1000)} second`);
	const [possiblyCreated, repeat] = call === 'create' ? [true, 'no'] : [false, 'failed'];
	const error = { message, details: { possiblyCreated } };
	expect(await attempt(service, call)).toMatchObject({ error, repeat });
	expect(service.clock.time).toBe(ms);
	expect(service.sent[0]?.signal.aborted).toBe(true);
});

test('a call ends by its own deadline, also where the body comes byte by byte', async () => {
	const body = silent();
	const service = new Service([{ status: 200, body }]);
	await service.clock.pass(1000);
	const drip = async (): Promise<void> => {
		await service.clock.sleep(300);
		if (body.push(' ')) await drip();
	};
	drip().catch(() => {});
	expect(await attempt(service, 'status', 4000)).toMatchObject({ repeat: 'failed' });
	expect(service.clock.time).toBe(4000);
	expect(body.destroyed).toBe(true);
});

test.each<[number, Call, string, object]>([
	[200, 'status', 'failed', { message: expect.stringContaining('0.3 MB') }],
	[200, 'create', 'no', { message: expect.stringContaining('0.3 MB') }],
	[403, 'status', 'no', { details: { httpCode: 403 } }],
])('an endless body of %d to a %s is not read on', async (status, call, repeat, error) => {
	let chunks = 0;
	function* endless() {
		for (; ; chunks++) yield Buffer.alloc(100_000, ' ');
	}
	const body = Readable.from(endless());
	expect(await attempt(new Service([{ status, body }]), call)).toMatchObject({ error, repeat });
	expect(chunks).toBeLessThan(40);
	expect(body.destroyed).toBe(true);
});

test('a body of 300 kB is read, also where a character comes in two chunks', async () => {
	const bytes = Buffer.from(JSON.stringify({ status: 'GRÖSSE' }).padEnd(299_999));
	const body = [bytes.subarray(0, 14), bytes.subarray(14)];
	const { value } = await attempt(new Service([{ status: 200, body }]));
	expect([bytes.length, value]).toMatchObject([300_000, { word: 'GRÖSSE (unknown)' }]);
});

test.each([
	['a call that is under way ends', undefined],
	['a body that is being read is destroyed', silent()],
])('on abort %s', async (_what, body) => {
	const service = new Service([body ? { status: 200, body } : 'hang']);
	const outcome = send(service);
	await settled();
	service.scope.abort();
	await expect(outcome).rejects.toBeInstanceOf(Aborted);
	expect(service.sent[0]?.signal.aborted).toBe(true);
	expect([service.clock.timers, body?.destroyed ?? true]).toEqual([0, true]);
});

test('a text is read until it is longer than its limit', async () => {
	const read = { text: '' };
	await readText(Readable.from(['ab', 'cd', 'ef', 'gh'].map(Buffer.from)), read, 4);
	expect(read.text).toBe('abcdef');
});

test('a late error of a stream that was never read does no harm', async () => {
	const { clock, scope } = new Service([]);
	const body = silent();
	const send = async () => ({ status: 302, headers: {}, body: body as ByteStream });
	const consume = async () => {};
	await boundedCall({ send, consume, clock, scope, deadline: 1000, maxBytes: 1 });
	body.emit('error', new Error('late'));
	expect(body.destroyed).toBe(true);
});
