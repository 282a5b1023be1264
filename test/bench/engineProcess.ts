import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEngine } from '../engine/engine';
import { exampleWorkflow } from '../n8n/trial';

/** What n8n's engine is told to run in a process of its own, and for how long it is watched. */
export type EngineOrder = { baseUrl: string; key: string; items: number; watched: number };

export type Strain = {
	/** In percent of one core. */
	cpu: number;
	/** 99 of 100 delays of the event loop are at most so long; in milliseconds. */
	delay: number;
	from: number;
	to: number;
};

export type EngineReport = { idle: Strain; busy: Strain };

const IDLE = 15_000;
/** By then all tasks are open; the caller sees whether that is true. */
const CREATING = 2500;

async function main({ baseUrl, key, items, watched }: EngineOrder): Promise<void> {
	const engine = await startEngine();
	const workflow = exampleWorkflow('first-image');
	for (const node of workflow.nodes.slice(1)) {
		const options = { maxTasksInFlight: items };
		node.parameters = { prompt: '={{ $json.prompt }}', options };
	}
	const input = Array.from({ length: items }, (_, index) => ({
		json: { prompt: `a red apple ${index}` },
	}));
	// What is loaded at first use only is no part of the waiting.
	const credential = { apiKey: key, baseUrl };
	const warmUp = engine.start(workflow, { items: input.slice(0, 1), credential });
	await sleep(4000);
	warmUp.stop();
	await warmUp.ended;

	const idle = await strainOf(IDLE);
	engine.start(workflow, { items: input, credential });
	await sleep(CREATING);
	const busy = await strainOf(watched);
	process.send!({ idle, busy } satisfies EngineReport, () => process.exit(0));
}

async function strainOf(milliseconds: number): Promise<Strain> {
	const histogram = monitorEventLoopDelay({ resolution: 10 });
	histogram.enable();
	const [from, before] = [Date.now(), process.cpuUsage()];
	await sleep(milliseconds);
	const { user, system } = process.cpuUsage(before);
	const to = Date.now();
	histogram.disable();
	const cpu = (user + system) / 1000 / (to - from);
	return { cpu: cpu * 100, delay: histogram.percentile(99) / 1e6, from, to };
}

process.once('disconnect', () => process.exit(1));
void main(JSON.parse(process.argv[2]!) as EngineOrder);
