import type { IBinaryData } from 'n8n-workflow';
import type { BoundedResponse, ByteStream } from '../service/boundedCall';
import { oneLine } from '../service/json';
import { ImageEnd } from './imageEnd';
import { ImageFailure } from './imageFailure';
import { describeOther, HEAD_BYTES, imageTypeOf } from './imageType';
import type { ImageType } from './imageType';

/** The bytes of an image on their way to n8n's storage: checked and counted, never held. */

/** Streams to n8n's storage. */
export type Store = (bytes: ByteStream, type: ImageType) => Promise<IBinaryData>;

export type Downloaded = { binary: IBinaryData; type: ImageType; bytes: number };

/** How far an image has been read. */
export type Reading = {
	bytes: number;
	/** Whether no more bytes are to come. */
	ended: boolean;
	/** What ended it too early. n8n's storages may wrap that error, or not report it. */
	error?: Error;
};

const MAX_REASON_LENGTH = 500;

/** @throws ImageFailure, or the error with which the body ends early */
export async function storeChecked(
	{ headers, body, stream }: BoundedResponse,
	store: Store,
	reading: Reading,
): Promise<Downloaded> {
	const chunks = body[Symbol.asyncIterator]();
	const head = await readHead(chunks);
	const type = imageTypeOf(head);
	if (type === undefined) {
		const sent = describeOther(head, headers['content-type']);
		throw new ImageFailure({ kind: 'content', sent });
	}
	const checked = toStream(checkedBytes(head, chunks, type, reading), stream);
	try {
		const binary = await store(checked, type);
		if (!reading.error) return { binary, type, bytes: reading.bytes };
	} catch (error) {
		const words = error instanceof Error ? error.message : String(error);
		const reason = oneLine(words, MAX_REASON_LENGTH);
		reading.error ??= new ImageFailure({ kind: 'storage', reason }, 'no');
	}
	throw reading.error;
}

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
	let head: Uint8Array = new Uint8Array();
	while (head.length < HEAD_BYTES) {
		const next: IteratorResult<Uint8Array> = await chunks.next();
		if (next.done) break;
		head = head.length === 0 ? next.value : Uint8Array.from([...head, ...next.value]);
	}
	return head;
}

/** The bytes up to the end of the image, however the response ends; throws where they end before it. */
async function* checkedBytes(
	head: Uint8Array,
	chunks: AsyncIterator<Uint8Array>,
	type: ImageType,
	reading: Reading,
): AsyncGenerator<Uint8Array> {
	const end = new ImageEnd(type);
	// No `yield` in a `try`: a stream throws the storage's own errors into it.
	for (let chunk: Uint8Array | undefined = head; chunk;) {
		reading.bytes += chunk.length;
		end.push(chunk);
		yield chunk;
		chunk = end.found ? undefined : await nextOf(chunks, reading);
	}
	reading.ended = true;
	if (!end.found) {
		reading.error ??= new ImageFailure({ kind: 'content', sent: 'only part of the image' });
	}
	if (reading.error) throw reading.error;
}

async function nextOf(chunks: AsyncIterator<Uint8Array>, reading: Reading) {
	try {
		const next: IteratorResult<Uint8Array> = await chunks.next();
		return next.done ? undefined : next.value;
	} catch (error) {
		reading.error = error as Error;
		return undefined;
	}
}

type ReadableClass = {
	from(bytes: AsyncIterable<Uint8Array>, options: { objectMode: boolean }): ByteStream;
};

/**
 * n8n's storages take a Node.js stream. Its class is closed to community nodes as an import, and
 * reached from the stream that n8n has handed out: every readable class inherits `from`.
 */
function toStream(bytes: AsyncIterable<Uint8Array>, like: ByteStream): ByteStream {
	const stream = (like.constructor as unknown as ReadableClass).from(bytes, { objectMode: false });
	// An error after the storage has stopped listening would end n8n's process.
	stream.on?.('error', () => {});
	return stream;
}
