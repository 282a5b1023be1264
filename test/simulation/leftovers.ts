import { getEventListeners } from 'node:events';
import { promiseHooks } from 'node:v8';
import { realProcess } from '../harness/realProcess';

/** Counts what a run costs, and what it leaves behind. */
export class Leftovers {
	/** Promises made: the work that is done, counted and not timed. */
	promises = 0;

	/** What nobody has handled. */
	readonly unhandled: unknown[] = [];

	private readonly signals: AbortSignal[] = [];

	private readonly restore: Array<() => void> = [];

	/** Until `end` is called. One at a time. */
	static begin(): Leftovers {
		const leftovers = new Leftovers();
		const { AbortController: Original } = globalThis;
		globalThis.AbortController = class extends Original {
			constructor() {
				super();
				leftovers.signals.push(this.signal);
			}
		};
		const stopCounting = promiseHooks.onInit(() => leftovers.promises++);
		const unhandled = (reason: unknown) => leftovers.unhandled.push(reason);
		realProcess.on('unhandledRejection', unhandled);
		realProcess.on('uncaughtException', unhandled);
		leftovers.restore.push(
			() => (globalThis.AbortController = Original),
			() => stopCounting(),
			() => realProcess.off('unhandledRejection', unhandled),
			() => realProcess.off('uncaughtException', unhandled),
		);
		return leftovers;
	}

	/** Listeners that are still there on signals that were made meanwhile. */
	get abortListeners(): number {
		return this.signals.reduce((sum, one) => sum + getEventListeners(one, 'abort').length, 0);
	}

	end(): void {
		for (const restore of this.restore) restore();
	}
}
