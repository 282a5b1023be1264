import type { IBinaryData } from 'n8n-workflow';
import { MAX_DOWNLOADS, MAX_IMAGE_BYTES } from '../../../nodes/GptImage1/images/download';
import { Aborted } from '../../../nodes/GptImage1/timing/abort';
import { breaking, failing, hanging, image, ImageHost, reply } from './imageHost';
import type { Reply } from './imageHost';
import { PICTURES, smallPng } from './pictures';

let png: Buffer;
beforeAll(async () => {
	png = await smallPng();
});

test('stores the bytes as they came, however they were cut into pieces', async () => {
	for (const size of [1, 5, 12, 100_000]) {
		const parts: Buffer[] = [];
		for (let at = 0; at < png.length; at += size) parts.push(png.subarray(at, at + size));
		const host = new ImageHost([image(...parts)]);
		expect(await host.download()).toEqual({
			binary: { data: '', mimeType: 'image/png' },
			type: 'png',
			bytes: png.length,
		});
		expect(host.stored).toEqual([png]);
	}
});

test.each(PICTURES)('stores $name with bytes behind its end', async ({ type, make }) => {
	const bytes = Buffer.concat([await make(), Buffer.from('\r\n and more of them')]);
	const host = new ImageHost([image(bytes)]);
	expect(await host.download()).toMatchObject({ type, bytes: bytes.length });
	expect(host.stored).toEqual([bytes]);
});

test.each(PICTURES)('does not accept $name without its last byte', async ({ make }) => {
	const host = new ImageHost([image((await make()).subarray(0, -1))]);
	expect(await host.download()).toEqual({ kind: 'content', sent: 'only part of the image' });
	expect(host.stored).toEqual([]);
});

test('downloads three images at once', () => expect(MAX_DOWNLOADS).toBe(3));

describe('URLs', () => {
	test.each([
		...['http://cdn/x.png', 'file:///etc/passwd', 'ftp://cdn/x', 'data:image/png,x', 'x.png'],
		...['', '//cdn/x.png', 'javascript:1', 'https://'],
	])('%j is not requested if the base URL is https', async (url) => {
		const host = new ImageHost([image(png)]);
		expect(await host.download(url)).toEqual({ kind: 'address' });
		expect(host.asked).toEqual([]);
	});

	test('http is requested if the base URL is http', async () => {
		const host = new ImageHost([image(png)], { httpAllowed: true });
		expect(await host.download('http://cdn/x.png')).toMatchObject({ type: 'png' });
		expect(await host.download('file:///etc/passwd')).toEqual({ kind: 'address' });
		expect(host.asked).toEqual(['http://cdn/x.png']);
	});

	test.each([
		['/moved.png', 'https://cdn/moved.png'],
		['https://other/y.png', 'https://other/y.png'],
	])('a redirect to %s is followed', async (location, moved) => {
		const host = new ImageHost([reply(302, [], { location }), image(png)]);
		expect(await host.download()).toMatchObject({ type: 'png' });
		expect(host.asked).toEqual(['https://cdn/x.png', moved]);
		expect(host.open).toBe(0);
	});

	test.each(['http://cdn/x.png', 'file:///etc/passwd', 'https://[', 'ftp://x/y'])(
		'a redirect to %s is not followed',
		async (location) => {
			const host = new ImageHost([reply(301, [], { location }), image(png)]);
			expect(await host.download()).toEqual({ kind: 'address' });
			expect(host.asked).toHaveLength(1);
		},
	);

	test('a redirect without a location is final', async () => {
		const host = new ImageHost([reply(302)]);
		expect(await host.download()).toEqual({ kind: 'status', status: 302 });
		expect(host.asked).toHaveLength(1);
	});

	test('five redirects are followed, but not six', async () => {
		const moved = reply(302, [], { location: '/x.png' });
		const five = new ImageHost([...Array<Reply>(5).fill(moved), image(png)]);
		expect(await five.download()).toMatchObject({ type: 'png' });
		const more = new ImageHost([moved]);
		expect(await more.download()).toEqual({ kind: 'redirects', max: 5 });
		expect(more.asked).toHaveLength(6);
	});
});

