export type Limits = {
	/** A bucket of this many creates, filled again at this many a second. */
	createsPerSecond?: number;
	/** Tasks that may be unfinished at once. */
	openTasks?: number;
	/** Whether a 429 says when to come back. Default true. */
	retryAfterHeader?: boolean;
};

export type OverLimit = { message: string; retryAfter?: number };

/** Keeps the limits on creates. */
export class Gate {
	private tokens: number;

	private filledAt = Date.now();

	constructor(private readonly limits: Limits) {
		this.tokens = limits.createsPerSecond ?? Infinity;
	}

	/** Lets a create in, or says why not; `retryAfter` in whole seconds, at least 1. */
	enter(openTasks: () => number): OverLimit | undefined {
		const { createsPerSecond, openTasks: most = Infinity, retryAfterHeader = true } = this.limits;
		const over = (message: string, seconds: number): OverLimit => ({
			message,
			retryAfter: retryAfterHeader ? Math.max(1, Math.ceil(seconds)) : undefined,
		});
		if (most < Infinity && openTasks() >= most) return over(`At most ${most} unfinished tasks`, 1);
		if (createsPerSecond === undefined) return undefined;

		const now = Date.now();
		const refill = ((now - this.filledAt) / 1000) * createsPerSecond;
		this.tokens = Math.min(createsPerSecond, this.tokens + refill);
		this.filledAt = now;
		if (this.tokens < 1) {
			const message = `At most ${createsPerSecond} requests a second`;
			return over(message, (1 - this.tokens) / createsPerSecond);
		}
		this.tokens -= 1;
		return undefined;
	}

	reset(): void {
		this.tokens = this.limits.createsPerSecond ?? Infinity;
	}
}
