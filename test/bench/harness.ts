import { join } from 'node:path';
import type { Say } from '../n8n/command';
import { startN8n } from '../n8n/instance';
import type { N8n } from '../n8n/instance';
import { pack } from '../n8n/packed';
import type { Packed } from '../n8n/packed';
import { Probe } from './probe';
import { startService } from './service';
import type { Service, ServiceOptions } from './service';

/** A complete n8n with the packed package, the plain node beside it, and a probe in its process. */
export type BenchN8n = N8n & { probe: Probe };

const ENVIRONMENT = {
	NODE_OPTIONS: `--require "${join(__dirname, 'insideN8n.cjs')}"`,
	N8N_CUSTOM_EXTENSIONS: join(__dirname, 'plainNode'),
};

export class Harness {
	private shared: BenchN8n | undefined;

	private readonly running = new Set<BenchN8n>();

	private readonly services: Service[] = [];

	private constructor(
		private readonly packed: Packed,
		readonly say: Say,
	) {}

	static async prepare(say: Say): Promise<Harness> {
		return new Harness(await pack(), say);
	}

	/** The n8n that most benches share. */
	async n8n(): Promise<BenchN8n> {
		return (this.shared ??= await this.freshN8n());
	}

	/** An n8n that nobody has used yet. */
	async freshN8n(): Promise<BenchN8n> {
		this.say('  starting n8n …');
		const n8n = await startN8n({ tarball: this.packed.tarball, env: ENVIRONMENT });
		const withProbe = { ...n8n, probe: new Probe(n8n) };
		this.running.add(withProbe);
		return withProbe;
	}

	/** An emulated service of one bench. */
	async service(options: ServiceOptions): Promise<Service> {
		const service = await startService(options);
		this.services.push(service);
		return service;
	}

	/** To be called after each bench. */
	async stopServices(): Promise<void> {
		for (const service of this.services.splice(0)) await service.stop();
	}

	async stop(n8n: BenchN8n): Promise<void> {
		this.running.delete(n8n);
		await n8n.stop();
	}

	/** Stops the shared n8n, so that it does not take from what is measured next. */
	async stopShared(): Promise<void> {
		if (this.shared) await this.stop(this.shared);
		this.shared = undefined;
	}

	async stopAll(): Promise<void> {
		await Promise.all([...this.running].map(async (n8n) => await this.stop(n8n)));
		await this.packed.remove();
	}
}
