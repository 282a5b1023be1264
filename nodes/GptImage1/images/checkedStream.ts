import type { ImageFault } from '../task/errors';
import { networkFailure } from '../task/networkFailure';
import { HEAD_BYTES, isWhole, TAIL_BYTES } from './imageType';
import type { ImageType } from './imageType';

/** The bytes of an image on their way through: looked at, counted, never held. */

/** A Node.js stream, as n8n's request function yields it; the type alone is all that is used of it. */
export type ByteStream = AsyncIterable<Uint8Array> & { destroy(error?: Error): void };

/** GPT Image 1 makes at most 1536 x 1024 pixels, some 6 MB; in bytes. */
export const LARGEST_IMAGE = 64 * 1024 * 1024;

/** Carries a fault out of a stream that n8n's storage reads. */
export class FaultyImage extends Error {
	constructor(readonly fault: ImageFault) {
		super(fault.kind);
	}
}

export async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
	let head: Uint8Array = new Uint8Array();
	while (head.length < HEAD_BYTES) {
		const next: IteratorResult<Uint8Array> = await chunks.next();
		if (next.done) break;
		head = head.length === 0 ? next.value : joined(head, next.value);
	}
	return head;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
	const both = new Uint8Array(first.length + second.length);
	both.set(first);
	both.set(second, first.length);
	return both;
}

/** The bytes as they come, counted; ends in a fault where they are too many or not all there. */
export async function* checkedBytes(
	start: Uint8Array,
	rest: AsyncIterator<Uint8Array>,
	type: ImageType,
	progress: { bytes: number },
): AsyncGenerator<Uint8Array> {
	let tail: Uint8Array = new Uint8Array();
	let fault: ImageFault | undefined;
	const head = start.slice(0, HEAD_BYTES);
	for (let chunk: Uint8Array | undefined = start; chunk !== undefined;) {
		progress.bytes += chunk.length;
		if (progress.bytes > LARGEST_IMAGE)
			throw new FaultyImage({ kind: 'size', limit: LARGEST_IMAGE });
		tail =
			chunk.length >= TAIL_BYTES
				? chunk.slice(-TAIL_BYTES)
				: joined(tail, chunk).slice(-TAIL_BYTES);
		yield chunk;
		try {
			const next: IteratorResult<Uint8Array> = await rest.next();
			chunk = next.done ? undefined : next.value;
		} catch (error) {
			fault = { kind: 'network', code: networkFailure(error).code };
			chunk = undefined;
		}
	}
	if (fault === undefined && !isWhole(type, head, tail, progress.bytes)) {
		fault = { kind: 'content', what: 'the image host sent an image that is cut off' };
	}
	if (fault !== undefined) throw new FaultyImage(fault);
}

type ReadableClass = {
	from(bytes: AsyncIterable<Uint8Array>, options: { objectMode: boolean }): ByteStream;
};

/**
 * n8n's storages take a Node.js stream. Its class is closed to community nodes as an import, and
 * reached from the stream that n8n has handed out: every readable class inherits `from`.
 */
export function toStream(bytes: AsyncIterable<Uint8Array>, like: ByteStream): ByteStream {
	return (like.constructor as unknown as ReadableClass).from(bytes, { objectMode: false });
}
