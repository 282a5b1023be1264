import { Readable } from 'node:stream';
import type { IBinaryData } from 'n8n-workflow';
import sharp from 'sharp';
import { LARGEST_IMAGE } from '../../nodes/GptImage1/images/checkedStream';
import { download } from '../../nodes/GptImage1/images/download';
import type { ImageAnswer, ImageSource } from '../../nodes/GptImage1/images/download';
import type { Clock } from '../../nodes/GptImage1/task/clock';
import { Ended } from '../../nodes/GptImage1/task/errors';

let picture: Buffer;
beforeAll(async () => {
	picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
		.png()
		.toBuffer();
});

/** A clock whose sleeps take no time; a pause, which watches over a download, lasts for ever. */
function simulatedClock(): Clock & { time: number } {
	return {
		time: 0,
		now() {
			return this.time;
		},
		random: () => 0.5,
		checkStop: () => {},
		async sleepUntil(at) {
			this.time = Math.max(this.time, at);
		},
		pause: async (_ms, signal) =>
			await new Promise((resolve) =>
				signal?.addEventListener('abort', () => resolve(false), { once: true }),
			),
	};
}

type Reply = (signal: AbortSignal) => ImageAnswer | Promise<ImageAnswer>;

const reply =
	(status: number, parts: Uint8Array[] = [], headers: Record<string, string> = {}): Reply =>
	() => ({ status, headers, body: Readable.from(parts, { objectMode: false }) as never });

const bytes = (...parts: Uint8Array[]) => reply(200, parts, { 'content-type': 'image/png' });

/** A host that answers from a list, the last answer for ever, and a storage that keeps the bytes. */
function host(replies: Reply[], change: Partial<ImageSource> = {}) {
	const asked: string[] = [];
	const stored: Buffer[] = [];
	const clock = simulatedClock();
	const source: ImageSource = {
		clock,
		signal: undefined,
		httpAllowed: false,
		async get(url, signal) {
			asked.push(url);
			return await (replies[asked.length - 1] ?? replies.at(-1)!)(signal);
		},
		async store(stream, type) {
			const parts: Uint8Array[] = [];
			for await (const part of stream) parts.push(part);
			stored.push(Buffer.concat(parts));
			return { data: '', mimeType: `image/${type}` };
		},
		...change,
	};
	const fetch = async (url = 'https://cdn/x.png', deadline = 180_000) =>
		await download(url, source, deadline);
	return { asked, stored, clock, fetch };
}

test('the bytes as they came, however they were cut into pieces', async () => {
	for (const size of [1, 5, 12, 100_000]) {
		const parts: Buffer[] = [];
		for (let at = 0; at < picture.length; at += size) parts.push(picture.subarray(at, at + size));
		const { fetch, stored } = host([bytes(...parts)]);
		expect(await fetch()).toEqual({
			binary: { data: '', mimeType: 'image/png' },
			type: 'png',
			bytes: picture.length,
		});
		expect(stored).toEqual([picture]);
	}
});

describe('addresses', () => {
	test.each([
		...['http://cdn/x.png', 'file:///etc/passwd', 'ftp://cdn/x', 'data:image/png,x', 'x.png'],
		...['', '//cdn/x.png', 'javascript:1', 'https://'],
	])('%j is not asked where the base URL is https', async (url) => {
		const { asked, fetch } = host([bytes(picture)]);
		expect(await fetch(url)).toEqual({ kind: 'address' });
		expect(asked).toEqual([]);
	});

	test('http is asked only where the base URL is http itself', async () => {
		const { asked, fetch } = host([bytes(picture)], { httpAllowed: true });
		expect(await fetch('http://cdn/x.png')).toMatchObject({ type: 'png' });
		expect(await fetch('file:///etc/passwd')).toEqual({ kind: 'address' });
		expect(asked).toEqual(['http://cdn/x.png']);
	});

	test.each([
		['/moved.png', ['https://cdn/x.png', 'https://cdn/moved.png']],
		['https://other/y.png', ['https://cdn/x.png', 'https://other/y.png']],
	])('a redirect to %s is followed', async (location, urls) => {
		const { asked, fetch } = host([reply(302, [], { location }), bytes(picture)]);
		expect(await fetch()).toMatchObject({ type: 'png' });
		expect(asked).toEqual(urls);
	});

	test.each(['http://cdn/x.png', 'file:///etc/passwd', 'https://[', 'ftp://x/y'])(
		'a redirect to %s is not',
		async (location) => {
			const { asked, fetch } = host([reply(301, [], { location }), bytes(picture)]);
			expect(await fetch()).toEqual({ kind: 'address' });
			expect(asked).toHaveLength(1);
		},
	);

	test('a redirect to nowhere', async () => {
		const { fetch } = host([reply(302)]);
		expect(await fetch()).toEqual({ kind: 'status', status: 302 });
	});

	test('five redirects are followed, the sixth is one too many', async () => {
		const moved = reply(302, [], { location: '/x.png' });
		const five = host([...Array<Reply>(5).fill(moved), bytes(picture)]);
		expect(await five.fetch()).toMatchObject({ type: 'png' });
		const more = host([moved]);
		expect(await more.fetch()).toMatchObject({ kind: 'content' });
		expect(more.asked).toHaveLength(6);
	});
});

