import { NOT_FOUND_GRACE_MS } from '../service/retryRules';
import { AbortScope } from '../timing/abort';
import type { Task } from './task';

/** How long a cancel that follows a Stop is repeated while the service cannot take it, in ms. */
const CANCEL_ON_STOP_MS = 600_000;

/**
 * Cancels a task that is open when the user has pressed Stop. Never rejects: after Stop only the log
 * is left to report to.
 *
 * @param onCancelled called with what the service did: it cancelled the task, or that had ended already
 */
export async function cancelOnStop(
	{ item, requestId, created }: Task,
	onCancelled: (outcome: 'ended' | 'succeeded') => void,
): Promise<void> {
	const { client, progress } = item;
	if (!item.cancelOnStop) {
		const message = "stopped: task left running because 'Cancel on Stop' is off";
		progress.log('info', message, { requestId });
		return;
	}
	const options = {
		requestId,
		created,
		budgetMs: CANCEL_ON_STOP_MS,
		maxFailures: Infinity,
		graceMs: NOT_FOUND_GRACE_MS,
		givesUp: true,
	};
	await client.cancel(options, new AbortScope()).then(
		({ accepted }) => {
			onCancelled(accepted ? 'ended' : 'succeeded');
			const outcome = accepted ? 'task cancelled' : 'task had already finished';
			progress.log('info', `stopped: ${outcome}`, { requestId });
		},
		({ message: reason }: Error) =>
			progress.log('warn', 'stopped: could not cancel the task', { requestId, reason }),
	);
}
