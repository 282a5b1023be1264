import { statusRow } from '../images/rows';
import { isResult } from '../task/contract';
import { taskFailed } from '../task/errors';
import { deliver } from './deliver';
import { READ_TIME } from './getStatus';
import { drive } from './operation';
import type { ImagePlan, WaitPlan } from './parameters';
import { imagePlan, requestIdOf, waitPlan } from './parameters';
import { askForResult, resultOf, waitForTask } from './waitForTask';

type GetResultPlan = { requestId: string; wait: WaitPlan | undefined; images: ImagePlan };

/** Fetches the result of a task by its id; where there is none yet, waits for it if so wanted. */
export const getResult = drive<GetResultPlan>({
	plan: (item) => ({
		requestId: requestIdOf(item),
		wait: waitPlan(item),
		images: imagePlan(item),
	}),

	async act(item, { requestId, wait, images }) {
		const { clock } = item;
		if (wait) item.holdTask(requestId);
		const answer = await askForResult(item, requestId, clock.now() + READ_TIME);
		if (isResult(answer)) {
			item.releaseTask();
			return await deliver(item, { ...answer, requestId }, images);
		}
		if (answer.failure) throw taskFailed(requestId, answer.state, answer.failure);
		if (!wait) return [statusRow(requestId, answer)];
		const born = clock.now();
		const task = { requestId, born, origin: 'given' as const, body: {}, fields: answer.fields };
		const outcome = await waitForTask(item, task, wait);
		if ('unfinished' in outcome) return [outcome.unfinished];
		return await deliver(item, await resultOf(item, requestId), images);
	},
});
