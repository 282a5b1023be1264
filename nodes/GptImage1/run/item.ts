import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';
import { TaskClient } from '../task/client';
import type { Clock } from '../task/clock';
import { Ledger } from '../task/ledger';
import type { Place } from '../task/ledger';
import { isTool, NodeRun } from './nodeRun';
import { Report } from './report';
import { sendingWithKey } from './sendingWithKey';

/** One input item on its way through an operation: n8n's functions for it, and what it shares. */
export class Item {
	readonly index: number;

	readonly node: INode;

	readonly run: NodeRun;

	readonly clock: Clock;

	readonly client: TaskClient;

	readonly report: Report;

	/** What the operation's routing has built. */
	readonly declared: IHttpRequestOptions;

	/** The task that has to be cancelled on Stop. */
	private openTask: string | undefined;

	/** Where the ledger keeps this item's task. */
	private place: Place | undefined;

	cancelOnStop = true;

	constructor(
		readonly context: IExecutePaginationFunctions,
		request: DeclarativeRestApiSettings.ResultOptions,
	) {
		this.index = context.getItemIndex();
		this.node = context.getNode();
		this.run = NodeRun.join(context);
		this.clock = this.run.clock;
		this.declared = request.options as IHttpRequestOptions;
		this.report = new Report(context, this.index);
		this.client = new TaskClient(this.declared, sendingWithKey(context), this.clock, this.run.pace);
	}

	/** A parameter with its expression resolved for this item; n8n checks neither type nor range. */
	parameter(name: string, fallback?: unknown): unknown {
		return this.context.getNodeParameter(name, fallback);
	}

	/** As an AI agent's tool only `json` reaches the model; no file does (engine fact 23). */
	get isTool(): boolean {
		return isTool(this.node);
	}

	get isStopped(): boolean {
		return this.run.stop?.aborted ?? false;
	}

	/**
	 * Whether a failure of this item ends the whole run ("Stop Workflow"). As a tool it is a row: of an
	 * error that is thrown n8n's agent lets its model read the message alone, up to version 2 nothing
	 * at all, and a model that reads nothing calls, and pays, again. Retry On Fail needs the error.
	 */
	get endsRun(): boolean {
		if (this.isTool && !this.node.retryOnFail) return false;
		return !this.context.continueOnFail();
	}

	get executionId(): string {
		return this.context.getExecutionId();
	}

	get ledger(): Ledger {
		return new Ledger(this.context.getContext('node'));
	}

	placeOf(body: IDataObject): Place {
		const runIndex = Number(this.context.getWorkflowDataProxy(this.index).$runIndex);
		return { runIndex, itemIndex: this.index, body };
	}

	/**
	 * A task of this item is open from here on.
	 *
	 * @param place of a task that this node has created
	 */
	holdTask(requestId: string, place?: Place): void {
		this.openTask = requestId;
		this.place = place;
		this.run.noteTask(this.index, requestId);
	}

	/**
	 * The task that an earlier try has created is this item's from the start: Stop cancels it and an
	 * error names it, also while the item still waits for its turn.
	 */
	recallTask(body: IDataObject): void {
		// After Stop n8n runs the node again all the same; the first try sees to its tasks itself.
		if (this.isStopped) return;
		const place = this.placeOf(body);
		const known = this.ledger.find(place);
		if (!known) return;
		this.holdTask(known.requestId, place);
		if (known.ended) this.releaseTask();
	}

	/** The item's task runs no more, or is to run on: Stop leaves it alone. */
	releaseTask(): void {
		this.openTask = undefined;
	}

	/** The item's task has ended well. */
	endTask(): void {
		this.releaseTask();
		if (this.place) this.ledger.noteEnd(this.place);
	}

	/** The item has given up, but a retry may go on with its task: until then, Stop cancels it. */
	leaveTask(): void {
		if (this.openTask === undefined) return;
		this.run.leaveOpen(this.index, () => void this.cancelOpenTask());
	}

	/** The item's task leaves nothing that could be fetched: a retry is to create a new one. */
	loseTask(): void {
		this.releaseTask();
		this.run.forgetTask(this.index);
		if (this.place) this.ledger.forget(this.place);
	}

	/** After Stop: cancels the item's task, if one is open and it is to be cancelled. */
	async cancelOpenTask(): Promise<void> {
		const requestId = this.openTask;
		this.openTask = undefined;
		if (requestId !== undefined) await this.cancelAfterStop(requestId);
	}

	/** Never rejects: nobody is left to hear of it but the log. */
	async cancelAfterStop(requestId: string): Promise<void> {
		if (!this.cancelOnStop) {
			this.report.log('info', "Stopped; the task runs on, as 'Cancel on Stop' is off", {
				requestId,
			});
			return;
		}
		await this.client.cancel(requestId, true).then(
			({ taken }) => {
				if (taken) this.loseTask();
				else this.endTask();
				const outcome = taken ? 'the task was cancelled' : 'the task had ended';
				this.report.log('info', `Stopped; ${outcome}`, { requestId });
			},
			(problem: Error) =>
				this.report.log('warn', 'Stopped, but the task could not be cancelled', {
					requestId,
					reason: problem.message,
				}),
		);
	}

	/** Links rows to this input item; n8n does so only where the numbers of rows happen to fit. */
	link(rows: INodeExecutionData[]): INodeExecutionData[] {
		return rows.map((row) => ({ ...row, pairedItem: { item: this.index } }));
	}
}
