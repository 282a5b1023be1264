import type { Scenario } from './scenario';

/**
 * The longest that an execution may take, from the budgets that the node's sources state; in ms.
 * Generous where budgets overlap: it catches what never ends, not what is slow.
 */

/** `LONGEST_REFUSAL` and one more create: run/createTask.ts, task/client.ts. */
const CREATE = 600_000 + 600_000 + 120_000;
/** A look may begin at the deadline and take its longest; task/client.ts. */
const LAST_LOOK = 30_000;
/** A cancel and its repeats, then the status in `DELIVERY_TIME`: run/waitForTask.ts. */
const TIMED_OUT = 30_000 + 180_000 + 30_000;
/** `DELIVERY_TIME` for the result, a last call, the status behind a refused one: run/waitForTask.ts. */
const RESULT = 180_000 + 3 * 30_000;
/** `DELIVERY_TIME` for an image and a last attempt: five redirects of a minute and a slow stream. */
const IMAGE = 180_000 + 6 * 60_000 + 60_000;
/** `MOST_DOWNLOADS`: run/nodeRun.ts. */
const DOWNLOADS_AT_ONCE = 3;

export function deadlineOf(scenario: Scenario): number {
	const { items, images, inFlight, timeout, tries, batchInterval, operation } = scenario;
	const generates = operation === 'generate';
	const rounds = generates ? Math.ceil(items / inFlight) : 1;
	const wait = scenario.wait ? timeout * 1000 + LAST_LOOK + TIMED_OUT : 0;
	const open = (generates ? CREATE : 0) + wait;
	const downloads = Math.ceil((items * images) / DOWNLOADS_AT_ONCE) * IMAGE;
	const oneTry = rounds * open + RESULT + downloads + items * batchInterval;
	return tries * (oneTry + 5_000);
}
