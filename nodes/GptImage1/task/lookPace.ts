/**
 * At most so many looks of one run in any such span (ms): under 10 a second, however many items. They
 * need not be evenly spaced: when several tasks are about to end, looks that the run has not used in
 * the second before come close together. Evenly spaced, the last of twenty items of 4 to 8 s is found
 * 0.27 s after its end, and like this 0.18 s (simulated, 600 runs).
 */
const MOST_LOOKS = 10;
const LOOKS_SPAN = 1_005;
/** Between two looks (ms): no closer, so that a look can still make use of what another has found. */
const LOOKS_GAP = 30;

const SECOND = 1_000;

/** When the tasks of one node run may be looked at. Times are ms on a clock that never runs back. */
export class LookPace {
	/** In order: those made of late, and those reserved. */
	private looks: number[] = [];
	private heldUntil = 0;
	private refusedAt = -Infinity;
	private stretched = 1;

	/**
	 * Reserves the first moment from `wanted` on at which the run may look. Sleep until the time given,
	 * then ask again with that time as `reserved`: if the answer is later than `now`, a refusal has come
	 * between, or looks that were made late.
	 */
	next(now: number, wanted: number, reserved?: number): number {
		if (reserved !== undefined) this.release(reserved);
		const stretch = this.stretch(now);
		const span = LOOKS_SPAN * stretch;
		this.looks = this.looks.filter((look) => look > now - span);
		let at = Math.max(now, wanted, this.heldUntil);
		if (reserved !== undefined && reserved >= this.heldUntil) {
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
	latest(now: number, deadline: number): number | undefined {
		const stretch = this.stretch(now);
		const earliest = Math.max(now, this.heldUntil);
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
	release(at: number): void {
		const place = this.looks.indexOf(at);
		if (place >= 0) this.looks.splice(place, 1);
	}

	/** A status or result call was answered 429: no look of the run before `retryAfter` (ms) is over. */
	refused(now: number, retryAfter: number | undefined, random: number): void {
		if (now >= this.heldUntil) {
			this.stretched = Math.min(16, this.stretch(now) * 2);
			this.refusedAt = now;
		}
		const hold = retryAfter ?? SECOND * this.stretched * (0.5 + random / 2);
		this.heldUntil = Math.max(this.heldUntil, now + hold);
	}

	private stretch(now: number): number {
		return Math.max(1, this.stretched * 2 ** ((this.refusedAt - now) / 10_000));
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
