import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IBinaryData } from 'n8n-workflow';
import type { Store } from '../../../nodes/GptImage1/images/checkedStream';
import { Aborted } from '../../../nodes/GptImage1/timing/abort';
import { realProcess } from '../../harness/realProcess';
import { breaking } from '../service/service';
import { settled } from '../timing/manualClock';
import { image, ImageHost, PNG } from './imageHost';

/** The streams that n8n and its storages use, and what a storage is blamed for. */

/** Pipes each piece into another stream, as n8n's storages do. */
const pipedInto =
	(write: (part: Buffer) => Error | undefined): Store =>
	async (stream) => {
		const sink = new Writable({ write: (part: Buffer, _encoding, done) => done(write(part)) });
		await pipeline(stream as unknown as Readable, sink);
		return {} as IBinaryData;
	};

const full = () => new Error('full');

function* endless() {
	for (;;) yield Buffer.alloc(1_000_000);
}

const received = new IncomingMessage(new Socket());
for (const part of [PNG, null]) received.push(part);

test.each<[string, () => Readable]>([
	['as it was received', () => received],
	// A duplex stream, as those that decompress.
	['that was compressed on its way', () => new PassThrough().end(PNG)],
])('an image is stored %s', async (_how, body) => {
	const parts: Buffer[] = [];
	const store = pipedInto((part) => void parts.push(part));
	const host = new ImageHost([{ status: 200, body: body() }], store);
	expect(await host.download()).toMatchObject({ type: 'png', bytes: PNG.length });
	expect(Buffer.concat(parts)).toEqual(PNG);
});

/** A whole image, and what follows it. */
const before = (rest: () => AsyncIterable<Uint8Array>) =>
	async function* () {
		yield PNG;
		yield* rest();
	};

test.each([
	['breaks', before(breaking(''))],
	['stays open', before(() => new Readable({ read: () => {} }))],
	['goes on without end', before(() => Readable.from(endless()))],
])('an image whose connection %s behind its last byte is whole at once', async (_how, body) => {
	const host = new ImageHost([{ status: 200, body }]);
	expect(await host.download()).toMatchObject({ type: 'png', bytes: PNG.length });
	expect([host.clock.time, host.asked.length, host.open]).toEqual([0, 1, 0]);
});

const rejecting = (reason: unknown) => async () => {
	throw reason;
};

test.each<[string, Store]>([
	['disk full', rejecting(new Error('disk full'))],
	['no space', rejecting('no space')],
	[`a b ${'x'.repeat(495)}…`, rejecting(new Error(`a\nb ${'x'.repeat(5000)}`))],
	['full', pipedInto(full)],
])('a storage that has failed is not used again: %s', async (reason, store) => {
	const host = new ImageHost([image(PNG.subarray(0, 50), PNG.subarray(50))], store);
	expect(await host.download()).toEqual({ kind: 'storage', reason });
	expect([host.asked.length, host.open]).toEqual([1, 0]);
});

test('a storage that has let go of a stream for good does not end the process on Stop', async () => {
	const uncaught = jest.fn();
	realProcess.on('uncaughtException', uncaught);
	const body = new Readable({ read: () => {} });
	body.push(PNG.subarray(0, 50));
	const host: ImageHost = new ImageHost([{ status: 200, body }], async (stream) => {
		const sink = new Writable({ write: (_part, _encoding, done) => done(full()) });
		(stream as unknown as Readable).pipe(sink).on('error', () => host.scope.abort());
		return await new Promise<never>(() => {});
	});
	await expect(host.download()).rejects.toBeInstanceOf(Aborted);
	await settled();
	realProcess.off('uncaughtException', uncaught);
	expect(uncaught).not.toHaveBeenCalled();
});

test.each<[string, () => Promise<IBinaryData>]>([
	['an error of its own', rejecting(new Error('upload failed'))],
	['success', async () => ({}) as IBinaryData],
])('a storage is not blamed if it answers a broken connection with %s', async (_what, end) => {
	const answer = { status: 200, body: breaking(PNG.subarray(0, 50)) };
	const host = new ImageHost([answer], async (stream) => {
		await (stream as unknown as Readable).toArray().catch(() => {});
		return await end();
	});
	expect(await host.download()).toEqual({ kind: 'network', code: 'ECONNRESET' });
	expect(host.asked).toHaveLength(6);
});
