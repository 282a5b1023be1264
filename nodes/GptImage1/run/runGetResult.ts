import { taskFailed } from '../errors/tasks';
import { statusItem } from '../images/outputItems';
import { NOT_FOUND_GRACE_MS, READ_BUDGET_MS } from '../service/retryRules';
import { isResult } from '../service/types';
import { deliver } from './deliver';
import type { ImagePlan, WaitPlan } from './parameters';
import { imagePlan, optionsOf, requestIdOf, waitPlan } from './parameters';
import { runOperation } from './runOperation';
import { askForResult, resultOf } from './taskResult';
import { waitForTask } from './waitForTask';

type GetResultPlan = { requestId: string; wait: WaitPlan | undefined; images: ImagePlan };

/** Fetches the result of a task by its ID; where there is none yet, waits for it if so wanted. */
export const runGetResult = runOperation<GetResultPlan>({
	plan(item) {
		const options = optionsOf(item);
		return {
			requestId: requestIdOf(item),
			wait: waitPlan(item, options),
			images: imagePlan(item, options),
		};
	},

	async act(item, { requestId, wait, images }) {
		const { tasks } = item.run.execution;
		const created = false;
		const task = wait && tasks.track(item, requestId);
		// The node before may have created the task a moment ago.
		const firstAsk = wait && {
			graceMs: NOT_FOUND_GRACE_MS,
			budgetMs: Math.min(READ_BUDGET_MS, wait.timeoutSeconds * 1000),
		};
		const response = await askForResult(item, requestId, created, firstAsk);
		const succeeded = isResult(response) || response.state === 'succeeded';
		if (succeeded && task) tasks.step(task, { is: 'succeeded' });
		if (isResult(response)) return await deliver(item, { ...response, requestId }, images);
		if (response.failure)
			throw taskFailed({ requestId, created }, response.state, response.failure);
		// The result of a task that has succeeded is there in a moment, which is no wait for the task.
		if (!succeeded) {
			if (!wait || !task) return [statusItem(requestId, response)];
			const outcome = await waitForTask(item, task, wait);
			if ('unfinished' in outcome) return [outcome.unfinished];
		}
		return await deliver(item, await resultOf(item, { requestId, created }), images);
	},
});
