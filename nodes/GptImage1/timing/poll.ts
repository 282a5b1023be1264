import type { AbortScope } from './abort';
import type { Clock } from './clock';

/** Times are the clock's `now()`. */
export type Poll<T> = {
	read: (deadline: number) => Promise<T | undefined>; // undefined: no turn in time
	hasEnded: (value: T) => boolean;
	onRead?: (value: T) => void;
	delayMs: (ageMs: number) => number;
	createdAt: number;
	firstAt: number | undefined; // when the first poll is wanted; undefined: after `delayMs`
	deadline: number;
};
type Polled<T> = { ended: T } | { timedOut: true; last: T | undefined };

/** Polls until `hasEnded`, for the last time at the deadline, or until it has no turn in time. */
export async function poll<T>(it: Poll<T>, clock: Clock, scope: AbortScope): Promise<Polled<T>> {
	let last: T | undefined;
	for (let wantedAt = it.firstAt; ; wantedAt = undefined) {
		wantedAt ??= clock.now() + it.delayMs(clock.now() - it.createdAt);
		await clock.sleepUntil(Math.min(wantedAt, it.deadline), scope);
		const isLast = clock.now() >= it.deadline;
		const value = await it.read(it.deadline);
		if (value === undefined) return { timedOut: true, last };
		it.onRead?.(value);
		if (it.hasEnded(value)) return { ended: value };
		if (isLast) return { timedOut: true, last: value };
		last = value;
	}
}
