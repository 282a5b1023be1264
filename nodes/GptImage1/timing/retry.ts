import type { AbortScope } from './abort';
import { backoffMs } from './backoff';
import type { Clock } from './clock';

/** 'refused': 429, never a failure. 'later': not there yet (404 just after the create, 202). */
type Repeat = 'no' | 'refused' | 'failed' | 'later';
export type Failed = { error: Error; repeat: Repeat; retryAfterMs?: number | undefined };
export type Attempt<T> = { value: T } | Failed;
/** Read again after each attempt. */
export type RetryPolicy = {
	maxFailures: number; // the last of them is thrown
	deadline: number; // no attempt but the first starts past it
	graceUntil?: number; // until when 'later' is repeated, the last time then
	keepsPlace?: boolean; // a refused attempt waits in the line of its rate limiter alone
};

/** Waits between attempts for Retry-After, and no less than a backoff that grows with its kind. */
export async function retry<T>(
	attempt: () => Promise<Attempt<T>>,
	policy: RetryPolicy,
	clock: Clock,
	scope: AbortScope,
): Promise<T> {
	for (const counts = { refused: 0, failed: 0, later: 0 }; ;) {
		scope.throwIfAborted();
		const outcome = await attempt();
		if ('value' in outcome) return outcome.value;
		const { error, repeat, retryAfterMs = 0 } = outcome;
		const { maxFailures, deadline, graceUntil = -Infinity } = policy;
		const isLater = repeat === 'later';
		const leftMs = Math.min(deadline, isLater ? graceUntil : Infinity) - clock.now();
		if (repeat === 'no' || leftMs <= 0) throw error;
		// A refusal waits, too: the limiter forgets it as soon as another call is accepted.
		const backoff = backoffMs(counts[repeat]++, clock.random());
		const waitMs = Math.max(retryAfterMs, Math.min(backoff, isLater ? leftMs : Infinity));
		if (counts.failed >= maxFailures || waitMs > leftMs) throw error;
		const waitsInLine = repeat === 'refused' && policy.keepsPlace;
		if (!waitsInLine) await clock.sleepUntil(clock.now() + waitMs, scope);
	}
}
