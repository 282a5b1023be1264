import type { AbortScope } from './abort';
import { Aborted } from './abort';

type Waiter = {
	permits: number;
	place: number;
	scope: AbortScope;
	enter: () => void;
	next?: Waiter | undefined;
};

/** A bounded number of permits, given out in the order of asking, or of places where callers have them. */
export class Semaphore {
	private held = 0;
	private head: Waiter | undefined; // a linked list, whose steps cost the same however long it is
	private last: Waiter | undefined;
	get nextPlace(): number {
		return this.head?.place ?? Infinity;
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
			this.insert({ permits, place, scope, enter: () => resolve(ignoreAbort()) });
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
	private insert(waiter: Waiter): void {
		let before = this.last;
		if (before && before.place > waiter.place) {
			before = undefined;
			for (let one = this.head; one!.place <= waiter.place; one = one!.next) before = one;
		}
		waiter.next = before ? before.next : this.head;
		if (before) before.next = waiter;
		else this.head = waiter;
		if (!waiter.next) this.last = waiter;
	}
	private admit(): void {
		for (; this.head; this.head = this.head.next) {
			if (this.head.scope.aborted) continue;
			if (this.held >= this.head.permits) return;
			this.held++;
			this.head.enter();
		}
		this.last = undefined;
	}
}
