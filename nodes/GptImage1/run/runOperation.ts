import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { systemClock } from '../timing/clock';
import { failItem } from './failedItem';
import { Item } from './item';

/**
 * What an operation does with one item. n8n calls it in place of sending the request that the
 * routing has built, once an item, all items at once. It sits on `routing.operations.pagination`
 * because that is the one place in a declarative node that sees the built request and may make as
 * many calls as it likes, with their statuses; steps in `postReceive` could neither hold back a create
 * nor link the item of a failure.
 */
export type Operation<Plan> = {
	/** Reads and checks every parameter. Sends nothing; throws TaskError. */
	plan(item: Item): Plan;
	/** Does it. The items need no link yet. */
	act(item: Item, plan: Plan): Promise<INodeExecutionData[]>;
};

type Pagination = (
	this: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
) => Promise<INodeExecutionData[]>;

/**
 * Runs an operation for an item. Under "Stop Workflow" one failure ends the run: the other items
 * create nothing more and bring nothing, since n8n would drop it. What exists by then is in the ledger,
 * and its IDs are named in the error.
 */
export const runOperation = <Plan>(operation: Operation<Plan>): Pagination =>
	async function (this, request) {
		const item = new Item(this, request);
		try {
			// Before the first `await`, so that every item is checked before any of them continues.
			const plan = operation.plan(item);
			if (!(await isStarted(item))) return [];
			item.run.scope.throwIfAborted();
			return item.link(await operation.act(item, plan));
		} catch (cause) {
			return await failItem(item, cause);
		} finally {
			// Stop may come between this try and the next, when the key cannot be read any more.
			if (item.task?.life.is === 'open' && !item.stop.aborted) await item.prepare();
			item.run.settle();
		}
	};

/**
 * Lets every item of the run come so far before any continues. n8n starts all items in one go, and gives
 * up in the middle when a parameter of one cannot be read: those that it has started by then would
 * create tasks whose output n8n drops.
 *
 * @returns false where n8n has given this run up
 */
async function isStarted(item: Item): Promise<boolean> {
	const { run, context } = item;
	if (run.starts.isBatched) abortAtFinish(item);
	await Promise.resolve();
	if (run.starts.hasStartedBatchOf(item.index)) return true;
	if (!context.continueOnFail()) {
		// No more of it is wanted from the batches before, either.
		run.scope.abort();
		return false;
	}
	// "Continue" leaves out what n8n cannot read; n8n 2.0 to 2.30 end the run, and record that at once.
	await systemClock.sleepUntil(systemClock.now() + 1, run.scope);
	return !run.isRecorded;
}

/** Under "Batching" n8n can end the execution while items wait: from 2.31 on it tells them so. */
function abortAtFinish({ run, context }: Item): void {
	const { onExecutionFinish } = context as { onExecutionFinish?: (handler: () => void) => void };
	onExecutionFinish?.call(context, () => run.scope.abort());
}
