import { READ_TIME } from './getStatus';
import { drive } from './operation';
import { requestIdOf } from './parameters';

/** Asks for the end of a task; one that had ended already is a normal outcome. */
export const cancel = drive({
	plan: requestIdOf,

	async act(item, requestId) {
		const { client, clock } = item;
		const { taken, fields } = await client.cancel(requestId);
		const status = taken ? 'CANCELLATION_REQUESTED' : 'ALREADY_COMPLETED';
		// Too late means that the task has ended, but not how.
		const state = taken
			? 'cancelled'
			: (await client.status(requestId, clock.now() + READ_TIME)).state;
		return [{ json: { ...fields, request_id: requestId, status, state, cancelled: taken } }];
	},
});
