import { statusItem } from '../images/outputItems';
import { requestIdOf } from './parameters';
import { runOperation } from './runOperation';

/** The status of a task, asked for once. */
export const runGetStatus = runOperation({
	plan: requestIdOf,

	async act(item, requestId) {
		const status = await item.client.status({ requestId, created: false }, item.run.scope);
		return [statusItem(requestId, status)];
	},
});
