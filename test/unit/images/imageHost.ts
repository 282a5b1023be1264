import type { Readable } from 'node:stream';
import type { Store } from '../../../nodes/GptImage1/images/checkedStream';
import { download } from '../../../nodes/GptImage1/images/download';
import type { ByteStream } from '../../../nodes/GptImage1/service/boundedCall';
import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { RateLimiter } from '../../../nodes/GptImage1/timing/rateLimiter';
import { respond } from '../service/service';
import type { Answer } from '../service/service';
import { ManualClock } from '../timing/manualClock';

/** A host that answers from a list, the last answer every further time, and a storage. */
export class ImageHost {
	readonly clock = new ManualClock(() => 0.5);
	readonly scope = new AbortScope();
	readonly asked: string[] = [];
	readonly stored: Buffer[] = [];
	private readonly bodies: ByteStream[] = [];
	private readonly limiter = new RateLimiter({ perSecond: 100 }, this.clock);

	constructor(
		private readonly answers: Answer[],
		private readonly store: Store = async (stream, type) => {
			this.stored.push(Buffer.concat(await (stream as unknown as Readable).toArray()));
			return { data: '', mimeType: `image/${type}` };
		},
	) {}

	/** How many bodies are not closed. */
	get open(): number {
		return this.bodies.filter((body) => !(body as unknown as Readable).destroyed).length;
	}

	async download(url = 'https://cdn/x.png', deadline = 180_000) {
		const { clock, scope, limiter, store } = this;
		const get = async (address: string, signal: AbortSignal) => {
			const answer = this.answers[this.asked.push(address) - 1] ?? this.answers.at(-1)!;
			const response = await respond(answer, signal);
			this.bodies.push(response.body);
			return response;
		};
		const source = { clock, scope, limiter, store, get, httpAllowed: false };
		return await clock.until(download(url, source, deadline));
	}
}

export const image = (...parts: Uint8Array[]): Answer => ({
	...{ status: 200, headers: { 'content-type': 'image/png' }, body: parts },
});

/** Nine by nine pixels in red. */
export const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAkAAAAJCAIAAABv85FHAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEUlEQVQI12P4z8CACzEMczkACiVQsKI8gegAAAAASUVORK5CYII=',
	'base64',
);
