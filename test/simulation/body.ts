import { Readable } from 'node:stream';
import type { SimulatedClock } from './clock';
import { CUT_STREAM, systemError } from './faultyResponses';

/** How the body of a response comes: in which pieces, how far apart, and how it ends. */
export type BodyPlan = {
	/** Repeated for ever where it is a function that never returns undefined. */
	next: () => Buffer | undefined;
	/** Milliseconds before each piece; at once where it is absent. */
	gapMs?: () => number;
	end?: 'ends' | 'breaks' | 'stalls';
};

/** A body, and how much of it has been taken so far. */
export type Body = { stream: Readable; taken: { bytes: number; chunks: number } };

export function timedBody(clock: SimulatedClock, { next, gapMs, end = 'ends' }: BodyPlan): Body {
	let cancelTimer = () => {};
	const taken = { bytes: 0, chunks: 0 };
	const push = () => {
		const part = next();
		if (part !== undefined) {
			taken.bytes += part.length;
			taken.chunks++;
			stream.push(part);
		} else if (end === 'ends') stream.push(null);
		else if (end === 'breaks') stream.destroy(systemError(CUT_STREAM));
	};
	const stream = new Readable({
		read: () => {
			if (gapMs) cancelTimer = clock.after(gapMs(), push);
			else push();
		},
		destroy: (error, done) => {
			cancelTimer();
			done(error);
		},
	});
	return { stream, taken };
}

/** Gives out the parts one after the other. */
export const inOrder = (parts: Buffer[]): BodyPlan['next'] => {
	let index = 0;
	return () => parts[index++];
};

/** All of the bytes, so many at a time. */
export const inPieces = (bytes: Buffer, size: number): BodyPlan['next'] => {
	let from = 0;
	return () => {
		if (from >= bytes.length) return undefined;
		const piece = bytes.subarray(from, from + size);
		from += size;
		return piece;
	};
};

const CHUNK = Buffer.alloc(64 * 1024, '<');

/** So many bytes of nothing that makes sense, made as they are taken. */
export const filling = (total: number): BodyPlan['next'] => {
	let left = total;
	return () => {
		if (left <= 0) return undefined;
		left -= CHUNK.length;
		return CHUNK;
	};
};
