import type { NetworkFailure } from './networkFailure';
import type { Call } from './types';

/**
 * What may be repeated. A create that the service may have accepted never is: the image would be paid
 * for twice. So a create is repeated only where nothing can have been accepted: after a 429, which the
 * service documents as "not accepted", or where no connection came about. A status, result or cancel
 * call changes nothing when it is repeated.
 */

/** Failed attempts of one call in all, where repeating it is the only remedy; refusals do not count. */
export const MAX_FAILURES: Record<Call, number> = { create: 5, status: 6, result: 8, cancel: 4 };

/** Failed polls in a row that a wait bears; with growing pauses these are some three minutes. */
export const MAX_FAILED_POLLS = 10;

/** How long failed or refused reads and cancels are repeated, from their first turn, in ms. */
export const READ_BUDGET_MS = 60_000;

/** How long refused creates are repeated, from the last one answered otherwise, in ms. */
export const CREATE_BUDGET_MS = 600_000;

/** The longest that one call may take, in ms. A lost create costs more than a late one. */
export const REQUEST_TIMEOUT_MS: Record<Call, number> = {
	create: 120_000,
	status: 30_000,
	result: 30_000,
	cancel: 10_000,
};

/**
 * How long the service may not know a task, or a result, that it has confirmed: it can be a little
 * behind itself. In ms; for tasks of this execution, and for request IDs that a user gave.
 */
export const NOT_FOUND_GRACE_MS = 30_000;
export const GIVEN_NOT_FOUND_GRACE_MS = 3_000;

export function mayRepeatStatus(call: Call, status: number): boolean {
	if (call === 'create') return false;
	return status === 408 || status === 425 || status >= 500;
}

export const mayRepeatFailure = (call: Call, { neverSent, hopeless }: NetworkFailure) =>
	!hopeless && (call !== 'create' || neverSent);
