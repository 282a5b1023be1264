import * as workflow from 'n8n-workflow';
import type { AbortScope } from './abort';
import { Aborted } from './abort';

export type Clock = {
	now(): number; // ms on a clock that only runs forward; for sleeps, deadlines and limits
	date(): number; // ms since 1970, for dates alone
	random(): number; // from 0 to below 1
	/** Resolves not before `at`; rejects with Aborted on abort, also where `at` has passed. */
	sleepUntil(at: number, scope: AbortScope): Promise<void>;
};

type Sleeps = Record<string, (ms: number, signal: AbortSignal) => Promise<void>>;
/** From n8n-workflow 2.34 on its `sleep` takes a signal; before, `sleepWithAbort` did. */
const { sleep, sleepWithAbort = sleep! } = workflow as unknown as Sleeps;
const MAX_TIMER_MS = 2 ** 31 - 1;
const ignore = () => {};

export const systemClock: Clock = {
	now: () => performance.now(),
	date: () => Date.now(),
	random: () => Math.random(),
	async sleepUntil(at, scope) {
		scope.throwIfAborted();
		// A timer may ring a millisecond early, hence the loop.
		for (let left; (left = at - performance.now()) > 0; scope.throwIfAborted()) {
			const sleeping = scope.child(); // for a new signal: 1.120 never takes its listener off
			await sleepWithAbort(Math.min(Math.ceil(left), MAX_TIMER_MS), sleeping.signal).catch(ignore);
			sleeping.close();
		}
	},
};

export class DeadlinePassed extends Error {}
/** Aborts the scope of `work` at the deadline, and settles whether or not `work` obeys. */
export async function withDeadline<T>(
	clock: Clock,
	deadline: number,
	scope: AbortScope,
	work: (scope: AbortScope) => Promise<T>,
): Promise<T> {
	scope.throwIfAborted();
	if (clock.now() >= deadline) throw new DeadlinePassed();
	const [working, timer] = [scope.child(), scope.child()];
	timer.onAbort(() => working.close());
	return await new Promise<T>((resolve, reject) => {
		working.onAbort(() => reject(scope.aborted ? new Aborted() : new DeadlinePassed()));
		clock.sleepUntil(deadline, timer).then(() => working.abort(), ignore);
		work(working).then(resolve, reject);
	}).finally(() => timer.abort());
}
