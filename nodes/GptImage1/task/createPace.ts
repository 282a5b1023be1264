/** Creates that nothing has refused yet are this far apart (ms): twenty start within 40 ms. */
const UNREFUSED_GAP = 2;
const SLOWEST_RATE = 0.5;
const CAUTION = 0.96;
const FIRST_CALM = 10_000;
const LONGEST_CALM = 90_000;
const DOUBLING = 5_000;
const SECOND = 1_000;

/** When one node run may create its tasks. Times are ms on a clock that never runs back. */
export class CreatePace {
	private turns = new Set<number>();
	private lastTurn = -Infinity;
	private heldUntil = 0;
	private refusals = 0;
	private rate = Infinity;
	private refusedAt = -Infinity;
	private calm = FIRST_CALM;
	/** When creates were accepted, over the last second; and the most that this has ever been. */
	private acceptedAt: number[] = [];
	private mostAccepted = 0;

	/**
	 * When the next create may start. Sleep until the time given, then ask again with that time as
	 * `reserved`; an answer that is not later than `now` is the permission.
	 */
	next(now: number, reserved?: number): number {
		if (reserved !== undefined && this.turns.delete(reserved)) return reserved;
		const gap = this.rate === Infinity ? UNREFUSED_GAP : SECOND / this.rateAt(now);
		const at = Math.max(now, this.heldUntil, this.lastTurn + gap);
		this.lastTurn = at;
		if (at > now) this.turns.add(at);
		return at;
	}

	/** A create was accepted. */
	accepted(now: number): void {
		this.refusals = 0;
		this.acceptedAt.push(now);
		this.forget(now);
		this.mostAccepted = Math.max(this.mostAccepted, this.acceptedAt.length);
	}

	/** A create was answered 429: news for every item of the run. */
	refused(now: number, retryAfter: number | undefined, random: number): void {
		this.forget(now);
		if (now >= this.heldUntil) {
			const probing = now - this.refusedAt > this.calm && this.refusedAt > -Infinity;
			if (probing) this.calm = Math.min(this.calm * 3, LONGEST_CALM);
			// At first the most that was ever accepted in a second; then what is accepted now, unless
			// that is little for want of creates.
			const least = this.rate === Infinity ? this.mostAccepted : this.rateAt(now) / 2;
			this.rate = Math.max(SLOWEST_RATE, CAUTION * this.acceptedAt.length, CAUTION * least);
			this.refusedAt = now;
			this.refusals++;
		}
		const growing = Math.min(30_000, 250 * 2 ** this.refusals) * (0.5 + random / 2);
		this.heldUntil = Math.max(this.heldUntil, now + (retryAfter ?? growing));
		this.turns.clear();
		this.lastTurn = this.heldUntil - SECOND / this.rate;
	}

	private rateAt(now: number): number {
		const probed = now - this.refusedAt - this.calm;
		return probed > 0 ? this.rate * 2 ** (probed / DOUBLING) : this.rate;
	}

	private forget(now: number): void {
		this.acceptedAt = this.acceptedAt.filter((time) => time > now - SECOND);
	}
}
