import type { Say } from '../n8n/command';
import { startN8n } from '../n8n/instance';
import type { N8n } from '../n8n/instance';
import { pack } from '../n8n/packed';
import type { Packed } from '../n8n/packed';

/** What the benches stand on: the packed package, and an n8n that several of them share. */
export class Ground {
	private shared: N8n | undefined;

	private readonly running = new Set<N8n>();

	private constructor(
		readonly packed: Packed,
		readonly say: Say,
	) {}

	static async prepare(say: Say): Promise<Ground> {
		return new Ground(await pack(), say);
	}

	async n8n(): Promise<N8n> {
		return (this.shared ??= await this.freshN8n());
	}

	/** An n8n that nobody has used yet. */
	async freshN8n(): Promise<N8n> {
		this.say('  starting n8n …');
		const n8n = await startN8n({ tarball: this.packed.tarball });
		this.running.add(n8n);
		return n8n;
	}

	async stop(n8n: N8n): Promise<void> {
		this.running.delete(n8n);
		await n8n.stop();
	}

	/** Ends the shared n8n, so that it does not take from what is measured next. */
	async clear(): Promise<void> {
		if (this.shared) await this.stop(this.shared);
		this.shared = undefined;
	}

	async leave(): Promise<void> {
		await Promise.all([...this.running].map(async (n8n) => await this.stop(n8n)));
		await this.packed.remove();
	}
}
