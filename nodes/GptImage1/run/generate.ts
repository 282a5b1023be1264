import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { statusRow, taskRow } from '../images/rows';
import { createBody } from '../task/createBody';
import { hasEnded } from '../task/wait';
import type { Task } from './createTask';
import { createTask } from './createTask';
import { deliver } from './deliver';
import { READ_TIME } from './getStatus';
import type { Item } from './item';
import { drive } from './operation';
import type { ImagePlan, WaitPlan } from './parameters';
import { imagePlan, mostTasksInFlight, waitPlan } from './parameters';
import { resultOf, waitForTask } from './waitForTask';

type GeneratePlan = {
	body: IDataObject;
	inFlight: number;
	wait: WaitPlan | undefined;
	images: ImagePlan;
};

/** Creates a task and, unless told otherwise, waits for it and brings its images. */
export const generate = drive<GeneratePlan>({
	plan(item) {
		const plan = {
			body: createBody(item.declared.body as IDataObject),
			inFlight: mostTasksInFlight(item),
			wait: waitPlan(item),
			images: imagePlan(item),
		};
		item.recallTask(plan.body);
		return plan;
	},

	async act(item, { body, inFlight, wait, images }) {
		// The place in the run is held while the task is open, not while its images are fetched.
		const perform = async () => {
			const task = await createTask(item, body);
			if (!wait) return { unfinished: await asItIs(item, task) };
			return task.ended ? task : await waitForTask(item, task, wait);
		};
		// A failure ends the run before the next item gets the place: n8n would drop its images.
		const outcome = await item.run.tasks.hold(
			inFlight,
			perform,
			() => item.endsRun && item.run.giveUp(),
		);
		if ('unfinished' in outcome) return [outcome.unfinished];
		return await deliver(item, await resultOf(item, outcome.requestId), images);
	},
});

/** A new task as its create described it; one from an earlier try as it stands by now. */
async function asItIs(
	item: Item,
	{ requestId, origin, fields }: Task,
): Promise<INodeExecutionData> {
	if (origin === 'created') return taskRow(requestId, fields);
	const status = await item.client.status(requestId, item.clock.now() + READ_TIME);
	if (status.failure) item.releaseTask();
	else if (hasEnded(status)) item.endTask();
	return statusRow(requestId, status);
}
