import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { Ended } from '../task/errors';
import { asProblem, failureRow, nodeError, stopError, withoutKey } from './failure';
import { Item } from './item';

/**
 * What an operation does with one item. n8n calls it in place of sending the request that the
 * routing has built, once an item, all items at once. It sits on `routing.operations.pagination`
 * because that is the one place in a declarative node that sees the built request and may make as
 * many calls as it likes, with their statuses (engine fact 3); steps in `postReceive` could neither
 * hold back a create nor link the row of a failure.
 */
export type Operation<Plan> = {
	/** Reads and checks every parameter. Sends nothing; throws Problem. */
	plan(item: Item): Plan;
	/** Does it. Rows need no link to their item yet. */
	act(item: Item, plan: Plan): Promise<INodeExecutionData[]>;
};

type Pagination = (
	this: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.ResultOptions,
) => Promise<INodeExecutionData[]>;

/**
 * Runs an operation for an item. Under "Stop Workflow" one failure ends the run: the other items
 * create nothing more and bring no rows, since n8n would drop them. What exists by then is in the
 * ledger, and its ids are named in the error.
 */
export const drive = <Plan>(operation: Operation<Plan>): Pagination =>
	async function (this, request) {
		const item = new Item(this, request);
		try {
			const rows = await perform(operation, item);
			return item.link(await Promise.all(rows.map(async (row) => await cleared(item, row))));
		} catch (cause) {
			return await fail(item, cause);
		} finally {
			item.run.settle();
		}
	};

/** What the service says reaches the rows as it came, but for the key. */
const cleared = async (item: Item, row: INodeExecutionData): Promise<INodeExecutionData> => ({
	...row,
	json: await withoutKey(item, row.json),
});

async function perform<Plan>(
	operation: Operation<Plan>,
	item: Item,
): Promise<INodeExecutionData[]> {
	// Before the first `await`, so that every item is checked before any of them goes on.
	const plan = operation.plan(item);
	const mayLeaveOut = startInterval(item) > 0 || item.context.continueOnFail();
	if (!(await item.run.allHaveStarted()) && !mayLeaveOut) return [];
	item.clock.checkStop();
	return await operation.act(item, plan);
}

/** How far apart the user has n8n start the items ("Batching", n8n's own option), in ms. */
function startInterval(item: Item): number {
	const options = item.parameter('requestOptions', {}) as {
		batching?: { batch?: { batchInterval?: number } };
	};
	return options.batching?.batch?.batchInterval ?? 0;
}

async function fail(item: Item, cause: unknown): Promise<INodeExecutionData[]> {
	const { run } = item;
	if (item.isStopped) {
		await item.cancelOpenTask();
		await run.untilErrorsAreHeard(startInterval(item));
		throw stopError(item);
	}
	if (cause instanceof Ended) {
		item.leaveTask();
		return [];
	}
	const { endsRun } = item;
	if (endsRun) run.giveUp();
	const problem = asProblem(cause);
	if (problem.details.taskIsLost) item.loseTask();
	const details = await withoutKey(item, problem.details);
	const { message, requestId } = details;
	item.report.log('warn', message, { ...(requestId && { requestId }) });
	if (!endsRun) return [failureRow(item, details)];
	item.leaveTask();
	const error = nodeError(item, details);
	run.noteError(item.index, error);
	await run.untilErrorsAreHeard(startInterval(item));
	throw error;
}
