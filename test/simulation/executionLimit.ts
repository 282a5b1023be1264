import type { Scenario } from './scenario';

/**
 * The longest that an execution may take, from the budgets that the node's sources state; in ms.
 * Generous where budgets overlap: it catches what never ends, not what is slow.
 */

/** Waiting for a turn through holds, `CREATE_BUDGET_MS`, and one more create: service/retryRules.ts. */
const CREATE_MS = 600_000 + 600_000 + 120_000;
/** A cancel and its repeats, then the status in `DELIVERY_MS`: run/waitForTask.ts. */
const TIMED_OUT_MS = 1_000 + 50_000 + 210_000;
/** `DELIVERY_MS` for the result, a last call, the status behind a refused one: run/taskResult.ts. */
const RESULT_MS = 210_000 + 120_000;
/** `DELIVERY_MS` for all attempts at an image, and how many are made at once: images/download.ts. */
const IMAGE_MS = 180_000;
const MAX_DOWNLOADS = 3;
/** Turns of one task at the lowest rate after refusals, 2.1 s each: timing/rateLimiter.ts. */
const TURNS_MS = 5 * 2_100;

export function executionLimitMs(scenario: Scenario): number {
	const { items, images, inFlight, timeout, tries, batchInterval, operation } = scenario;
	const generates = operation === 'generate';
	const rounds = generates ? Math.ceil(items / inFlight) : 1;
	const wait = scenario.wait || scenario.collects ? timeout * 1000 + TIMED_OUT_MS : 0;
	const open = (generates ? CREATE_MS : 0) + wait;
	const downloads = Math.ceil((items * images) / MAX_DOWNLOADS) * IMAGE_MS;
	const oneTry = rounds * open + RESULT_MS + downloads + items * (batchInterval + TURNS_MS);
	return tries * (oneTry + 5_000);
}

/** After Stop a create of two minutes may still come back, and cancels are repeated for ten. */
export const aftermathLimitMs = ({ items }: Scenario) =>
	120_000 + 600_000 + 60_000 + items * TURNS_MS;
