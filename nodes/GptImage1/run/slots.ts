import { Ended } from '../task/errors';

type Waiting = { limit: number; enter: () => void; end: (reason: Ended) => void };

/** A bounded number of places, taken in the order of asking. */
export class Slots {
	private taken = 0;

	private ended = false;

	private queue: Waiting[] = [];

	/**
	 * Runs `work` while holding a place; the place is given back however it ends.
	 *
	 * @param limit how many places there are, as this caller sees it
	 * @param onFailure called where `work` fails, before the next one gets its place
	 * @throws Ended where `end` was called before a place was free
	 */
	async hold<T>(
		limit: number,
		work: () => Promise<T>,
		onFailure: () => void = () => {},
	): Promise<T> {
		await this.enter(limit);
		try {
			const working = work();
			working.catch(onFailure);
			return await working;
		} finally {
			this.taken--;
			this.admit();
		}
	}

	/** Sends everybody away who still waits for a place; those who have one keep it. */
	end(): void {
		this.ended = true;
		for (const { end } of this.queue.splice(0)) end(new Ended());
	}

	private async enter(limit: number): Promise<void> {
		if (this.ended) throw new Ended();
		await new Promise<void>((enter, end) => {
			this.queue.push({ limit, enter, end });
			this.admit();
		});
	}

	private admit(): void {
		for (let next = this.queue[0]; next && this.taken < next.limit; next = this.queue[0]) {
			this.queue.shift();
			this.taken++;
			next.enter();
		}
	}
}
