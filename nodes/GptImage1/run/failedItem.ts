import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { TaskError } from '../errors/taskError';
import type { TaskErrorDetails } from '../errors/taskError';
import { unexpected } from '../errors/tasks';
import { Aborted } from '../timing/abort';
import type { Item } from './item';

/** Turns what went wrong into what n8n understands: an error, or an item on the error output. */

const asTaskError = (item: Item, cause: unknown): TaskError => {
	if (cause instanceof TaskError) return cause;
	const { task } = item;
	return unexpected(cause, task && 'requestId' in task.life ? task.life.requestId : undefined);
};

/** n8n ends an execution as canceled where a message has that word, which may be a part of an ID. */
const messageFor = (item: Item, { message }: TaskErrorDetails) =>
	`${message.replaceAll('canceled', 'Canceled')} [item ${item.index}]`;

/** What is known of a failure, under the names that the items use. */
function known({ requestId, state, errorType, httpCode, url }: TaskErrorDetails): IDataObject {
	return {
		...(requestId && { request_id: requestId }),
		...(state && { state }),
		...(errorType && { error_type: errorType }),
		...(httpCode && { http_code: httpCode }),
		...(url && { url }),
	};
}

/**
 * The error of a failed item. The message is set again after n8n's constructor, which replaces
 * any that contains a system code.
 */
function nodeError(item: Item, of: TaskErrorDetails): NodeApiError {
	const details = item.redact(of);
	const message = messageFor(item, details);
	const { description, httpCode } = details;
	const error = new NodeApiError(item.node, known(details) as never, {
		message,
		itemIndex: item.index,
		...(description && { description }),
		...(httpCode && { httpCode: String(httpCode) }),
	});
	error.message = message;
	return error;
}

/**
 * The item of a failure under either "Continue" setting. Its only key is `error`, so that n8n sends it
 * to the error output; as n8n's own `item.error` it would lose the request ID.
 */
export function failedItem(item: Item, error: TaskError): INodeExecutionData {
	const details = item.redact(error.details);
	const { description } = details;
	const json = {
		error: {
			message: messageFor(item, details),
			...(description && { description }),
			...known(details),
		},
	};
	return { json, pairedItem: { item: item.index } };
}

/**
 * What becomes of an item whose operation has thrown.
 *
 * @returns the items to put out: none where the run was aborted, the failed one where n8n continues
 * @throws NodeApiError where the failure ends the run
 */
export async function failItem(item: Item, cause: unknown): Promise<INodeExecutionData[]> {
	const { run } = item;
	if (run.stop.aborted) {
		if (item.task) await run.graceAfterStop(item.task.settled);
		// An error would make n8n try again under Retry On Fail.
		return [];
	}
	// Another item's failure has ended the run; its tasks are left for another try.
	if (cause instanceof Aborted && run.scope.aborted) return [];
	const { endsRun } = item;
	if (endsRun) run.scope.abort();
	const error = asTaskError(item, cause);
	const { task } = item;
	if (error.details.taskEnded && task) run.execution.tasks.step(task, { is: 'ended' });
	const { message, requestId } = error.details;
	item.progress.log('warn', `failed: ${message}`, { ...(requestId && { requestId }) });
	if (!endsRun) {
		if (item.node.retryOnFail) run.mayRunAgain = true;
		return [failedItem(item, error)];
	}
	const thrown = nodeError(item, error.details);
	run.error.note(item.index, thrown);
	run.mayRunAgain = true;
	// n8n handles the items' outcomes only when it has started them all; an error that is thrown before
	// would be unhandled. Where n8n gives up before, this never settles, and nothing waits for it.
	await run.starts.allStarted;
	throw thrown;
}
