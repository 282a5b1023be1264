import { Readable } from 'node:stream';
import { CONNECTION_CUT, systemError } from './networkFaults';

/** How the body of a response comes: in which pieces, how far apart, and how it ends. */
export type BodyPlan = {
	/** The next piece; undefined where none is left. */
	next: () => Buffer | undefined;
	/** What Content-Length says; chunked where it is absent. */
	length?: number;
	/** Milliseconds before each piece; at once where it is absent. */
	gapMs?: () => number;
	end?: 'ends' | 'breaks' | 'stalls';
};

/** Runs `work` after so many milliseconds; returns how to call it off. */
export type After = (ms: number, work: () => void) => () => void;

export const realAfter: After = (ms, work) => {
	const timer = setTimeout(work, ms);
	return () => clearTimeout(timer);
};

/** A body on its way, and how much of it has been taken so far. */
export class Body extends Readable {
	readonly taken = { bytes: 0, chunks: 0 };
	private cancelTimer = () => {};

	constructor(
		private readonly plan: BodyPlan,
		private readonly after: After,
	) {
		super();
	}

	override _read(): void {
		const { gapMs } = this.plan;
		if (gapMs) this.cancelTimer = this.after(gapMs(), () => this.pushNext());
		else this.pushNext();
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		this.cancelTimer();
		done(error);
	}

	private pushNext(): void {
		const part = this.plan.next();
		const { end = 'ends' } = this.plan;
		if (part !== undefined) {
			this.taken.bytes += part.length;
			this.taken.chunks++;
			this.push(part);
		} else if (end === 'ends') this.push(null);
		else if (end === 'breaks') this.destroy(systemError(CONNECTION_CUT));
	}
}

/** All of the bytes, so many at a time. */
export const inPieces = (bytes: Buffer, size: number): BodyPlan['next'] => {
	let from = 0;
	return () => {
		if (from >= bytes.length) return undefined;
		from += size;
		return bytes.subarray(from - size, from);
	};
};