describe('attempts', () => {
	const html = reply(200, [Buffer.from('<html>')], { 'content-type': 'text/html' });
	test.each<[string, () => Reply, number, object]>([
		['404', () => reply(404), 1, { kind: 'status', status: 404 }],
		['403', () => reply(403), 1, { kind: 'status', status: 403 }],
		['408', () => reply(408), 6, { kind: 'status', status: 408 }],
		['425', () => reply(425), 6, { kind: 'status', status: 425 }],
		['503', () => reply(503), 6, { kind: 'status', status: 503 }],
		['a reset connection', () => failing('ECONNRESET'), 6, { kind: 'network', code: 'ECONNRESET' }],
		['a bad certificate', () => failing('CERT_HAS_EXPIRED'), 1, { kind: 'network' }],
		['a page', () => html, 3, { kind: 'content', sent: 'a web page instead of an image' }],
		['no data', () => image(), 3, { kind: 'content', sent: 'no data' }],
		['half an image', () => image(png.subarray(0, 60)), 3, { kind: 'content' }],
	])('%s', async (_what, answer, times, fault) => {
		const host = new ImageHost([async (signal) => await answer()(signal)]);
		expect(await host.download()).toMatchObject(fault);
		expect(host.asked).toHaveLength(times);
		expect([host.open, host.clock.timers]).toEqual([0, 0]);
	});

	test('a connection that breaks in the middle of an image is made again', async () => {
		const host = new ImageHost([breaking(png.subarray(0, 50)), image(png)]);
		expect(await host.download()).toMatchObject({ type: 'png', bytes: png.length });
		expect(host.asked).toHaveLength(2);
		expect(host.stored).toEqual([png]);
	});

	test.each<[string, number]>([
		['20', 20_000],
		['Thu, 01 Jan 1970 00:00:20 GMT', 20_000],
	])('Retry-After %j is honoured', async (header, ms) => {
		const host = new ImageHost([reply(503, [], { 'retry-after': header }), image(png)]);
		expect(await host.download()).toMatchObject({ type: 'png' });
		expect(host.clock.now()).toBe(ms);
	});

	test('none starts past the deadline', async () => {
		const host = new ImageHost([reply(503)]);
		expect(await host.download(undefined, 5000)).toEqual({ kind: 'status', status: 503 });
		expect(host.clock.now()).toBeLessThan(5000);
		expect(host.asked).toHaveLength(3);
	});

	test('that are refused do not count', async () => {
		const refusals = Array<Reply>(20).fill(reply(429, [], { 'retry-after': '3' }));
		const host = new ImageHost([...refusals, image(png)]);
		expect(await host.download(undefined, 1_000_000)).toMatchObject({ type: 'png' });
		expect(host.asked).toHaveLength(21);
	});

	test('of other images wait for the end of a hold', async () => {
		const host = new ImageHost([reply(429, [], { 'retry-after': '3' }), image(png)]);
		expect(await host.download(undefined, 1_000)).toEqual({ kind: 'status', status: 429 });
		expect(await host.download()).toMatchObject({ type: 'png' });
		expect([host.clock.now(), host.asked.length]).toEqual([3_000, 2]);
	});

	test('that are accepted let the hold after a refusal begin anew', async () => {
		const refused = reply(429);
		const host = new ImageHost([refused, refused, refused, image(png), refused, image(png)]);
		expect(await host.download()).toMatchObject({ type: 'png' });
		const before = host.clock.now();
		expect(await host.download()).toMatchObject({ type: 'png' });
		expect(host.clock.now() - before).toBeLessThan(1_000);
	});

	test('a refusal with a hold beyond the deadline is told', async () => {
		const host = new ImageHost([reply(429, [], { 'retry-after': '600' })]);
		expect(await host.download()).toEqual({ kind: 'status', status: 429 });
		expect(await host.download()).toEqual({ kind: 'status', status: 429 });
		expect(host.asked).toHaveLength(1);
		expect(host.clock.now()).toBeLessThan(1000);
	});
});

