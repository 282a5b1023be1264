import type { IBinaryData } from 'n8n-workflow';
import sharp from 'sharp';
import { MAX_IMAGE_BYTES } from '../../../nodes/GptImage1/images/download';
import { Aborted } from '../../../nodes/GptImage1/timing/abort';
import { broken } from '../service/service';
import type { Answer } from '../service/service';
import { image, ImageHost, PNG } from './imageHost';

const DELIVERED = { type: 'png' };

test.each([
	['png', 1],
	['png', 5],
	['jpeg', 12],
	['webp', 100_000],
] as const)('a %s in pieces of %i bytes is stored up to the last piece', async (type, size) => {
	const picture = await sharp(PNG).toFormat(type).toBuffer();
	const bytes = Buffer.concat([picture, Buffer.from('\r\n and more')]);
	const parts: Buffer[] = [];
	for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
	const host = new ImageHost([image(...parts)]);
	const binary = { data: '', mimeType: `image/${type}` };
	const whole = bytes.subarray(0, Math.ceil(picture.length / size) * size);
	expect(await host.download()).toEqual({ binary, type, bytes: whole.length });
	expect(host.stored).toEqual([whole]);
});

describe('URLs', () => {
	test.each([
		...['http://cdn/x.png', 'file:///etc/passwd', 'ftp://cdn/x', 'data:image/png,x', 'x.png'],
		...['', '//cdn/x.png', 'javascript:1', 'https://'],
	])('%j is not requested if the base URL is https', async (url) => {
		const host = new ImageHost([image(PNG)]);
		expect(await host.download(url)).toEqual({ kind: 'address' });
		expect(host.asked).toEqual([]);
	});

	test.each<[string | undefined, object, string[]]>([
		['/moved.png', DELIVERED, ['https://cdn/moved.png']],
		['https://other/y.png', DELIVERED, ['https://other/y.png']],
		['http://cdn/x.png', { kind: 'address' }, []],
		['file:///etc/passwd', { kind: 'address' }, []],
		['https://[', { kind: 'address' }, []],
		[undefined, { kind: 'status', status: 302 }, []],
	])('a redirect to %s: %j', async (location, outcome, moved) => {
		const host = new ImageHost([{ status: 302, headers: { location }, body: [] }, image(PNG)]);
		expect(await host.download()).toMatchObject(outcome);
		expect(host.asked).toEqual(['https://cdn/x.png', ...moved]);
		expect(host.open).toBe(0);
	});

	test.each([
		[5, DELIVERED],
		[6, { kind: 'redirects', max: 5 }],
	])('%i redirects: %j', async (count, outcome) => {
		const moved: Answer = { status: 302, headers: { location: '/x.png' } };
		const host = new ImageHost([...Array<Answer>(count).fill(moved), image(PNG)]);
		expect(await host.download()).toMatchObject(outcome);
		expect(host.asked).toHaveLength(6);
	});
});

const HTML = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' };
const CONTENT = { kind: 'content' };
const CUT = { ...CONTENT, sent: 'only part of the image' };
const RESET = { kind: 'network', code: 'ECONNRESET' };

test.each<[string, Answer, number, object]>([
	['404', { status: 404 }, 5, { kind: 'status', status: 404 }],
	['403', { status: 403 }, 1, { kind: 'status', status: 403 }],
	['408', { status: 408 }, 6, { kind: 'status', status: 408 }],
	['425', { status: 425 }, 6, { kind: 'status', status: 425 }],
	['503', { status: 503 }, 6, { kind: 'status', status: 503 }],
	['a reset connection', broken('ECONNRESET'), 6, RESET],
	['a bad certificate', broken('CERT_HAS_EXPIRED'), 1, { kind: 'network' }],
	['a page', HTML, 3, { ...CONTENT, sent: 'a web page instead of an image' }],
	['no data', image(), 3, { ...CONTENT, sent: 'no data' }],
	['all but the last byte', image(PNG.subarray(0, -1)), 3, CUT],
])('an image whose host sends %s is asked for again', async (_what, answer, times, fault) => {
	const host = new ImageHost([answer]);
	expect(await host.download()).toMatchObject(fault);
	expect(host.asked).toHaveLength(times);
	expect([host.open, host.clock.timers, host.stored]).toEqual([0, 0, []]);
});

const refused = (status: number, after: string) => ({ status, headers: { 'retry-after': after } });

const ON_DATE = 'Thu, 01 Jan 1970 00:00:20 GMT';
const often = (count: number, answer: Answer) => Array<Answer>(count).fill(answer);

