type Batching = { batching?: { batch?: { batchSize?: number; batchInterval?: number } } };

/** How many items n8n starts in one go, as the user has set "Batching"; it reads that of the first item. */
export function batchSizeIn(requestOptions: unknown): number {
	const { batchSize = 0, batchInterval = 0 } = (requestOptions as Batching).batching?.batch ?? {};
	if (!(batchInterval > 0)) return Infinity;
	// With any other size n8n's batches are not of this size; then each item counts as one.
	return Number.isInteger(batchSize) && batchSize > 0 ? batchSize : 1;
}

/** Which of its items n8n has started: it gives a run up where a parameter of one cannot be read. */
export class StartBarrier {
	/** Resolves when n8n has started all items. Where it gives the run up before, it never does. */
	readonly allStarted: Promise<void>;
	private readonly started = new Set<number>();
	private onAllStarted = () => {};

	constructor(
		private readonly items: number,
		private readonly batchSize: number,
	) {
		this.allStarted = new Promise((resolve) => (this.onAllStarted = resolve));
	}

	start(itemIndex: number): void {
		this.started.add(itemIndex);
		if (this.haveAllStarted) this.onAllStarted();
	}

	hasStarted(itemIndex: number): boolean {
		return this.started.has(itemIndex);
	}

	get count(): number {
		return this.started.size;
	}

	get haveAllStarted(): boolean {
		return this.started.size >= this.items;
	}

	/** Whether n8n starts the items in several batches, with a pause between them. */
	get isBatched(): boolean {
		return this.batchSize < this.items;
	}

	/** Whether n8n has come to the end of an item's batch. */
	hasStartedBatchOf(itemIndex: number): boolean {
		if (!this.isBatched) return this.haveAllStarted;
		const batches = Math.floor(itemIndex / this.batchSize) + 1;
		return this.started.has(Math.min(batches * this.batchSize, this.items) - 1);
	}
}
