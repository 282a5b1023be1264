import { join } from 'node:path';
import { startEmulator } from '../emulator';
import type { Emulator, EmulatorOptions } from '../emulator';
import { say } from '../n8n/command';
import { startN8n } from '../n8n/instance';
import type { N8n } from '../n8n/instance';

const ENVIRONMENT = {
	NODE_OPTIONS: `--expose-gc --require "${join(__dirname, 'insideN8n.cjs')}"`,
	N8N_CUSTOM_EXTENSIONS: join(__dirname, 'plainNode'),
	// After a long freeze n8n takes its database for lost, and refuses all work for some seconds.
	DB_PING_INTERVAL_SECONDS: '3600',
};

type ServiceOptions = Pick<EmulatorOptions, 'pictures' | 'limits'> & {
	/** Milliseconds from create to end, by the number that a prompt ends in. */
	durations: number[];
};

/** A complete n8n with this package and the plain node beside it, and emulated services. */
export class Harness {
	private running: N8n | undefined;

	private readonly stops: Array<() => Promise<void>> = [];

	/** The same one until `stop`. */
	async n8n(): Promise<N8n> {
		if (this.running) return this.running;
		this.running = await startN8n({ env: ENVIRONMENT, say });
		this.stops.push(this.running.stop);
		return this.running;
	}

	/** Another one each time. */
	async service({ durations, ...options }: ServiceOptions): Promise<Emulator> {
		const byTime = ({ parameters }: { parameters: { prompt: string } }) =>
			durations[Number(/\d*$/.exec(parameters.prompt)![0]) % durations.length]!;
		const service = await startEmulator({ ...options, progress: { byTime } });
		this.stops.push(service.stop);
		return service;
	}

	/** What is measured next gets an unused n8n. */
	async stop(): Promise<void> {
		this.running = undefined;
		await Promise.all(this.stops.splice(0).map(async (stop) => await stop()));
	}
}

type Answers = {
	/** What is measured begins: garbage is collected first. */
	start: null;
	/** The longest that the event loop has stood still at a time since `start`. */
	freezeMs: number;
	/** The peak of resident memory since `start`; fails on other systems than Linux. */
	peakMB: number;
	/** How many objects are left after garbage collection. */
	kept: Record<'abortSignals' | 'contexts' | 'ours', number>;
};

/** Asks `insideN8n.cjs` in the process of an n8n that the harness has started. */
export async function ask<Question extends keyof Answers>(
	{ log }: N8n,
	question: Question,
): Promise<Answers[Question]> {
	const port = /bench probe: port (\d+)/.exec(log())?.[1];
	const response = await fetch(`http://127.0.0.1:${port}/${question}`);
	if (!response.ok) throw new Error(`The probe failed: ${await response.text()}`);
	return (await response.json()) as Answers[Question];
}
