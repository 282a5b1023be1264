import type { AbortScope } from './abort';
import { Aborted } from './abort';

type Waiter = { permits: number; place: number; scope: AbortScope; enter: () => void };

/** A bounded number of permits, in the order of places, and of asking where callers have none. */
export class Semaphore {
	private held = 0;
	private readonly waiting: Waiter[] = [];
	/** Of the one that is next; Infinity where it has none. */
	get nextPlace(): number {
		return this.waiting[0]?.place ?? Infinity;
	}
	/** `permits`: how many there are, as this caller sees it. @throws Aborted before `work` begins */
	async run<T>(
		permits: number,
		scope: AbortScope,
		work: () => Promise<T>,
		place = Infinity,
	): Promise<T> {
		await new Promise<void>((resolve, reject) => {
			const ignoreAbort = scope.onAbort(() => {
				reject(new Aborted());
				this.admit(); // The next one may see more permits.
			});
			const waiter = { permits, place, scope, enter: () => resolve(ignoreAbort()) };
			let at = this.waiting.length;
			while (at > 0 && this.waiting[at - 1]!.place > place) at--;
			this.waiting.splice(at, 0, waiter);
			this.admit();
		});
		try {
			scope.throwIfAborted();
			return await work();
		} finally {
			this.held--;
			this.admit();
		}
	}
	private admit(): void {
		for (let first; (first = this.waiting[0]);) {
			if (!first.scope.aborted && this.held >= first.permits) return;
			this.waiting.shift();
			if (first.scope.aborted) continue;
			this.held++;
			first.enter();
		}
	}
}
