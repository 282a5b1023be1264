import * as workflow from 'n8n-workflow';
import type { Clock } from '../task/client';
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
	const pause = async (ms: number, signal: AbortSignal) =>
		await sleepWithAbort(Math.min(ms, LONGEST_TIMER), signal).then(
			() => true,
			() => false,
		);
	return {
		now: () => Date.now(),
		random: () => Math.random(),
		checkStop,
		pause,
		async sleepUntil(at, outlivesStop = false) {
			// A timer may ring a millisecond early, hence the loop.
			for (let left = at - Date.now(); left > 0; left = at - Date.now()) {
				if (outlivesStop) await sleep(left);
				else await pause(left, ended);
				if (!outlivesStop) checkStop();
			}
			if (!outlivesStop) checkStop();
		},
	};
}
