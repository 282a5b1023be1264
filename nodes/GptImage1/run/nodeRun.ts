import type { IExecuteData, IExecutePaginationFunctions } from 'n8n-workflow';
import { tooManyImagesWanted } from '../errors/parameters';
import { Aborted, AbortScope } from '../timing/abort';
import { systemClock, withDeadline } from '../timing/clock';
import { Semaphore } from '../timing/semaphore';
import { NodeExecution } from './nodeExecution';
import { perObject } from './perObject';
import { isRecorded, isTool, nodeContextOf } from './recorded';
import { RunError } from './runError';
import { StartBarrier } from './startBarrier';

/** How long an item waits after Stop for the cancel of its task, in ms. */
const STOP_GRACE_MS = 10_000;

/** One listener on n8n's signal, whatever the number of items, tries and nodes that it serves. */
const stopScopeOf = perObject((signal: AbortSignal) => new AbortScope(signal));

/** What the items of one run of the node share, and when it starts, is aborted and ends. */
export class NodeRun {
	readonly execution: NodeExecution;
	readonly index: number;

	/** Aborted on Stop alone. */
	readonly stop: AbortScope;

	/** Aborted on Stop, and when an item's failure ends them all: n8n would drop what the others bring. */
	readonly scope: AbortScope;

	/** One permit for each task that is open in the cloud. */
	readonly openTasks = new Semaphore();
	readonly downloads = new Semaphore();

	/** Which items n8n has started. */
	readonly starts: StartBarrier;
	private settledItems = 0;

	/** How many images the items ask for that have been counted. */
	private images = 0;

	/** Whether n8n may run the node again for what has failed in this run. */
	mayRunAgain = false;

	/** What n8n will show where a failure ends the run. */
	readonly error = new RunError();

	private constructor(
		private readonly context: IExecutePaginationFunctions,
		items: number,
		batchSize: number,
	) {
		this.index = Number(context.getWorkflowDataProxy(context.getItemIndex()).$runIndex);
		const signal = context.getExecutionCancelSignal();
		this.execution = NodeExecution.of(nodeContextOf(context), signal);
		this.stop = signal ? stopScopeOf(signal) : new AbortScope();
		this.scope = this.stop.child();
		this.starts = new StartBarrier(items, batchSize);
	}

	private static readonly runs = new WeakMap<IExecuteData, NodeRun>();

	/**
	 * The run that an item belongs to. The items of one run get the same execute data, and so do those of
	 * the next try; the second start of an item begins a new run.
	 */
	static join(context: IExecutePaginationFunctions, batchSize: () => number): NodeRun {
		const data = context.getExecuteData();
		const itemIndex = context.getItemIndex();
		let run = NodeRun.runs.get(data);
		if (run === undefined || run.starts.hasStarted(itemIndex)) {
			// n8n gave that run up before it had started all items: they must create nothing more.
			if (!run?.starts.haveAllStarted) run?.scope.abort();
			const node = context.getNode();
			// A tool may be handed its agent's data, whose items are not its own.
			const input = data.data[isTool(node) ? 'ai_tool' : 'main'];
			run = new NodeRun(context, node.executeOnce ? 1 : (input?.[0]?.length ?? 1), batchSize());
			NodeRun.runs.set(data, run);
			run.execution.begin(run);
		}
		run.starts.start(itemIndex);
		return run;
	}

	get isRecorded(): boolean {
		return isRecorded(this.context, this.index);
	}

	/**
	 * Under "Batching" an expression of a later item can end the run while earlier items wait, of which
	 * n8n tells them late or, in older versions, nothing. They go no further. @throws Aborted
	 */
	throwIfOver(): void {
		if (this.starts.isBatched && this.isRecorded) this.scope.abort();
		this.scope.throwIfAborted();
	}

	/**
	 * Counts what an item asks for. Where n8n starts the items one after the other ("Batching"), only what
	 * fits the limit counts; else the items are checked when all are counted.
	 */
	addImages(images: number, max: number): void {
		const wanted = this.images + images;
		if (this.starts.isBatched && wanted > max) throw tooManyImagesWanted(wanted, max, true);
		this.images = wanted;
	}

	/** To be asked when all items that n8n starts have been counted. */
	checkImages(max: number): void {
		if (!this.starts.isBatched && this.images > max)
			throw tooManyImagesWanted(this.images, max, false);
	}

	/** What `work` brings, or Aborted on Stop: the work itself continues. */
	async untilStop<T>(work: Promise<T>): Promise<T> {
		return await new Promise<T>((resolve, reject) => {
			const off = this.stop.onAbort(() => reject(new Aborted()));
			void work.then(resolve, reject).finally(off);
		});
	}

	/**
	 * Waits for what still happens to a task after Stop, for a bounded time: under n8n 2 a credential with
	 * an expression cannot be read any more for an item that has settled.
	 */
	async graceAfterStop(settled: Promise<void>): Promise<void> {
		const deadline = systemClock.now() + STOP_GRACE_MS;
		const scope = new AbortScope();
		await withDeadline(systemClock, deadline, scope, async () => await settled).catch(() => {});
	}

	/** The last item to settle completes the error: only now are the others' request IDs known. */
	settle(): void {
		this.settledItems++;
		if (this.settledItems < this.starts.count) return;
		const { tasks } = this.execution;
		this.error.complete((itemIndex) => tasks.ofOthers(this, itemIndex));
		if (!this.starts.haveAllStarted) return;
		NodeRun.runs.delete(this.context.getExecuteData());
		if (!this.mayRunAgain && !this.stop.aborted) tasks.handOver(this);
		this.scope.close();
	}
}
