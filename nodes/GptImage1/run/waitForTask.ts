import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { TaskError } from '../errors/taskError';
import { taskFailed, timedOut } from '../errors/tasks';
import { statusItem, taskItem } from '../images/outputItems';
import { durationKind } from '../service/requestBody';
import { MAX_FAILED_POLLS } from '../service/retryRules';
import { hasEnded } from '../service/types';
import type { TaskStatus } from '../service/types';
import { DeadlinePassed, systemClock, withDeadline } from '../timing/clock';
import { poll } from '../timing/poll';
import { fixedDelayMs, pollDelayMs } from '../timing/schedule';
import type { Item } from './item';
import type { WaitPlan } from './parameters';
import type { Task } from './task';
import { DELIVERY_MS } from './taskResult';

/** Succeeded; or not ended in time, with the item to go on with ("On Timeout: Return Task"). */
export type WaitOutcome = { requestId: string } | { unfinished: INodeExecutionData };

/** How long the response to the last poll, at the deadline, may take, in ms. */
const LAST_POLL_MS = 900;

/**
 * Waits until a task has ended.
 *
 * @param body of its create, where this node has created it
 * @throws TaskError where it failed, or not in time and the user wants that to be a failure
 */
export async function waitForTask(
	item: Item,
	task: Task,
	plan: WaitPlan,
	body?: IDataObject,
): Promise<WaitOutcome> {
	const { run, progress } = item;
	const { execution, scope } = run;
	const { requestId, createdAt } = task;
	const { pollIntervalSeconds } = plan;
	const deadline = systemClock.now() + plan.timeoutSeconds * 1000;
	const kind = body && durationKind(body);
	const waited = await poll<TaskStatus>(
		{
			read: async () => await readBefore(deadline, item, task),
			hasEnded,
			delayMs: (ageMs) =>
				pollIntervalSeconds === undefined
					? pollDelayMs(ageMs, kind ? execution.foundEndedOf(kind) : [], systemClock.random())
					: fixedDelayMs(pollIntervalSeconds * 1000, systemClock.random()),
			onRead(status) {
				const now = systemClock.now();
				progress.reportStatus(requestId, status, now - createdAt, now);
			},
			createdAt,
			// A task of an earlier try may have ended long ago.
			firstAt: task.resumed ? systemClock.now() : undefined,
			deadline,
		},
		systemClock,
		scope,
	);
	if ('timedOut' in waited) return await onTimeout(item, task, plan, waited.last);
	if (kind && !task.resumed && waited.ended.state === 'succeeded') {
		execution.noteFoundEnded(kind, systemClock.now() - createdAt);
	}
	return afterEnd(item, task, waited.ended);
}

/** A status, or nothing where none came before the deadline; a refusal is a wait within it. */
async function readBefore(
	deadline: number,
	item: Item,
	{ requestId, created }: Task,
): Promise<TaskStatus | undefined> {
	const options = {
		requestId,
		created,
		budgetMs: Infinity,
		maxFailures: MAX_FAILED_POLLS,
		turnBy: deadline,
		callsEndBy: deadline + LAST_POLL_MS,
	};
	item.run.throwIfOver();
	const { scope } = item.run;
	const outcome = await withDeadline(
		systemClock,
		deadline + LAST_POLL_MS,
		scope,
		async (own) => await item.client.status(options, own),
	).catch((error: unknown) => error);
	if (!(outcome instanceof Error)) return outcome as TaskStatus;
	if (outcome instanceof DeadlinePassed) return undefined;
	const { rateLimited = false } = outcome instanceof TaskError ? outcome.details : {};
	if (!rateLimited) return await Promise.reject(outcome);
	await systemClock.sleepUntil(deadline, scope);
	return undefined;
}

function afterEnd(item: Item, task: Task, status: TaskStatus): WaitOutcome {
	const { requestId } = task;
	if (status.failure) throw taskFailed(task, status.state, status.failure);
	item.run.execution.tasks.step(task, { is: 'succeeded' });
	return { requestId };
}

async function onTimeout(
	item: Item,
	task: Task,
	plan: WaitPlan,
	last: TaskStatus | undefined,
): Promise<WaitOutcome> {
	const { client, run } = item;
	const { requestId, created } = task;
	if (plan.onTimeout === 'returnTask') {
		return { unfinished: last ? statusItem(requestId, last) : taskItem(requestId, task.fields) };
	}
	if (plan.onTimeout === 'fail') throw timedOut(task, plan.timeoutSeconds, last);
	const cancel = await client
		.cancel({ requestId, created, givesUp: true }, run.scope)
		.catch((error: unknown) => {
			if (error instanceof TaskError) return error;
			throw error;
		});
	if (cancel instanceof TaskError) throw timedOut(task, plan.timeoutSeconds, last, cancel);
	if (cancel.accepted) throw timedOut(task, plan.timeoutSeconds, last, 'cancelled');
	// It has ended: what is paid for is delivered.
	run.execution.tasks.leaveOnStop(task);
	const status = await client.status({ requestId, created, budgetMs: DELIVERY_MS }, run.scope);
	if (!hasEnded(status)) throw timedOut(task, plan.timeoutSeconds, status);
	// By the node itself, where the response to an earlier attempt was lost.
	if (status.state === 'cancelled') throw timedOut(task, plan.timeoutSeconds, last, 'cancelled');
	return afterEnd(item, task, status);
}
