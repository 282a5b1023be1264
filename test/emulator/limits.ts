import type { Call } from './records';

export type Limits = {
	/** A bucket of this many creates, filled again at this many a second. */
	createsPerSecond?: number;
	/** The same for the other calls, each with a bucket of its own. */
	pollsPerSecond?: number;
	resultsPerSecond?: number;
	cancelsPerSecond?: number;
	/** Tasks that may be unfinished at once. */
	openTasks?: number;
	/** Whether a 429 says when to come back. Default true. */
	retryAfterHeader?: boolean;
};

export type OverLimit = { message: string; retryAfter?: number };

/** A token bucket: `rate` calls at once, and `rate` more each second. */
class Bucket {
	private tokens: number;

	private filledAt = Date.now();

	constructor(private readonly rate: number) {
		this.tokens = rate;
	}

	/** Takes a token, or returns the seconds until there will be one. */
	take(): number | undefined {
		const now = Date.now();
		const refill = ((now - this.filledAt) / 1000) * this.rate;
		this.tokens = Math.min(this.rate, this.tokens + refill);
		this.filledAt = now;
		if (this.tokens < 1) return (1 - this.tokens) / this.rate;
		this.tokens -= 1;
		return undefined;
	}
}

/** Keeps the limits on calls. */
export class Gate {
	private buckets = new Map<Call, Bucket>();

	constructor(private readonly limits: Limits) {
		this.reset();
	}

	/** Lets a call in, or says why not; `retryAfter` in whole seconds, at least 1. */
	enter(call: Call, openTasks: () => number): OverLimit | undefined {
		const { openTasks: most = Infinity } = this.limits;
		if (call === 'create' && most < Infinity && openTasks() >= most)
			return this.over(`At most ${most} unfinished tasks`, 1);
		const seconds = this.buckets.get(call)?.take();
		if (seconds === undefined) return undefined;
		return this.over(`At most ${this.rateOf(call)} requests a second`, seconds);
	}

	reset(): void {
		this.buckets.clear();
		for (const call of ['create', 'status', 'result', 'cancel'] as const) {
			const rate = this.rateOf(call);
			if (rate !== undefined) this.buckets.set(call, new Bucket(rate));
		}
	}

	private rateOf(call: Call): number | undefined {
		const { createsPerSecond, pollsPerSecond, resultsPerSecond, cancelsPerSecond } = this.limits;
		return {
			create: createsPerSecond,
			status: pollsPerSecond,
			result: resultsPerSecond,
			cancel: cancelsPerSecond,
			image: undefined,
		}[call];
	}

	private over(message: string, seconds: number): OverLimit {
		const { retryAfterHeader = true } = this.limits;
		const retryAfter = retryAfterHeader ? Math.max(1, Math.ceil(seconds)) : undefined;
		return { message, retryAfter };
	}
}
