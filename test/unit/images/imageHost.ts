import { Readable } from 'node:stream';
import type { ImageSource } from '../../../nodes/GptImage1/images/download';
import { download } from '../../../nodes/GptImage1/images/download';
import type { ByteStream, Response } from '../../../nodes/GptImage1/service/boundedCall';
import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { RateLimiter } from '../../../nodes/GptImage1/timing/rateLimiter';
import { ManualClock, settled } from '../timing/manualClock';

export type Reply = (signal: AbortSignal) => Promise<Response>;

/**
 * An image host that gives its replies in turn, the last one forever, and a storage that keeps the
 * bytes. Time passes only while nothing is under way but sleeps and `pause`.
 */
export class ImageHost {
	readonly clock = new ManualClock(() => 0.5);

	readonly scope = new AbortScope();

	readonly asked: string[] = [];

	readonly stored: Buffer[] = [];

	/** How many bodies were handed out and are not closed. */
	open = 0;

	private storing = 0;

	private paused = 0;

	private readonly source: ImageSource;

	constructor(
		private readonly replies: Reply[],
		change: Partial<ImageSource> = {},
	) {
		const { clock, scope } = this;
		this.source = {
			...{ clock, scope, httpAllowed: false },
			limiter: new RateLimiter({ perSecond: 100 }, clock),
			get: async (url, signal) => await this.reply(url, signal),
			store: async (stream, type) => {
				const parts: Uint8Array[] = [];
				for await (const part of stream) parts.push(part);
				this.stored.push(Buffer.concat(parts));
				return { data: '', mimeType: `image/${type}` };
			},
			...change,
		};
		const { store } = this.source;
		this.source.store = async (bytes, type) => {
			this.storing++;
			return await store(bytes, type).finally(() => this.storing--);
		};
	}

	/** Time passes in the middle of a reply or of storing. */
	async pause(ms: number, signal?: AbortSignal): Promise<void> {
		this.paused++;
		const scope = new AbortScope(signal);
		await this.clock.sleepUntil(this.clock.now() + ms, scope).finally(() => {
			this.paused--;
			scope.close();
		});
	}

	async download(url = 'https://cdn/x.png', deadline = 180_000) {
		let isOver = false;
		const downloading = download(url, this.source, deadline).finally(() => (isOver = true));
		downloading.catch(() => {});
		for (await settled(); !isOver; await settled()) {
			const isIdle = this.paused > 0 || this.open + this.storing === 0;
			if (isIdle) await this.clock.ring();
		}
		return await downloading;
	}

	private async reply(url: string, signal: AbortSignal): Promise<Response> {
		this.asked.push(url);
		const response = await (this.replies[this.asked.length - 1] ?? this.replies.at(-1)!)(signal);
		this.open++;
		(response.body as unknown as Readable).once('close', () => this.open--);
		return response;
	}
}

type Headers = Record<string, string>;
type Parts = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export const reply =
	(status: number, parts: Parts = [], headers: Headers = {}): Reply =>
	async () => ({
		...{ status, headers },
		body: Readable.from(parts, { objectMode: false }) as ByteStream,
	});

export const image = (...parts: Uint8Array[]) => reply(200, parts, { 'content-type': 'image/png' });

const networkError = (code: string) => Object.assign(new Error('failed'), { code });

export const failing = (code: string) => async () => await Promise.reject(networkError(code));

/** Breaks the connection after some bytes. */
export const breaking = (bytes: Uint8Array): Reply => {
	async function* broken() {
		yield bytes;
		throw networkError('ECONNRESET');
	}
	return async (signal) => await reply(200, broken())(signal);
};

/** Never replies. */
export const hanging: Reply = async (signal) =>
	await new Promise((_resolve, reject) =>
		signal.addEventListener('abort', () => reject(networkError('ERR_CANCELED'))),
	);
