/**
 * At most so many looks of one run in any such span (ms): under 10 a second, however many items. They
 * need not be evenly spaced: when several tasks are about to end, looks that the run has not used in
 * the second before come close together. Evenly spaced, the last of twenty items of 4 to 8 s is found
 * 0.27 s after its end, and like this 0.16 s (simulated, 600 runs).
 */
const MOST_LOOKS = 10;
const LOOKS_SPAN = 1_005;
/** Between two looks (ms): no closer, so that a look can still make use of what another has found. */
const LOOKS_GAP = 30;

/** Creates that nothing has refused yet are this far apart (ms): twenty start within 40 ms. */
const UNREFUSED_GAP = 2;
const SLOWEST_RATE = 0.5;
const SECOND = 1_000;
const CAUTION = 0.96;
const FIRST_CALM = 10_000;
const LONGEST_CALM = 90_000;
const DOUBLING = 5_000;

/**
 * How fast one node run creates and asks; all its items share one. Times are ms on the caller's
 * clock, which must not run backwards.
 */
export class Pace {
	private looks: number[] = [];
	private looksHeldUntil = 0;
	private looksRefusedAt = -Infinity;
	private looksStretch = 1;

	private turns = new Set<number>();
	private lastTurn = -Infinity;
	private createsHeldUntil = 0;
	private refusals = 0;
	private rate = Infinity;
	private refusedAt = -Infinity;
	private calm = FIRST_CALM;
	/** When creates were accepted, over the last second; and the most that this has ever been. */
	private accepted: number[] = [];
	private mostAccepted = 0;

	/**
	 * Reserves the first moment from `wanted` on at which the run may look. Sleep until the time given,
	 * then ask again with that time as `reserved`: if the answer is later than `now`, a refusal has come
	 * between, or looks that were made late.
	 */
	nextLookAt(now: number, wanted: number, reserved?: number): number {
		if (reserved !== undefined) this.releaseLook(reserved);
		const stretch = this.stretch(now);
		const span = LOOKS_SPAN * stretch;
		this.looks = this.looks.filter((look) => look > now - span);
		let at = Math.max(now, wanted, this.looksHeldUntil);
		if (reserved !== undefined && reserved >= this.looksHeldUntil) {
			// Timers ring late: what counts is when the looks before it were really made.
			const tenthBefore = this.looks.filter((look) => look <= now).at(-MOST_LOOKS);
			at = Math.max(now, (tenthBefore ?? -Infinity) + span);
		} else at = this.firstFree(at, stretch);
		this.reserve(at);
		return at;
	}

	/**
	 * Reserves the last moment until the deadline at which the run may still look; for a task whose
	 * next look would come after it.
	 *
	 * @returns undefined where every moment until then is taken
	 */
	latestLook(now: number, deadline: number): number | undefined {
		const stretch = this.stretch(now);
		const earliest = Math.max(now, this.looksHeldUntil);
		for (let at = deadline; at >= earliest; at -= LOOKS_GAP) {
			if (this.firstFree(at, stretch) !== at) continue;
			this.reserve(at);
			return at;
		}
		return undefined;
	}

	private reserve(at: number): void {
		this.looks.push(at);
		this.looks.sort((one, other) => one - other);
	}

	/** Gives back a look that will not be made. */
	releaseLook(at: number): void {
		const place = this.looks.indexOf(at);
		if (place >= 0) this.looks.splice(place, 1);
	}

	/** A status or result call was answered 429: no look of the run before `retryAfter` (ms) is over. */
	readRefused(now: number, retryAfter: number | undefined, random: number): void {
		if (now >= this.looksHeldUntil) {
			this.looksStretch = Math.min(16, this.stretch(now) * 2);
			this.looksRefusedAt = now;
		}
		const hold = retryAfter ?? SECOND * this.looksStretch * (0.5 + random / 2);
		this.looksHeldUntil = Math.max(this.looksHeldUntil, now + hold);
	}

	/**
	 * When the next create may start. Sleep until the time given, then ask again with that time as
	 * `reserved`; an answer that is not later than `now` is the permission.
	 */
	nextCreateAt(now: number, reserved?: number): number {
		if (reserved !== undefined && this.turns.delete(reserved)) return reserved;
		const gap = this.rate === Infinity ? UNREFUSED_GAP : SECOND / this.rateAt(now);
		const at = Math.max(now, this.createsHeldUntil, this.lastTurn + gap);
		this.lastTurn = at;
		if (at > now) this.turns.add(at);
		return at;
	}

	/** A create was accepted. */
	createAccepted(now: number): void {
		this.refusals = 0;
		this.accepted.push(now);
		this.forget(now);
		this.mostAccepted = Math.max(this.mostAccepted, this.accepted.length);
	}

	/** A create was answered 429: news for every item of the run. */
	createRefused(now: number, retryAfter: number | undefined, random: number): void {
		this.forget(now);
		if (now >= this.createsHeldUntil) {
			const probing = now - this.refusedAt > this.calm && this.refusedAt > -Infinity;
			if (probing) this.calm = Math.min(this.calm * 3, LONGEST_CALM);
			// At first the most that was ever accepted in a second; then what is accepted now, unless
			// that is little for want of creates.
			const least = this.rate === Infinity ? this.mostAccepted : this.rateAt(now) / 2;
			this.rate = Math.max(SLOWEST_RATE, CAUTION * this.accepted.length, CAUTION * least);
			this.refusedAt = now;
			this.refusals++;
		}
		const growing = Math.min(30_000, 250 * 2 ** this.refusals) * (0.5 + random / 2);
		this.createsHeldUntil = Math.max(this.createsHeldUntil, now + (retryAfter ?? growing));
		this.turns.clear();
		this.lastTurn = this.createsHeldUntil - SECOND / this.rate;
	}

	private rateAt(now: number): number {
		const probed = now - this.refusedAt - this.calm;
		return probed > 0 ? this.rate * 2 ** (probed / DOUBLING) : this.rate;
	}

	private forget(now: number): void {
		this.accepted = this.accepted.filter((time) => time > now - SECOND);
	}

	private stretch(now: number): number {
		return Math.max(1, this.looksStretch * 2 ** ((this.looksRefusedAt - now) / 10_000));
	}

	/** The first time from `earliest` on that is a gap away from every look reserved, and no crowd. */
	private firstFree(earliest: number, stretch: number): number {
		const gap = LOOKS_GAP * stretch;
		let at = earliest;
		for (;;) {
			for (const look of this.looks) {
				if (look >= at + gap) break;
				if (look > at - gap) at = look + gap;
			}
			const crowdedUntil = this.crowdedUntil(at, LOOKS_SPAN * stretch);
			if (crowdedUntil === undefined) return at;
			at = crowdedUntil;
		}
	}

	/** @returns undefined where one more look at `at` leaves every such span within its limit */
	private crowdedUntil(at: number, span: number): number | undefined {
		const before = this.looks.filter((look) => look <= at).length;
		const looks = [...this.looks.slice(0, before), at, ...this.looks.slice(before)];
		for (let first = Math.max(0, before - MOST_LOOKS); first <= before; first++) {
			const last = looks[first + MOST_LOOKS];
			if (last === undefined) return undefined;
			// Compared as sums, since a difference may be rounded to just below the span.
			if (last >= looks[first]! + span) continue;
			return (first === before ? looks[first + 1]! : looks[first]!) + span;
		}
		return undefined;
	}
}
