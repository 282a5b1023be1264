import * as workflow from 'n8n-workflow';
import type { Clock } from '../task/clock';
import { Ended } from '../task/errors';

type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/**
 * n8n's own sleep: from n8n-workflow 2.34 on it heeds a signal; before, `sleepWithAbort` did, which
 * 2.34 removed (engine fact 9).
 */
const { sleep, sleepWithAbort = sleep } = workflow as unknown as {
	sleep: Sleep;
	sleepWithAbort?: Sleep;
};

/** The longest that one timer of Node.js can run, in ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** @param ended aborted when nothing that waits is wanted any more */
export function clockUntil(ended: AbortSignal): Clock {
	const checkStop = () => {
		if (ended.aborted) throw new Ended();
	};
	// One listener on the shared signal, whatever the number of sleepers: Node.js takes more than ten
	// for a leak and warns, and n8n-workflow 1.120 never takes off those that its sleep adds.
	const sleepers = new Set<AbortController>();
	ended.addEventListener('abort', () => sleepers.forEach((sleeper) => sleeper.abort()), {
		once: true,
	});
	const pause = async (ms: number, signal?: AbortSignal) => {
		const sleeper = new AbortController();
		const wake = () => sleeper.abort();
		if (ended.aborted || signal?.aborted) return false;
		sleepers.add(sleeper);
		signal?.addEventListener('abort', wake, { once: true });
		return await sleepWithAbort(Math.min(ms, LONGEST_TIMER), sleeper.signal)
			.then(
				() => true,
				() => false,
			)
			.finally(() => {
				sleepers.delete(sleeper);
				signal?.removeEventListener('abort', wake);
			});
	};
	return {
		now: () => Date.now(),
		random: () => Math.random(),
		checkStop,
		pause,
		async sleepUntil(at, outlivesStop = false) {
			// A timer may ring a millisecond early, hence the loop.
			for (let left = at - Date.now(); left > 0; left = at - Date.now()) {
				if (outlivesStop) await sleep(left);
				else await pause(left);
				if (!outlivesStop) checkStop();
			}
			if (!outlivesStop) checkStop();
		},
	};
}
