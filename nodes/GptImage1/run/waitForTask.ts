import type { INodeExecutionData } from 'n8n-workflow';
import { statusRow, taskRow } from '../images/rows';
import type { TaskResult, TaskStatus } from '../task/contract';
import { isResult } from '../task/contract';
import { notReadyInTime, Problem, taskFailed } from '../task/errors';
import { delayUntilNextLook, fixedDelay } from '../task/schedule';
import { retryDelay } from '../task/retry';
import { hasEnded, waitForEnd } from '../task/wait';
import type { Task } from './createTask';
import type { Item } from './item';
import type { WaitPlan } from './parameters';

/** Ended well; or not ended in time, with the row to go on with ("On Timeout: Return Task"). */
export type WaitOutcome = { requestId: string } | { unfinished: INodeExecutionData };

/** How often to tell of a task that goes on as it was, in milliseconds. */
const TELL_AGAIN = 10_000;

/** How long the service may not know its own new task, in milliseconds. */
const NOT_FOUND_GRACE = 10_000;

/** How long a result and its images are asked for at most, once the task has ended; milliseconds. */
export const DELIVERY_TIME = 180_000;

/**
 * Waits until a task has ended.
 *
 * @throws Problem where it ended badly, or not in time and the user wants that to be a failure
 */
export async function waitForTask(item: Item, task: Task, plan: WaitPlan): Promise<WaitOutcome> {
	const { clock, client, run } = item;
	const started = clock.now();
	const deadline = started + plan.timeout * 1000;
	const pollInterval = plan.pollInterval === undefined ? undefined : plan.pollInterval * 1000;
	const waited = await waitForEnd({
		look: async () => await client.look(task.requestId, deadline),
		now: () => clock.now(),
		untilLook: async (wanted) => await run.untilLook(wanted, deadline),
		delay: (age) =>
			pollInterval === undefined
				? delayUntilNextLook(age, item.ledger.durationsOf(task.body), clock.random())
				: fixedDelay(pollInterval, clock.random()),
		retryIn: (failures, retryAfter) => retryDelay(failures - 1, clock.random(), retryAfter),
		onStatus: progressOf(item, task),
		born: task.born,
		resumed: task.origin === 'resumed',
		deadline,
		graceUntil: task.origin === 'created' ? started + NOT_FOUND_GRACE : 0,
	});
	if ('status' in waited) {
		if (task.origin === 'created') item.ledger.learn(task.body, waited.duration);
		return endedWell(item, task, waited.status);
	}
	return await timedOut(item, task, plan, waited.last);
}

/** Tells of every change and of the end; of a task that goes on as it was, now and then. */
function progressOf({ clock, report }: Item, { requestId, born }: Task) {
	let told = { words: '', at: 0 };
	return (status: TaskStatus) => {
		const [words, at] = [describe(status), clock.now()];
		if (words === told.words && at < told.at + TELL_AGAIN) return;
		told = { words, at };
		report.tell(hasEnded(status) ? 'info' : 'debug', requestId, words, at - born);
	};
}

/** For a log line: our word for the state, and the service's own where it is not one that we know. */
const describe = ({ state, word, known }: TaskStatus) => (known ? state : `${state} (${word})`);

function endedWell(item: Item, task: Task, status: TaskStatus): WaitOutcome {
	const { requestId } = task;
	if (status.failure) {
		item.releaseTask();
		throw taskFailed(requestId, status.state, status.failure);
	}
	item.endTask();
	return { requestId };
}

async function timedOut(
	item: Item,
	task: Task,
	{ timeout, onTimeout }: WaitPlan,
	last: TaskStatus | undefined,
): Promise<WaitOutcome> {
	const { requestId } = task;
	if (onTimeout === 'returnTask') {
		item.releaseTask();
		return { unfinished: last ? statusRow(requestId, last) : taskRow(requestId, task.fields) };
	}
	if (onTimeout === 'fail') throw notReadyInTime(requestId, timeout, last, false);
	const { taken } = await item.client.cancel(requestId);
	if (taken) throw notReadyInTime(requestId, timeout, last, true);
	// It ended while it was being cancelled: what is paid for is delivered, by this try or the next.
	item.endTask();
	const status = await item.client.status(requestId, item.clock.now() + DELIVERY_TIME);
	if (!hasEnded(status)) throw notReadyInTime(requestId, timeout, status, false);
	return endedWell(item, task, status);
}

/**
 * Asks for a result. The contract is unsure how a task that ended badly looks there; where the answer
 * is an error, the status decides.
 */
export async function askForResult(
	{ client }: Item,
	requestId: string,
	deadline: number,
): Promise<TaskResult | TaskStatus> {
	const asked = await client.result(requestId, deadline).then(
		(answer) => ({ answer }),
		(problem: unknown) => ({ problem }),
	);
	if ('answer' in asked) return asked.answer;
	const { problem } = asked;
	const status = mayBeBadEnd(problem) ? await client.status(requestId, deadline) : undefined;
	if (status?.failure) return status;
	throw problem;
}

function mayBeBadEnd(problem: unknown): boolean {
	const code = problem instanceof Problem ? (problem.details.httpCode ?? 0) : 0;
	return code === 400 || code === 409 || code === 410 || code === 422 || code >= 500;
}

/**
 * The result of a task that has ended well. The service may be a little behind itself and still
 * answer 202; that is waited out.
 */
export async function resultOf(
	item: Item,
	requestId: string,
): Promise<TaskResult & { requestId: string }> {
	const { clock } = item;
	const deadline = clock.now() + DELIVERY_TIME;
	for (let asked = 0; ; asked++) {
		const answer = await askForResult(item, requestId, deadline);
		if (isResult(answer)) return { ...answer, requestId };
		if (answer.failure) throw taskFailed(requestId, answer.state, answer.failure);
		const next = clock.now() + retryDelay(asked, clock.random()) / 2;
		if (next >= deadline) throw notReadyInTime(requestId, DELIVERY_TIME / 1000, answer, false);
		await clock.sleepUntil(next);
	}
}
