import type { IDataObject } from 'n8n-workflow';
import { taskRow } from '../images/rows';
import { createBody } from '../task/createBody';
import { createTask } from './createTask';
import { deliver } from './deliver';
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
	plan: (item) => ({
		body: createBody(item.declared.body as IDataObject),
		inFlight: mostTasksInFlight(item),
		wait: waitPlan(item),
		images: imagePlan(item),
	}),

	async act(item, { body, inFlight, wait, images }) {
		// The place in the run is held while the task is open, not while its images are fetched.
		const outcome = await item.run.tasks.hold(inFlight, async () => {
			const task = await createTask(item, body);
			return wait ? await waitForTask(item, task, wait) : { task };
		});
		if ('task' in outcome) return [taskRow(outcome.task.requestId, outcome.task.fields)];
		if ('unfinished' in outcome) return [outcome.unfinished];
		return await deliver(item, await resultOf(item, outcome.requestId), images);
	},
});