describe('limits', () => {
	test('an image larger than 64 MB is cut off and not requested again', async () => {
		const piece = Buffer.alloc(8 * 1024 * 1024);
		let kept = 0;
		const endless = reply(
			200,
			(function* () {
				yield png;
				for (;;) yield piece;
			})(),
		);
		const host = new ImageHost([endless], {
			async store(stream) {
				for await (const part of stream) kept += part.length;
				return {} as IBinaryData;
			},
		});
		expect(MAX_IMAGE_BYTES).toBe(64 * 1024 * 1024);
		expect(await host.download()).toEqual({ kind: 'size', maxBytes: MAX_IMAGE_BYTES });
		expect(host.asked).toHaveLength(1);
		expect(kept).toBeLessThanOrEqual(MAX_IMAGE_BYTES);
	});

	/** Sends the bytes in pieces, with a pause before each but the first. */
	const dripping =
		(host: () => ImageHost, bytes: Buffer, length: number, ms: number): Reply =>
		async (signal) =>
			await reply(
				200,
				(async function* () {
					for (let at = 0; at < bytes.length; at += length) {
						if (at > 0) await host().pause(ms, signal);
						yield bytes.subarray(at, at + length);
					}
				})(),
			)(signal);

	const padded = (length: number) => {
		const chunk = Buffer.alloc(length + 12);
		chunk.writeUInt32BE(length);
		chunk.write('paDd', 4);
		return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
	};

	test('an attempt without a response ends after 30 s, and the next one begins', async () => {
		const host = new ImageHost([hanging, image(png)]);
		expect(await host.download()).toMatchObject({ type: 'png' });
		expect(host.clock.now()).toBe(30_000 + 750);
		expect(host.asked).toHaveLength(2);
	});

	test('an image of a byte every 0.3 s ends after 30 s', async () => {
		const host: ImageHost = new ImageHost([dripping(() => host, padded(1e6), 1, 300), image(png)]);
		expect(await host.download()).toMatchObject({ type: 'png' });
		expect(host.clock.now()).toBe(30_000 + 750);
		expect(host.stored).toEqual([png]);
	});

	test('an image that stalls after a good start ends within 60 s', async () => {
		const bytes = padded(1e6);
		const host: ImageHost = new ImageHost([
			dripping(() => host, bytes, bytes.length - 1, 1e9),
			image(png),
		]);
		expect(await host.download()).toMatchObject({ type: 'png' });
		expect(host.clock.now()).toBe(60_000 + 750);
	});

	test.each([
		[64, true],
		[63, false],
	])('an image of %i kB every 30 s: accepted %s', async (kB, accepted) => {
		const bytes = padded(kB * 1024 * 5);
		const host: ImageHost = new ImageHost([
			dripping(() => host, bytes, (kB * 1024) / 2, 14_999),
			image(png),
		]);
		expect(await host.download()).toMatchObject({ bytes: (accepted ? bytes : png).length });
	});

	test('the deadline ends an attempt that comes along fast enough', async () => {
		const host: ImageHost = new ImageHost([dripping(() => host, padded(1e6), 8_192, 3_000)]);
		expect(await host.download(undefined, 100_000)).toEqual({ kind: 'slow' });
		expect(host.clock.now()).toBe(100_000);
		expect(host.asked).toHaveLength(1);
	});

	test.each([
		[180_000, 180_000],
		[1_000_000, 6 * 30_000 + 750 * (1 + 2 + 4 + 8 + 16)],
	])('attempts that are too slow are repeated, within %i ms', async (deadline, endedAt) => {
		const host = new ImageHost([hanging]);
		expect(await host.download(undefined, deadline)).toEqual({ kind: 'slow' });
		expect([host.asked.length, host.clock.now()]).toEqual([6, endedAt]);
	});

	test('a storage may take its time once all bytes have come', async () => {
		const host: ImageHost = new ImageHost([image(png)], {
			async store(stream) {
				for await (const _part of stream);
				await host.pause(100_000);
				return {} as IBinaryData;
			},
		});
		expect(await host.download()).toMatchObject({ type: 'png' });
		expect(host.asked).toHaveLength(1);
	});
});

