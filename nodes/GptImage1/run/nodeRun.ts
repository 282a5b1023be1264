import type { IExecuteData, IExecutePaginationFunctions, INode, NodeApiError } from 'n8n-workflow';
import type { Clock } from '../task/clock';
import { otherTasks } from '../task/errors';
import { Pace } from '../task/pace';
import { clockUntil } from './clock';
import { Slots } from './slots';

/** So many images are downloaded at a time in one run of the node; each stream holds some buffers. */
export const MOST_DOWNLOADS = 3;

/** Whether the node is the twin that n8n makes of it for AI agents. */
export const isTool = ({ type }: INode) => type.endsWith('Tool');

/** What the items of one run of the node share. */
export class NodeRun {
	readonly pace = new Pace();

	/** One place for each task that is open in the cloud. */
	readonly tasks = new Slots();

	readonly downloads = new Slots();

	/** The names of the files that this run has made. */
	readonly fileNames = new Set<string>();

	readonly clock: Clock;

	/** Aborted on Stop, and when an item has failed whose failure ends the whole run. */
	readonly ended: AbortSignal;

	private readonly doom = new AbortController();

	/** Behind one listener on n8n's signal: Node.js takes more than ten for a leak and warns. */
	private readonly stopHandlers = new Set<() => void>();

	/** What to do on Stop with a task that an earlier try has left open, until its item starts again. */
	private leftOpen = new Map<number, () => void>();

	private readonly started = new Set<number>();

	private settled = 0;

	/** The request ids of tasks that exist, by item. */
	private readonly requestIds = new Map<number, string>();

	private readonly errors: Array<{ itemIndex: number; error: NodeApiError }> = [];

	private constructor(
		readonly stop: AbortSignal | undefined,
		private readonly items: number,
	) {
		this.ended = stop ? AbortSignal.any([stop, this.doom.signal]) : this.doom.signal;
		this.clock = clockUntil(this.ended);
		const handleStop = () =>
			[...this.stopHandlers, ...this.leftOpen.values()].forEach((handle) => handle());
		stop?.addEventListener('abort', handleStop, { once: true });
		this.ended.addEventListener('abort', () => {
			this.tasks.end();
			this.downloads.end();
		});
	}

	private static readonly runs = new WeakMap<IExecuteData, NodeRun>();

	/**
	 * The run that an item belongs to. The items of one run get the same execute data (engine fact
	 * 19a); where a retry gets it too, the second start of an item begins a new run.
	 */
	static join(context: IExecutePaginationFunctions): NodeRun {
		const data = context.getExecuteData();
		const itemIndex = context.getItemIndex();
		let run = NodeRun.runs.get(data);
		if (run === undefined || run.started.has(itemIndex)) {
			const node = context.getNode();
			// A tool may be handed its agent's data, whose items are not its own.
			const input = data.data[isTool(node) ? 'ai_tool' : 'main'];
			const items = node.executeOnce ? 1 : (input?.[0]?.length ?? 1);
			const leftOpen = run?.leftOpen;
			run = new NodeRun(context.getExecutionCancelSignal(), items);
			if (leftOpen) run.leftOpen = leftOpen;
			NodeRun.runs.set(data, run);
		}
		run.leftOpen.delete(itemIndex);
		run.started.add(itemIndex);
		return run;
	}

	/** What to do with a task that an item leaves open, should Stop come before another try. */
	leaveOpen(itemIndex: number, onStop: () => void): void {
		this.leftOpen.set(itemIndex, onStop);
	}

	/** @returns takes the handler off again */
	onStop(handler: () => void): () => void {
		this.stopHandlers.add(handler);
		return () => this.stopHandlers.delete(handler);
	}

	/**
	 * Lets every item of the run come so far before any goes on. n8n starts all items in one go, and
	 * gives up in the middle when a parameter of one cannot be read: those that it has started by then
	 * would create tasks for nobody.
	 *
	 * @returns false where not all have: n8n has given this run up, leaves out what it cannot read
	 * ("Continue"), or starts the items one after the other ("Batching")
	 */
	async allHaveStarted(): Promise<boolean> {
		await this.clock.pause(0);
		return this.started.size >= this.items;
	}

	/**
	 * n8n looks at what became of the items only when it has started them all: an error thrown before
	 * would be a rejection that nobody handles. Ends in time also where n8n leaves items out.
	 *
	 * @param interval between two starts, in milliseconds
	 */
	async untilErrorsAreHeard(interval: number): Promise<void> {
		for (let left = this.items - this.started.size; left > 0; left--) {
			if (this.started.size >= this.items) return;
			await this.clock.sleepUntil(this.clock.now() + interval, true);
		}
	}

	/** The failure of one item ends them all: n8n would drop what the others still bring. */
	giveUp(): void {
		this.doom.abort();
	}

	noteError(itemIndex: number, error: NodeApiError): void {
		this.errors.push({ itemIndex, error });
	}

	noteTask(itemIndex: number, requestId: string): void {
		this.requestIds.set(itemIndex, requestId);
	}

	forgetTask(itemIndex: number): void {
		this.requestIds.delete(itemIndex);
	}

	/** The last item to settle completes the errors: only now are the others' request ids known. */
	settle(): void {
		this.settled++;
		if (this.settled < this.started.size) return;
		for (const { itemIndex, error } of this.errors) {
			const others = [...this.requestIds].filter(([index]) => index !== itemIndex);
			const words = otherTasks(others.map(([, requestId]) => requestId));
			if (words) error.description = [error.description, words].filter(Boolean).join('\n\n');
		}
	}

	/**
	 * Sleeps until one more look fits in, from `wanted` (ms since 1970) on. Where many tasks want
	 * theirs at one deadline, some have it sooner: a time-out is kept to, and so is the pace.
	 *
	 * @returns false, at the deadline, where none fits in before
	 */
	async untilLook(wanted: number, deadline: number): Promise<boolean> {
		const { clock, pace } = this;
		for (let at = pace.looks.next(clock.now(), wanted); ;) {
			if (at > deadline) {
				pace.looks.release(at);
				const sooner = pace.looks.latest(clock.now(), deadline);
				if (sooner === undefined) {
					await clock.sleepUntil(deadline);
					return false;
				}
				at = sooner;
			}
			await clock.sleepUntil(at);
			const again = pace.looks.next(clock.now(), wanted, at);
			if (again <= clock.now()) return true;
			at = again;
		}
	}
}
