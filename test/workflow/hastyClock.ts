import type * as NodeClock from '../../nodes/GptImage1/run/clock';
import { Ended } from '../../nodes/GptImage1/task/errors';

type Sleeper = { at: number; wake: () => void };

/** How far ahead of the wall clock the time of the node is, in ms; it only grows. */
let ahead = 0;
let sleepers: Sleeper[] = [];
const now = () => Date.now() + ahead;

/** Skips to the moment that the first sleeper waits for; who is due by then wakes up too. */
function wakeNext(): void {
	const first = Math.min(...sleepers.map(({ at }) => at));
	ahead += Math.max(0, first - now());
	const due = sleepers.filter(({ at }) => at <= now());
	sleepers = sleepers.filter(({ at }) => at > now());
	for (const { wake } of due) wake();
}

/**
 * The node's clock with its sleeps cut out: who sleeps till a moment wakes a millisecond later to find
 * that it has come. So every delay, deadline and Retry-After counts in full and costs no time. For
 * `jest.mock` in place of `run/clock`; what a Stop does to a sleep is tested without it.
 */
export const clockUntil: typeof NodeClock.clockUntil = (ended) => {
	const real = jest
		.requireActual<typeof NodeClock>('../../nodes/GptImage1/run/clock')
		.clockUntil(ended);
	return {
		...real,
		now,
		random: () => 0.5,
		async sleepUntil(at, outlivesStop = false) {
			const stopped = () => {
				if (ended.aborted && !outlivesStop) throw new Ended();
			};
			stopped();
			if (at > now()) {
				await new Promise<void>((wake) => {
					sleepers.push({ at, wake });
					setTimeout(() => {
						if (sleepers.length > 0) wakeNext();
					}, 1);
				});
			}
			stopped();
		},
	};
};
