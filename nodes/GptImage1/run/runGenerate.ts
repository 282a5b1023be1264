import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { statusItem, taskItem } from '../images/outputItems';
import { createBody, imagesIn } from '../service/requestBody';
import { deliver } from './deliver';
import type { Item } from './item';
import type { ImagePlan, WaitPlan } from './parameters';
import { imagePlan, maxImages, maxTasksInFlight, optionsOf, waitPlan } from './parameters';
import { runOperation } from './runOperation';
import type { Task } from './task';
import { resultOf } from './taskResult';
import { waitForTask } from './waitForTask';

type GeneratePlan = {
	body: IDataObject;
	inFlight: number;
	maxImages: number;
	/** Undefined where the user does not want to wait. */
	wait: (WaitPlan & ImagePlan) | undefined;
};

/** Creates a task and, unless told otherwise, waits for it and returns its images. */
export const runGenerate = runOperation<GeneratePlan>({
	plan(item) {
		const options = optionsOf(item);
		const wait = waitPlan(item, options);
		const plan = {
			body: createBody(item.declared.body as IDataObject),
			inFlight: maxTasksInFlight(options),
			maxImages: maxImages(options),
			wait: wait && { ...wait, ...imagePlan(item, options) },
		};
		item.run.addImages(imagesIn(plan.body), plan.maxImages);
		if (!item.stop.aborted) item.run.execution.tasks.recall(item, plan.body);
		return plan;
	},

	async act(item, { body, inFlight, maxImages: max, wait }) {
		const { run } = item;
		run.checkImages(max);
		// The permit is held while the task is open, not while its images are fetched.
		const perform = async () => {
			const task = await obtain(item, body);
			if (!wait) return { unfinished: await asItIs(item, task) };
			return task.hasSucceeded ? task : await waitForTask(item, task, wait, body);
		};
		const outcome = await run.openTasks.run(inFlight, run.scope, async () => {
			const performing = perform();
			// A failure ends the run before the next item gets the permit: n8n would drop its images.
			performing.catch(() => item.endsRun && run.scope.abort());
			return await performing;
		});
		if ('unfinished' in outcome) return [outcome.unfinished];
		const { requestId } = outcome;
		return await deliver(item, await resultOf(item, { requestId, created: true }), wait!);
	},
});

/** On Stop the item ends; `Tasks` handles a create that has been sent. */
async function obtain(item: Item, body: IDataObject): Promise<Task> {
	const { run, client, progress } = item;
	const creating = run.execution.tasks.obtain(item, body, async (onSend) => {
		const beforeItIsSent = () => {
			run.throwIfOver();
			onSend();
		};
		return await client.create(body, run.scope, beforeItIsSent);
	});
	const task = await run.untilStop(creating);
	if (task.resumed) progress.report('info', task.requestId, 'resumed from an earlier attempt');
	return task;
}

/** A new task as its create described it; one from an earlier try as it stands by now. */
async function asItIs(item: Item, task: Task): Promise<INodeExecutionData> {
	const { requestId, created, resumed, fields } = task;
	const { tasks } = item.run.execution;
	if (!resumed) return taskItem(requestId, fields);
	const status = await item.client.status({ requestId, created }, item.run.scope);
	if (status.failure) tasks.step(task, { is: 'ended' });
	else if (status.state === 'succeeded') tasks.step(task, { is: 'succeeded' });
	return statusItem(requestId, status);
}
