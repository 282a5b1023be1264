import { statusRow } from '../images/rows';
import { drive } from './operation';
import { requestIdOf } from './parameters';

/** How long failed reads are repeated, in milliseconds. */
export const READ_TIME = 60_000;

/** One look at a task. */
export const getStatus = drive({
	plan: requestIdOf,

	async act(item, requestId) {
		const status = await item.client.status(requestId, item.clock.now() + READ_TIME);
		return [statusRow(requestId, status)];
	},
});
