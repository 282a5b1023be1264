import type { AbortScope } from './abort';
import { Aborted } from './abort';

type Waiter = { permits: number; scope: AbortScope; enter: () => void; next?: Waiter };

/** A bounded number of permits, given out in the order of asking. */
export class Semaphore {
	private held = 0;
	private head: Waiter | undefined; // a linked list, whose steps cost the same however long it is
	private last: Waiter | undefined;
	/** `permits`: how many there are, as this caller sees it. @throws Aborted before `work` begins */
	async run<T>(permits: number, scope: AbortScope, work: () => Promise<T>): Promise<T> {
		await new Promise<void>((resolve, reject) => {
			const ignoreAbort = scope.onAbort(() => {
				reject(new Aborted());
				this.admit(); // The next one may see more permits.
			});
			const waiter = { permits, scope, enter: () => resolve(ignoreAbort()) };
			this.last = this.last ? (this.last.next = waiter) : (this.head = waiter);
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
		for (; this.head; this.head = this.head.next) {
			if (this.head.scope.aborted) continue;
			if (this.held >= this.head.permits) return;
			this.held++;
			this.head.enter();
		}
		this.last = undefined;
	}
}