test.each<[string, Answer[], object, number, number, number?]>([
	['20 s later', [refused(503, '20')], DELIVERED, 2, 20_000],
	['at a later date', [{ status: 503 }, refused(503, ON_DATE)], DELIVERED, 3, 20_000],
	['however often it is refused', often(20, refused(429, '3')), DELIVERED, 21, 364_500],
	['after 30 s of silence', ['hang'], DELIVERED, 2, 30_750],
	['six times', often(6, 'hang'), { kind: 'slow' }, 6, 6 * 30_000 + 750 * 31],
	['until its deadline', often(9, 'hang'), { kind: 'slow' }, 6, 180_000, 180_000],
	['ten seconds from its first 404', often(4, { status: 404 }), DELIVERED, 5, 10_000],
	['not past it', often(9, { status: 503 }), { status: 503 }, 3, 2_250, 5_000],
	['not in a hold past it', [refused(429, '9')], { status: 429 }, 1, 0, 5_000],
])('an image is asked for again: %s', async (_, answers, outcome, times, at, until = 9e5) => {
	const host = new ImageHost([...answers, image(PNG)]);
	expect(await host.download(undefined, until)).toMatchObject(outcome);
	expect([host.asked.length, host.clock.time]).toEqual([times, at]);
});

test('other images wait for the end of a hold, if it comes in time', async () => {
	const host = new ImageHost([refused(429, '3'), image(PNG)]);
	for (const _ of [1, 2]) {
		expect(await host.download(undefined, 1_000)).toEqual({ kind: 'status', status: 429 });
		expect(host.asked).toHaveLength(1);
	}
	expect(await host.download()).toMatchObject(DELIVERED);
	expect([host.clock.now(), host.asked.length]).toEqual([3_000, 2]);
});

test('an image that is delivered resets the hold that follows a refusal', async () => {
	const BUSY = { status: 429 };
	const host = new ImageHost([...often(3, BUSY), image(PNG), BUSY, image(PNG)]);
	await host.download();
	const before = host.clock.now();
	expect(await host.download()).toMatchObject(DELIVERED);
	expect(host.clock.now() - before).toBeLessThan(1_000);
});

test('an image larger than 64 MB is cut off and not requested again', async () => {
	function* endless() {
		yield PNG.subarray(0, 33);
		for (;;) yield Buffer.alloc(8 * 1024 * 1024);
	}
	const host = new ImageHost([{ status: 200, body: endless }]);
	expect(MAX_IMAGE_BYTES).toBe(64 * 1024 * 1024);
	expect(await host.download()).toEqual({ kind: 'size', maxBytes: MAX_IMAGE_BYTES });
	expect([host.asked.length, host.stored]).toEqual([1, []]);
});

describe('an image that drips', () => {
	/** Sends an image in pieces, with a pause before each but the first; then a small one. */
	function dripping(size: number, pieceLength: number, ms: number): ImageHost {
		const filling = Buffer.alloc(size + 12);
		filling.writeUInt32BE(size);
		const bytes = Buffer.concat([PNG.subarray(0, 33), filling, PNG.subarray(33)]);
		async function* pieces() {
			for (let at = 0; at < bytes.length; at += pieceLength) {
				if (at > 0) await host.clock.sleep(ms);
				yield bytes.subarray(at, at + pieceLength);
			}
		}
		const host: ImageHost = new ImageHost([{ status: 200, body: pieces }, image(PNG)]);
		return host;
	}

	const [MB, kB] = [1_000_000, 1024];

	test.each([
		['of a byte every 0.3 s is given up after 30 s', MB, 1, 300, 30_750, 2],
		['that stalls after a good start, within 60 s', MB, MB, 1e9, 60_750, 2],
		['of 63 kB every 30 s, after 60 s', 63 * kB * 5, 63 * (kB / 2), 14_999, 60_750, 2],
		['of 64 kB every 30 s is taken', 64 * kB * 5, 64 * (kB / 2), 14_999, 149_990, 1],
	])('%s', async (_what, size, pieceLength, ms, at, times) => {
		const host = dripping(size, pieceLength, ms);
		expect(await host.download()).toMatchObject(DELIVERED);
		expect([host.clock.time, host.asked.length]).toEqual([at, times]);
	});

	test('fast enough ends with the deadline', async () => {
		const host = dripping(MB, 8_192, 3_000);
		expect(await host.download(undefined, 100_000)).toEqual({ kind: 'slow' });
		expect([host.clock.time, host.asked.length]).toEqual([100_000, 1]);
	});

	test('into a storage that takes its time once all bytes have come is taken', async () => {
		const host: ImageHost = new ImageHost([image(PNG)], async (stream) => {
			for await (const _part of stream);
			await host.clock.sleep(100_000);
			return {} as IBinaryData;
		});
		expect(await host.download()).toMatchObject(DELIVERED);
		expect(host.asked).toHaveLength(1);
	});
});

// The first two sleeps of an attempt are for its limits.
test.each<[string, Answer, number]>([
	['an attempt', 'hang', 2],
	['a backoff', { status: 503 }, 3],
	['a wait for Retry-After', refused(429, '100'), 3],
])('Stop ends %s at once, and nothing is requested after it', async (_what, answer, sleeps) => {
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
