import type { Attempt } from './call';
import type { TaskStatus } from './contract';
import type { ObservedDuration } from './durations';

/** What the loop is given: it knows neither HTTP nor n8n nor how time passes. */
export type Watch = {
	/** One look at the task. */
	look(): Promise<Attempt<TaskStatus>>;
	now(): number;
	/**
	 * Sleeps until a look may be made, at `wanted` or as soon after it as the run's other looks allow;
	 * where that would be past the deadline, at the last moment before it. Rejects on Stop.
	 *
	 * @returns false, at the deadline, where there was no room for a look
	 */
	untilLook(wanted: number): Promise<boolean>;
	/** How long to wait for the next look at a task of such an age, both in ms. */
	delay(age: number): number;
	/** How long to wait after so many failed looks in a row, in ms. */
	retryIn(failures: number, retryAfter?: number): number;
	/** Told of every look that was answered; for log lines. */
	onStatus?(status: TaskStatus): void;
	/** When the task was created, in ms since 1970. */
	born: number;
	/** True for a task from an earlier try, which may have ended long ago: the first look is at once. */
	resumed: boolean;
	/** When to give up, in ms since 1970. */
	deadline: number;
	/** Until when a 404 may mean that the service has not taken note of its new task, in ms since 1970. */
	graceUntil: number;
};

export type Waited =
	| { status: TaskStatus; duration: ObservedDuration }
	| { timedOut: true; last: TaskStatus | undefined };

/** So many looks in a row may fail; with growing delays these are some three minutes. */
const MOST_FAILURES = 10;

/** Whether the task runs no more, well or badly. */
export const hasEnded = ({ state }: TaskStatus) => state !== 'queued' && state !== 'running';

/**
 * Looks at a task until it has ended or the deadline has come. No look is wanted past the deadline; the
 * last one is wanted at the deadline itself, so that a task that ends in the last interval is not missed
 * unless so many share the deadline that some have their last look sooner.
 *
 * @returns the last status with the time span in which the task ended, or that the time was up
 * @throws Problem where a look fails in a way that another look cannot mend; whatever
 * `untilLook` and `look` reject with on Stop
 */
export async function waitForEnd(watch: Watch): Promise<Waited> {
	let last: TaskStatus | undefined;
	let openAt = watch.born;
	let failures = 0;
	const next = () => watch.now() + watch.delay(watch.now() - watch.born);
	for (let wanted = watch.resumed ? watch.now() : next(); ;) {
		if (!(await watch.untilLook(Math.min(wanted, watch.deadline)))) return { timedOut: true, last };
		const asked = watch.now();
		const attempt = await watch.look();
		if ('value' in attempt) {
			const status = attempt.value;
			watch.onStatus?.(status);
			if (hasEnded(status)) {
				const duration = { after: openAt - watch.born, by: watch.now() - watch.born };
				return { status, duration };
			}
			[last, openAt, failures] = [status, asked, 0];
			wanted = next();
		} else {
			const tooEarly = attempt.problem.details.httpCode === 404 && watch.now() < watch.graceUntil;
			if (!tooEarly && (!attempt.again || ++failures > MOST_FAILURES)) throw attempt.problem;
			wanted = watch.now() + watch.retryIn(Math.max(1, failures), attempt.retryAfter);
		}
		if (asked >= watch.deadline) return { timedOut: true, last };
	}
}