describe('storage', () => {
	test.each([
		[new Error('disk full'), 'disk full'],
		['no space', 'no space'],
		[new Error(`a\nb ${'x'.repeat(5000)}`), `a b ${'x'.repeat(495)}…`],
	])('is not used again after it failed (%#)', async (error, reason) => {
		const store = jest.fn(async () => await Promise.reject(error as Error));
		const host = new ImageHost([image(png)], { store });
		expect(await host.download()).toEqual({ kind: 'storage', reason });
		expect(host.asked).toHaveLength(1);
		expect(host.open).toBe(0);
	});

	test.each<[string, () => Promise<IBinaryData>]>([
		['an error of its own', async () => await Promise.reject(new Error('upload failed'))],
		['success', async () => ({}) as IBinaryData],
	])('is not blamed for a broken connection if it answers that with %s', async (_what, end) => {
		const host = new ImageHost([breaking(png.subarray(0, 50))], {
			async store(stream) {
				try {
					for await (const _part of stream);
				} catch {}
				return await end();
			},
		});
		expect(await host.download()).toEqual({ kind: 'network', code: 'ECONNRESET' });
		expect(host.asked).toHaveLength(6);
	});
});

describe('Stop', () => {
	// The first two sleeps of an attempt are for its limits.
	test.each<[string, Reply, number]>([
		['an attempt', hanging, 2],
		['a backoff', reply(503), 3],
		['a wait for Retry-After', reply(429, [], { 'retry-after': '100' }), 3],
	])('ends %s at once, and nothing is requested after it', async (_what, answer, sleeps) => {
		const host = new ImageHost([answer]);
		const sleep = host.clock.sleepUntil.bind(host.clock);
		host.clock.sleepUntil = async (at, scope) => {
			const sleeping = sleep(at, scope);
			if (--sleeps === 0) host.scope.abort();
			await sleeping;
		};
		await expect(host.download()).rejects.toBeInstanceOf(Aborted);
		expect([host.clock.now(), host.asked.length]).toEqual([0, 1]);
		expect([host.open, host.clock.timers]).toEqual([0, 0]);
	});

	test('ends the wait for a turn', async () => {
		const host = new ImageHost([reply(429, [], { 'retry-after': '100' })]);
		// Its deadline lies before the end of the hold that it leaves behind.
		expect(await host.download(undefined, 90_000)).toEqual({ kind: 'status', status: 429 });
		const waiting = host.download(undefined, 1_000_000);
		host.scope.abort();
		await expect(waiting).rejects.toBeInstanceOf(Aborted);
		expect([host.asked.length, host.clock.timers]).toEqual([1, 0]);
	});

	test('in the middle of an image ends its stream', async () => {
		const host: ImageHost = new ImageHost([breaking(png)], {
			async store(stream) {
				for await (const _part of stream) host.scope.abort();
				return {} as IBinaryData;
			},
		});
		await expect(host.download()).rejects.toBeInstanceOf(Aborted);
		expect([host.asked.length, host.open]).toEqual([1, 0]);
	});

	test('before the download requests nothing', async () => {
		const host = new ImageHost([image(png)]);
		host.scope.abort();
		await expect(host.download()).rejects.toBeInstanceOf(Aborted);
		expect(host.asked).toEqual([]);
	});
});
