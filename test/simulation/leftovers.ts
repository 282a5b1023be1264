import { getEventListeners } from 'node:events';
import { promiseHooks } from 'node:v8';
import { realProcess } from '../harness/realProcess';

const { AbortController: Original } = globalThis;
const UNHANDLED = ['unhandledRejection', 'uncaughtException'] as const;

/** Counts what a run costs, and what it leaves behind, until `end` is called. One at a time. */
export class Leftovers {
	/** Promises made: the work that is done, counted and not timed. */
	promises = 0;
	/** Rejections without a handler. */
	readonly unhandled: unknown[] = [];
	private readonly signals: AbortSignal[] = [];
	private readonly stopCounting = promiseHooks.onInit(() => this.promises++) as () => void;
	private readonly note = (reason: unknown) => this.unhandled.push(reason);

	constructor() {
		const { signals } = this;
		globalThis.AbortController = class extends Original {
			constructor() {
				super();
				signals.push(this.signal);
			}
		};
		for (const event of UNHANDLED) realProcess.on(event, this.note);
	}

	/** Listeners that are still there on signals that were made meanwhile. */
	get abortListeners(): number {
		return this.signals.reduce((sum, one) => sum + getEventListeners(one, 'abort').length, 0);
	}

	end(): void {
		globalThis.AbortController = Original;
		this.stopCounting();
		for (const event of UNHANDLED) realProcess.off(event, this.note);
	}
}
