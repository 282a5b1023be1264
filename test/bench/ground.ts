import type { Say } from '../n8n/command';
import { startN8n } from '../n8n/instance';
import type { N8n } from '../n8n/instance';
import { pack } from '../n8n/packed';
import type { Packed } from '../n8n/packed';

/** What the benches stand on: the packed package, and an n8n that several of them share. */
export class Ground {
	private shared: N8n | undefined;

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

	/** An n8n that nobody has used yet; the caller's to stop. */
	async freshN8n(): Promise<N8n> {
		this.say('  starting n8n …');
		return await startN8n({ tarball: this.packed.tarball });
	}

	/** Ends the shared n8n, so that it does not take from what is measured next. */
	async clear(): Promise<void> {
		await this.shared?.stop();
		this.shared = undefined;
	}

	async leave(): Promise<void> {
		await this.clear();
		await this.packed.remove();
	}
}
