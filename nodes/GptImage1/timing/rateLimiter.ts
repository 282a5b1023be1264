import { AbortScope } from './abort';
import { backoffMs } from './backoff';
import type { Clock } from './clock';
import { withDeadline } from './clock';
import { Semaphore } from './semaphore';

/** `grows`: until the first refusal, twice what was accepted in the last second is allowed too. */
export type RateLimits = { perSecond: number; grows?: boolean };
/** `holdMs`: how long the hold still lasts; 0 where it is no hold that is in the way. */
export type Turn = { granted: true } | { granted: false; holdMs: number };

const WINDOW_MS = 1_005; // more than a second, as calls arrive less evenly than they are made
const FIRST_HOLD_MS = 500;
const MARGIN = 0.96; // of what the service took, to stay below its limit
const MIN_RATE = 0.5;
const COOLDOWN_MS = 30_000;
const DOUBLING_MS = 10_000;

/** Turns in the order of asking, for calls that share what is learned from the response to each. */
export class RateLimiter {
	private readonly line = new Semaphore(); // who holds its only permit sleeps until the next turn
	private sleeping = new AbortScope();
	private readonly waiting = new Map<AbortScope, () => boolean>(); // and whether held too long
	private readonly turns: number[] = []; // those within the window, and in any case the last
	private readonly acceptedAt: number[] = [];
	private rate = Infinity; // turns a second as the last refusal left it
	private heldUntil = -Infinity;
	private holds = 0; // in a row, without a call accepted between them
	private places = 0;
	lastAcceptedAt = -Infinity;

	constructor(
		private limits: RateLimits,
		private readonly clock: Clock,
	) {}
	/** A place in the line for all turns of one call, so that none that came later is before it. */
	place(): number {
		return this.places++;
	}
	/** Waits until `deadline`, if no hold lasts longer; a free turn is granted even after it. */
	async turn(
		deadline: number,
		scope: AbortScope,
		maxHoldMs = Infinity,
		place?: number,
	): Promise<Turn> {
		scope.throwIfAborted();
		if (this.waiting.size === 0 && !this.take()) return { granted: true };
		const waiting = scope.child();
		const isHeldTooLong = () => this.heldUntil > Math.min(deadline, this.clock.now() + maxHoldMs);
		this.waiting.set(waiting, isHeldTooLong);
		if (isHeldTooLong()) waiting.abort();
		const wait = async (inTime: AbortScope) => {
			const next = () => this.takeNext(inTime, place);
			for (let turn; ;) if ((turn = await this.line.run(1, inTime, next, place))) return turn;
		};
		const turn = await withDeadline(this.clock, deadline, waiting, wait).catch(() => undefined);
		this.waiting.delete(waiting);
		waiting.close();
		scope.throwIfAborted();
		return turn ?? { granted: false, holdMs: Math.max(0, this.heldUntil - this.clock.now()) };
	}
	/** A call was answered with anything but 429. */
	accepted(): void {
		this.lastAcceptedAt = this.clock.now();
		this.acceptedAt.push(this.lastAcceptedAt);
		if (this.clock.now() >= this.heldUntil) this.holds = 0; // else it was sent before the hold
		if (this.limits.grows) this.sleeping.abort();
	}
	/** A call was answered 429: all are held for Retry-After and no less than a growing backoff. */
	refused(retryAfterMs = 0): void {
		const now = this.clock.now();
		// Those that follow in a row say nothing new about the rate.
		if (now >= this.heldUntil && this.holds++ === 0) {
			const accepted = this.acceptedInLastSecond(now);
			const perSecond = Math.max(this.limits.perSecond, this.limits.grows ? accepted : 0);
			this.limits = { perSecond };
			this.rate = MARGIN * Math.max(accepted, Math.min(perSecond, this.rateAt(now)) / 2, MIN_RATE);
		}
		const backoff = backoffMs(this.holds - 1, this.clock.random(), FIRST_HOLD_MS);
		this.heldUntil = Math.max(this.heldUntil, now + Math.max(retryAfterMs, backoff));
		for (const [waiting, isHeldTooLong] of this.waiting) if (isHeldTooLong()) waiting.abort();
	}
	/** @returns undefined where a call with an earlier place has come meanwhile */
	private async takeNext(scope: AbortScope, place = Infinity): Promise<Turn | undefined> {
		for (let at; (at = this.take());) {
			this.sleeping = scope.child();
			await this.clock.sleepUntil(at, this.sleeping).catch(() => scope.throwIfAborted());
			this.sleeping.close();
			if (this.line.nextPlace < place) return undefined;
		}
		return { granted: true };
	}
	/** @returns when the next turn comes; undefined where it had come and is taken */
	private take(): number | undefined {
		const now = this.clock.now();
		while (this.turns.length > 1 && this.turns[0]! + WINDOW_MS <= now) this.turns.shift();
		const accepted = this.acceptedInLastSecond(now);
		const most = Math.max(this.limits.perSecond, this.limits.grows ? 2 * accepted : 0);
		const full = (this.turns.at(-most) ?? -Infinity) + WINDOW_MS;
		const spaced = (this.turns.at(-1) ?? -Infinity) + WINDOW_MS / this.rateAt(now);
		const at = Math.max(this.heldUntil, full, spaced);
		if (at > now) return at;
		this.turns.push(now);
	}
	private rateAt(now: number): number {
		return this.rate * 2 ** (Math.max(0, now - this.heldUntil - COOLDOWN_MS) / DOUBLING_MS);
	}
	private acceptedInLastSecond(now: number): number {
		while (this.acceptedAt[0]! <= now - 1_000) this.acceptedAt.shift();
		return this.acceptedAt.length;
	}
}
