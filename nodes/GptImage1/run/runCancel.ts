import { requestIdOf } from './parameters';
import { runOperation } from './runOperation';

/** Asks for the end of a task; one that has ended otherwise is a normal outcome, and not cancelled. */
export const runCancel = runOperation({
	plan: requestIdOf,

	async act(item, requestId) {
		const { client, run } = item;
		const options = { requestId, created: false };
		const { accepted, fields } = await client.cancel(options, run.scope);
		const status = accepted ? 'CANCELLATION_REQUESTED' : 'ALREADY_COMPLETED';
		// Too late means that the task has ended, but not how: an earlier attempt, whose response was lost,
		// may have cancelled it.
		const state = accepted ? 'cancelled' : (await client.status(options, run.scope)).state;
		const cancelled = state === 'cancelled';
		// n8n takes an item with a key `error` for a failed run.
		const { error: _error, ...others } = fields;
		return [{ json: { ...others, request_id: requestId, status, state, cancelled } }];
	},
});
