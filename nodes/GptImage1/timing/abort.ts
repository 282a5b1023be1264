/** What every wait rejects with when its scope is aborted. */
export class Aborted extends Error {}

/**
 * A tree of things that are aborted together. It has one listener on n8n's signal, as Node.js warns
 * of more than ten, and no AbortSignal.any, which lives as long as it has a listener. A child must
 * be closed when its work ends, so that nothing of it stays reachable.
 */
export class AbortScope {
	readonly aborted: boolean = false;
	private readonly handlers = new Set<() => void>();
	private controller: AbortController | undefined;
	private detach: () => void;

	constructor(signal?: AbortSignal) {
		const abort = () => this.abort();
		this.detach = () => signal?.removeEventListener('abort', abort);
		if (signal?.aborted) abort();
		else signal?.addEventListener('abort', abort);
	}
	abort(): void {
		if (this.aborted) return;
		(this as { aborted: boolean }).aborted = true;
		for (const handler of this.handlers) handler();
		this.close();
	}
	throwIfAborted(): void {
		if (this.aborted) throw new Aborted();
	}
	/** Calls the handler on abort, or at once after it; it must not throw. @returns takes it off */
	onAbort(handler: () => void): () => void {
		const entry = () => handler();
		if (this.aborted) handler();
		else this.handlers.add(entry);
		return () => void this.handlers.delete(entry);
	}
	child(): AbortScope {
		const child = new AbortScope();
		child.detach = this.onAbort(() => child.abort());
		return child;
	}
	/** Detaches from parent or signal; drops the handlers without calling them. */
	close(): void {
		this.detach();
		this.handlers.clear();
	}
	/** For n8n's functions; made on first use, belongs to this scope alone. */
	get signal(): AbortSignal {
		if (this.controller) return this.controller.signal;
		const controller = (this.controller = new AbortController());
		this.onAbort(() => controller.abort(new Aborted()));
		return controller.signal;
	}
}
