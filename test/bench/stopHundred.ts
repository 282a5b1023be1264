import { setTimeout as sleep } from 'node:timers/promises';
import { figure } from './figure';
import type { Result } from './figure';
import type { Harness } from './harness';
import { createOurWorkflow, prompts, startWorkflow } from './runs';

const TASKS = 100;
const TASK_MS = 600_000;
const CANCELS_PER_SECOND = 10;
const WITHIN_MS = 15_000;
const CREATING_MS = 30_000;

/** Stop of a run with many open tasks, at a service that takes only so many cancels a second. */
export async function stopHundred(harness: Harness): Promise<Result> {
	const { client } = await harness.n8n();
	const service = await harness.service({
		durations: [TASK_MS],
		limits: { cancel: CANCELS_PER_SECOND },
	});
	const parameters = { options: { maxTasksInFlight: TASKS } };
	const order = { input: prompts(TASKS), parameters };
	const workflowId = await createOurWorkflow(client, service, order);
	const executionId = await startWorkflow(client, workflowId);
	const deadline = Date.now() + CREATING_MS;
	while ((await service.record()).tasks.length < TASKS) {
		if (Date.now() > deadline) throw new Error(`Not ${TASKS} tasks in ${CREATING_MS} ms`);
		await sleep(200);
	}
	const stoppedAt = Date.now();
	await client.stopExecution(executionId);
	await sleep(stoppedAt + WITHIN_MS - Date.now());
	const secondsToCancel = (await service.record()).tasks
		.flatMap(({ cancelledAt }) => (cancelledAt === undefined ? [] : [cancelledAt - stoppedAt]))
		.filter((ms) => ms <= WITHIN_MS)
		.map((ms) => ms / 1000);
	return {
		work: `Stop of ${TASKS} open tasks, ten cancels a second allowed`,
		method:
			'The service takes ten cancels at once and ten more each second, so the last one cannot be ' +
			'taken before 9 s.',
		figures: [
			figure('tasks cancelled within 15 s', secondsToCancel.length, '', { exactly: TASKS }),
			figure('the last of them after', Math.max(...secondsToCancel), 's'),
		],
	};
}
