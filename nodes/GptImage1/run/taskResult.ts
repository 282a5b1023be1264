import { TaskError } from '../errors/taskError';
import { resultNotAvailable, taskFailed } from '../errors/tasks';
import { NOT_FOUND_GRACE_MS } from '../service/retryRules';
import { isResult } from '../service/types';
import type { TaskResult, TaskStatus } from '../service/types';
import { systemClock } from '../timing/clock';
import type { Item } from './item';

/** How long a result, and then its images, are asked for at most once the task has ended, in ms. */
export const DELIVERY_MS = 180_000;

/** These may be how a task that failed, or has not ended, answers where its result is asked for. */
const MAY_MEAN_STATE = [400, 409, 410, 422];

/** Whether the response to a result is a status as well, and so says how the task has ended. */
const isStatus = ({ fields }: TaskStatus) => fields.status !== undefined;

/**
 * Asks for a result. How a task that failed looks there is not documented; where the response is an
 * error, or speaks of a failure, the status decides unless it promises a result.
 */
export async function askForResult(
	item: Item,
	requestId: string,
	created: boolean,
	options: Partial<Parameters<Item['client']['result']>[0]> = {},
): Promise<TaskResult | TaskStatus> {
	const { client, run } = item;
	const outcome = await client
		.result({ requestId, created, ...options }, run.scope)
		.catch((error: unknown) => error);
	const response = outcome as TaskResult | TaskStatus | Error;
	if (!(response instanceof Error)) {
		if (isResult(response) || !response.failure || isStatus(response)) return response;
		return await client.status({ requestId, created }, run.scope);
	}
	const code = response instanceof TaskError ? (response.details.httpCode ?? 0) : 0;
	if (MAY_MEAN_STATE.includes(code) || code >= 500) {
		const status = await client.status({ requestId, created }, run.scope);
		if (status.state !== 'succeeded') return status;
	}
	return await Promise.reject(response);
}

/**
 * The result of a task that has succeeded. The service may be a little behind itself and still answer
 * that it is not there; that is waited out. So are, for a while, a result without any record and a
 * failure of which only the result speaks.
 */
export async function resultOf(
	item: Item,
	task: { requestId: string; created: boolean },
): Promise<TaskResult & { requestId: string }> {
	const { requestId, created } = task;
	const seconds = DELIVERY_MS / 1000;
	let failed: TaskStatus | undefined;
	let graceUntil: number | undefined;
	const notYet = (response: TaskResult | TaskStatus) => {
		const isFinal = isResult(response)
			? response.outputs.length > 0
			: response.failure && isStatus(response);
		if (isFinal) return undefined;
		if (isResult(response) || response.failure) {
			graceUntil ??= systemClock.now() + NOT_FOUND_GRACE_MS;
			if (!isResult(response)) failed = response;
			if (systemClock.now() >= graceUntil) return undefined;
		}
		return resultNotAvailable(requestId, seconds);
	};
	const options = { budgetMs: DELIVERY_MS, graceMs: NOT_FOUND_GRACE_MS, notYet };
	const last = await askForResult(item, requestId, created, options);
	if (isResult(last)) return { ...last, requestId };
	if (last.failure) failed = last;
	if (failed?.failure) throw taskFailed(task, failed.state, failed.failure);
	throw resultNotAvailable(requestId, seconds);
}
