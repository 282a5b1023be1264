import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import type { IBinaryData } from 'n8n-workflow';
import { download } from '../../../nodes/GptImage1/images/download';
import type { ImageSource } from '../../../nodes/GptImage1/images/download';
import type { ByteStream } from '../../../nodes/GptImage1/service/boundedCall';
import { Aborted, AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { systemClock } from '../../../nodes/GptImage1/timing/clock';
import { RateLimiter } from '../../../nodes/GptImage1/timing/rateLimiter';
import { PICTURES } from './pictures';

/** Over HTTP into a file, with the streams that n8n and its storages use. */

let server: Server;
let folder: string;
let respond: RequestListener;
let bytes: Buffer;
beforeAll(async () => {
	bytes = Buffer.concat(await Promise.all([PICTURES[0]!.make(), PICTURES[3]!.make()]));
	folder = await mkdtemp(join(tmpdir(), 'images-'));
	server = createServer((request, response) => respond(request, response)).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
	await rm(folder, { recursive: true });
});

const file = () => join(folder, 'image');

async function fetch(change: Partial<ImageSource> = {}) {
	const source: ImageSource = {
		clock: systemClock,
		scope: new AbortScope(),
		httpAllowed: true,
		limiter: new RateLimiter({ perSecond: 100 }, systemClock),
		get: async (url, signal) => {
			const message = await new Promise<IncomingMessage>((resolve, reject) => {
				get(url, { signal }, resolve).on('error', reject);
			});
			const { statusCode = 0, headers } = message;
			const body = headers['content-encoding'] ? message.pipe(createGunzip()) : message;
			return { status: statusCode, headers, body: body as unknown as ByteStream };
		},
		store: async (stream) => {
			await pipeline(stream as unknown as Readable, createWriteStream(file()));
			return { data: '', mimeType: 'image/png' };
		},
		...change,
	};
	const { port } = server.address() as AddressInfo;
	return await download(`http://127.0.0.1:${port}/`, source, systemClock.now() + 60_000);
}

test('stores an image that was compressed on its way', async () => {
	respond = (_request, response) =>
		response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes));
	expect(await fetch()).toMatchObject({ type: 'png', bytes: bytes.length });
	expect(await readFile(file())).toEqual(bytes);
});

test('downloads an image again if the connection breaks', async () => {
	let requests = 0;
	respond = (_request, response) => {
		if (++requests > 1) return response.end(bytes);
		response.writeHead(200, { 'content-length': bytes.length });
		return response.write(bytes.subarray(0, 5_000), () => response.destroy());
	};
	expect(await fetch()).toMatchObject({ type: 'png', bytes: bytes.length });
	expect(await readFile(file())).toEqual(bytes);
	expect(requests).toBe(2);
});

describe('a storage that fails in the middle', () => {
	const full = () => new Writable({ write: (_chunk, _encoding, done) => done(new Error('full')) });

	test('is not mistaken for a broken connection', async () => {
		let requests = 0;
		respond = (_request, response) => {
			requests++;
			response.end(bytes);
		};
		const store = async (stream: ByteStream) => {
			await pipeline(stream as unknown as Readable, full());
			return {} as IBinaryData;
		};
		expect(await fetch({ store })).toEqual({ kind: 'storage', reason: 'full' });
		expect(requests).toBe(1);
	});

	test('and lets go of the stream for good does not end the process on Stop', async () => {
		const uncaught = jest.fn();
		process.on('uncaughtException', uncaught);
		let closed!: Promise<unknown>;
		respond = (request, response) => {
			closed = new Promise((resolve) => request.socket.once('close', resolve));
			response.write(bytes.subarray(0, 5_000));
		};
		const scope = new AbortScope();
		const store = async (stream: ByteStream) => {
			const piped = (stream as unknown as Readable).pipe(full());
			piped.on('error', () => scope.abort());
			return await new Promise<never>(() => {});
		};
		await expect(fetch({ store, scope })).rejects.toBeInstanceOf(Aborted);
		await closed;
		await new Promise((resolve) => setImmediate(resolve));
		process.off('uncaughtException', uncaught);
		expect(uncaught).not.toHaveBeenCalled();
	});
});
