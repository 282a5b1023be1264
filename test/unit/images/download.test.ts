import type { IBinaryData } from 'n8n-workflow';
import { MAX_IMAGE_BYTES } from '../../../nodes/GptImage1/images/download';
import { Aborted } from '../../../nodes/GptImage1/timing/abort';
import { failing, hanging, image, ImageHost, reply } from './imageHost';
import type { Reply } from './imageHost';
import { PICTURES, smallPng } from './pictures';

let png: Buffer;
beforeAll(async () => {
	png = await smallPng();
});

test('stores the bytes unchanged, whatever pieces they come in', async () => {
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

test.each(PICTURES)(
	'$name is stored with bytes behind its end, not without its last',
	async (it) => {
		const bytes = Buffer.concat([await it.make(), Buffer.from('\r\n and more of them')]);
		const host = new ImageHost([image(bytes)]);
		expect(await host.download()).toMatchObject({ type: it.type, bytes: bytes.length });
		const cut = new ImageHost([image((await it.make()).subarray(0, -1))]);
		expect(await cut.download()).toEqual({ kind: 'content', sent: 'only part of the image' });
		expect([host.stored, cut.stored]).toEqual([[bytes], []]);
	},
);

describe('URLs', () => {
	test.each([
		...['http://cdn/x.png', 'file:///etc/passwd', 'ftp://cdn/x', 'data:image/png,x', 'x.png'],
		...['', '//cdn/x.png', 'javascript:1', 'https://'],
	])('%j is not requested if the base URL is https', async (url) => {
		const host = new ImageHost([image(png)]);
		expect(await host.download(url)).toEqual({ kind: 'address' });
		expect(host.asked).toEqual([]);
	});

	test.each<[string | undefined, object, string[]]>([
		['/moved.png', { type: 'png' }, ['https://cdn/moved.png']],
		['https://other/y.png', { type: 'png' }, ['https://other/y.png']],
		['http://cdn/x.png', { kind: 'address' }, []],
		['file:///etc/passwd', { kind: 'address' }, []],
		['https://[', { kind: 'address' }, []],
		[undefined, { kind: 'status', status: 302 }, []],
	])('a redirect to %s: %j', async (location, outcome, moved) => {
		const host = new ImageHost([reply(302, [], location ? { location } : {}), image(png)]);
		expect(await host.download()).toMatchObject(outcome);
		expect(host.asked).toEqual(['https://cdn/x.png', ...moved]);
		expect(host.open).toBe(0);
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
		['404', () => reply(404), 5, { kind: 'status', status: 404 }],
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

	const DELIVERED = { type: 'png' };
	const refused = (status: number, retryAfter: string) =>
		reply(status, [], { 'retry-after': retryAfter });

	const ON_DATE = 'Thu, 01 Jan 1970 00:00:20 GMT';
	const REFUSED_OFTEN = Array<Reply>(20).fill(refused(429, '3'));

	test.each<[string, Reply[], object, number, number, number?]>([
		['20 s later', [refused(503, '20')], DELIVERED, 2, 20_000],
		['at a later date', [reply(503), refused(503, ON_DATE)], DELIVERED, 3, 20_000],
		['however often it is refused', REFUSED_OFTEN, DELIVERED, 21, 364_500],
		['after 30 s of silence', [hanging], DELIVERED, 2, 30_750],
		['six times', Array<Reply>(6).fill(hanging), { kind: 'slow' }, 6, 6 * 30_000 + 750 * 31],
		['until its deadline', Array<Reply>(9).fill(hanging), { kind: 'slow' }, 6, 180_000, 180_000],
		['ten seconds from its first 404', Array<Reply>(4).fill(reply(404)), DELIVERED, 5, 10_000],
		['not past it', Array<Reply>(9).fill(reply(503)), { status: 503 }, 3, 2_250, 5_000],
		['not in a hold past it', [refused(429, '9')], { status: 429 }, 1, 0, 5_000],
	])('an image is asked for again: %s', async (_, replies, outcome, times, at, until = 9e5) => {
		const host = new ImageHost([...replies, image(png)]);
		expect(await host.download(undefined, until)).toMatchObject(outcome);
		expect([host.asked.length, host.clock.time]).toEqual([times, at]);
	});

	test('of other images wait for the end of a hold, if it comes in time', async () => {
		const host = new ImageHost([refused(429, '3'), image(png)]);
		for (const _ of [1, 2]) {
			expect(await host.download(undefined, 1_000)).toEqual({ kind: 'status', status: 429 });
			expect(host.asked).toHaveLength(1);
		}
		expect(await host.download()).toMatchObject(DELIVERED);
		expect([host.clock.now(), host.asked.length]).toEqual([3_000, 2]);
	});

	test('that are accepted reset the hold that follows a refusal', async () => {
		const [one, good] = [reply(429), image(png)];
		const host = new ImageHost([one, one, one, good, one, good]);
		await host.download();
		const before = host.clock.now();
		expect(await host.download()).toMatchObject(DELIVERED);
		expect(host.clock.now() - before).toBeLessThan(1_000);
	});
});

describe('limits', () => {
	test('an image larger than 64 MB is cut off and not requested again', async () => {
		const piece = Buffer.alloc(8 * 1024 * 1024);
		let kept = 0;
		function* endless() {
			yield png;
			for (;;) yield piece;
		}
		const host = new ImageHost([reply(200, endless())], {
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

	/** Sends the bytes in pieces, with a pause before each but the first; then a whole image. */
	function dripping(bytes: Buffer, length: number, ms: number): ImageHost {
		async function* pieces(signal: AbortSignal) {
			for (let at = 0; at < bytes.length; at += length) {
				if (at > 0) await host.pause(ms, signal);
				yield bytes.subarray(at, at + length);
			}
		}
		const host = new ImageHost([
			async (signal) => await reply(200, pieces(signal))(signal),
			image(png),
		]);
		return host;
	}

	const padded = (length: number) => {
		const chunk = Buffer.alloc(length + 12);
		chunk.writeUInt32BE(length);
		chunk.write('paDd', 4);
		return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
	};

	const [MB, kB] = [1_000_000, 1024];

	test.each([
		['of a byte every 0.3 s is given up after 30 s', MB, 1, 300, 30_750, false],
		['that stalls after a good start, within 60 s', MB, MB, 1e9, 60_750, false],
		['of 63 kB every 30 s, after 60 s', 63 * kB * 5, 63 * (kB / 2), 14_999, 60_750, false],
		['of 64 kB every 30 s is taken', 64 * kB * 5, 64 * (kB / 2), 14_999, 149_990, true],
	])('an image %s', async (_what, size, piece, ms, at, isTaken) => {
		const bytes = padded(size);
		const host = dripping(bytes, piece, ms);
		expect(await host.download()).toMatchObject({ bytes: (isTaken ? bytes : png).length });
		expect(host.clock.time).toBe(at);
	});

	test('the deadline ends an attempt that comes along fast enough', async () => {
		const host = dripping(padded(MB), 8_192, 3_000);
		expect(await host.download(undefined, 100_000)).toEqual({ kind: 'slow' });
		expect([host.clock.time, host.asked.length]).toEqual([100_000, 1]);
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
});
