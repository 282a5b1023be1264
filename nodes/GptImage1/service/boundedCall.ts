import type { IDataObject } from 'n8n-workflow';
import type { AbortScope } from '../timing/abort';
import type { Clock } from '../timing/clock';
import { withDeadline } from '../timing/clock';

/** A Node.js stream, as n8n's request functions hand it out; all that is used of it. */
export type ByteStream = AsyncIterable<Uint8Array> & {
	destroy(error?: Error): void;
	on?(event: 'error', listener: () => void): unknown;
};

export type Response = { status: number; headers: IDataObject; body: ByteStream };

export type BoundedResponse = {
	status: number;
	headers: IDataObject;
	/** Yields at most so many bytes as the call allows, then throws TooLarge. */
	body: AsyncIterable<Uint8Array>;
	/** The stream as n8n handed it out, for its class. */
	stream: ByteStream;
};

export class TooLarge extends Error {
	constructor(readonly maxBytes: number) {
		super('The response is too large');
	}
}

export type BoundedCall<T> = {
	/** Rejects where no response came. `signal` ends the call and the stream of its response. */
	send: (signal: AbortSignal) => Promise<Response>;
	/** On the clock that only runs forward, in ms. */
	deadline: number;
	maxBytes: number;
	scope: AbortScope;
	clock: Clock;
	consume: (response: BoundedResponse) => Promise<T>;
};

/**
 * Sends a request and hands its response on to be read, all of it under one signal, one deadline and one
 * limit in bytes. n8n's own `timeout` bounds nothing once the headers have come, and it sets no limit
 * in bytes. The stream is destroyed at the end, whatever became of it.
 *
 * @throws Aborted, DeadlinePassed, TooLarge, and what `send` and `consume` throw
 */
export async function boundedCall<T>(call: BoundedCall<T>): Promise<T> {
	const { send, deadline, maxBytes, scope, clock, consume } = call;
	return await withDeadline(clock, deadline, scope, async (own) => {
		const { status, headers, body } = await send(own.signal);
		// An error that comes when the body is no longer read would end n8n's process.
		body.on?.('error', () => {});
		const off = own.onAbort(() => body.destroy());
		try {
			own.throwIfAborted();
			return await consume({ status, headers, body: limited(body, maxBytes), stream: body });
		} finally {
			off();
			body.destroy();
		}
	});
}

async function* limited(body: AsyncIterable<Uint8Array>, maxBytes: number) {
	let bytes = 0;
	for await (const chunk of body) {
		bytes += chunk.length;
		if (bytes > maxBytes) throw new TooLarge(maxBytes);
		yield chunk;
	}
}

/**
 * Reads the text of a body.
 *
 * @param read grows with what comes, for a body that ends early
 * @param cutAt how much is read of it at most, in bytes; the rest is left out
 */
export async function readText(
	body: AsyncIterable<Uint8Array>,
	read: { text: string },
	cutAt: number,
): Promise<void> {
	const decoder = new TextDecoder();
	let bytes = 0;
	for await (const chunk of body) {
		read.text += decoder.decode(chunk, { stream: true });
		bytes += chunk.length;
		if (bytes > cutAt) break;
	}
	read.text += decoder.decode();
}
