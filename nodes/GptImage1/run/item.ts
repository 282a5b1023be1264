import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
} from 'n8n-workflow';
import { TaskClient } from '../service/client';
import type { AbortScope } from '../timing/abort';
import { systemClock } from '../timing/clock';
import { NodeRun } from './nodeRun';
import { Progress } from './progress';
import { isTool } from './recorded';
import { KeyedSender } from './sendWithKey';
import { batchSizeIn } from './startBarrier';
import type { Task, TaskItem } from './task';

/** One input item of an operation: n8n's functions for it, and what it shares. */
export class Item implements TaskItem {
	readonly index: number;
	readonly node: INode;
	readonly run: NodeRun;
	readonly client: TaskClient;
	readonly progress: Progress;
	readonly prepare: () => Promise<void>;
	readonly redact: <T>(value: T) => T;

	/** What the operation's routing has built. */
	readonly declared: IHttpRequestOptions;

	task: Task | undefined;
	cancelOnStop = true;

	constructor(
		readonly context: IExecutePaginationFunctions,
		request: DeclarativeRestApiSettings.ResultOptions,
	) {
		this.index = context.getItemIndex();
		this.node = context.getNode();
		this.declared = request.options as IHttpRequestOptions;
		this.run = NodeRun.join(context, () => batchSizeIn(this.parameter('requestOptions', {})));
		const { limits } = this.run.execution;
		const sender = new KeyedSender(context);
		this.progress = new Progress(context, this.index, sender.redact);
		this.prepare = sender.prepare;
		this.redact = sender.redact;
		this.client = new TaskClient(this.declared, sender, systemClock, limits);
	}

	get executionId(): string {
		return this.context.getExecutionId();
	}

	get stop(): AbortScope {
		return this.run.stop;
	}

	/** A parameter with its expression resolved for this item; n8n checks neither type nor range. */
	parameter(name: string, fallback?: unknown): unknown {
		return this.context.getNodeParameter(name, fallback);
	}

	/** As an AI agent's tool only `json` reaches the model; no file does. */
	get isTool(): boolean {
		return isTool(this.node);
	}

	/**
	 * Whether a failure of this item ends the whole run ("Stop Workflow"). As a tool it is an item: of an
	 * error that is thrown n8n's agent lets its model read the message alone, up to version 2 nothing
	 * at all, and a model that reads nothing calls, and pays, again. Retry On Fail needs the error.
	 */
	get endsRun(): boolean {
		if (this.isTool && !this.node.retryOnFail) return false;
		return !this.context.continueOnFail();
	}

	/** Links items to this one; n8n does so only where their numbers happen to fit. */
	link(items: INodeExecutionData[]): INodeExecutionData[] {
		return items.map((item) => ({ ...item, pairedItem: { item: this.index } }));
	}
}
