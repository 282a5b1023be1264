/** Time as one execution lives it. */
export type Clock = {
	/** Milliseconds since 1970. */
	now(): number;
	/** Rejects on a Stop that has been or that comes, unless it outlives it. */
	sleepUntil(at: number, outlivesStop?: boolean): Promise<void>;
	/** @returns false where a Stop or `signal` ended the pause before its time; never rejects */
	pause(ms: number, signal?: AbortSignal): Promise<boolean>;
	/** Throws after a Stop. */
	checkStop(): void;
	/** From 0 to below 1. */
	random(): number;
};