describe('what is repeated, and how often', () => {
	const broken: Reply = async () =>
		await Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
	const html = () => reply(200, [Buffer.from('<html>')]);

	test.each<[string, () => Reply, number, object]>([
		['404', () => reply(404), 1, { kind: 'status', status: 404 }],
		['403', () => reply(403), 1, { kind: 'status', status: 403 }],
		['408', () => reply(408), 6, { kind: 'status', status: 408 }],
		['429', () => reply(429), 6, { kind: 'status', status: 429 }],
		['503', () => reply(503), 6, { kind: 'status', status: 503 }],
		['a broken line', () => broken, 6, { kind: 'network', code: 'ECONNRESET' }],
		['a page', html, 3, { kind: 'content', what: expect.stringContaining('a page') }],
		[
			'half an image',
			() => bytes(picture.subarray(0, 60)),
			3,
			{ kind: 'content', what: expect.stringContaining('cut off') },
		],
	])('%s', async (_what, answer, times, fault) => {
		const { asked, fetch } = host([answer()]);
		expect(await fetch()).toEqual(fault);
		expect(asked).toHaveLength(times);
	});

	test('Retry-After is heeded', async () => {
		const { clock, fetch } = host([reply(503, [], { 'retry-after': '20' }), bytes(picture)]);
		expect(await fetch()).toMatchObject({ type: 'png' });
		expect(clock.time).toBeGreaterThanOrEqual(20_000);
		expect(clock.time).toBeLessThan(21_000);
	});

	test('nothing is repeated past the deadline', async () => {
		const { asked, clock, fetch } = host([reply(503)]);
		await fetch(undefined, 5000);
		expect(clock.time).toBeLessThan(5000);
		expect(asked.length).toBeGreaterThan(1);
		expect(asked.length).toBeLessThan(6);
	});

	test('a line that breaks in the middle of an image', async () => {
		const cut: Reply = () => ({
			status: 200,
			headers: {},
			body: Readable.from(
				(function* () {
					yield picture.subarray(0, 50);
					throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
				})(),
				{ objectMode: false },
			) as never,
		});
		const { asked, stored, fetch } = host([cut, bytes(picture)]);
		expect(await fetch()).toMatchObject({ type: 'png', bytes: picture.length });
		expect(asked).toHaveLength(2);
		expect(stored).toEqual([picture]);
	});
});

test('more than any image can be is cut off, and not asked for again', async () => {
	const piece = Buffer.alloc(8 * 1024 * 1024);
	const endless: Reply = () => ({
		status: 200,
		headers: {},
		body: Readable.from(
			(function* () {
				yield picture;
				for (;;) yield piece;
			})(),
			{ objectMode: false },
		) as never,
	});
	let kept = 0;
	const { asked, fetch } = host([endless], {
		async store(stream) {
			for await (const part of stream) kept += part.length;
			return {} as IBinaryData;
		},
	});
	expect(await fetch()).toEqual({ kind: 'size', limit: LARGEST_IMAGE });
	expect(asked).toHaveLength(1);
	expect(kept).toBeLessThanOrEqual(LARGEST_IMAGE);
});

test.each([
	[new Error('disk full'), 'disk full'],
	['no place', 'no place'],
])('a storage that fails is not asked again: %s', async (reason, what) => {
	const store = jest.fn(async () => await Promise.reject(reason as Error));
	const { asked, fetch } = host([bytes(picture)], { store });
	expect(await fetch()).toEqual({ kind: 'storage', what });
	expect(asked).toHaveLength(1);
});

describe('a download that comes to a standstill', () => {
	const hangs: Reply = async (signal) =>
		await new Promise((_resolve, reject) =>
			signal.addEventListener('abort', () =>
				reject(Object.assign(new Error('aborted'), { code: 'ERR_CANCELED' })),
			),
		);

	test('is given up after half a minute without a byte, and begun again', async () => {
		const clock = simulatedClock();
		const pauses: number[] = [];
		clock.pause = async (ms, signal) => {
			pauses.push(ms);
			await new Promise((resolve) => setTimeout(resolve, 5));
			return !signal?.aborted;
		};
		const { asked, fetch } = host([hangs, bytes(picture)], { clock });
		expect(await fetch()).toMatchObject({ type: 'png' });
		expect(asked).toHaveLength(2);
		expect(pauses[0]).toBe(30_000);
	});

	test('Stop ends it at once, and nothing is repeated', async () => {
		const stop = new AbortController();
		const clock = simulatedClock();
		clock.checkStop = () => {
			if (stop.signal.aborted) throw new Ended();
		};
		const { asked, fetch } = host([hangs], { clock, signal: stop.signal });
		const fetching = fetch();
		stop.abort();
		await expect(fetching).rejects.toBeInstanceOf(Ended);
		expect(asked).toHaveLength(1);
	});
});
