import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../e2e/until';
import { TRIGGER } from '../e2e/workflow';
import type { Emulator } from '../emulator';
import type { N8n } from '../n8n/instance';
import { ask } from './harness';
import type { Harness } from './harness';
import { figure, medianOf } from './report';
import type { Result } from './report';
import { mustMake, prompts, run, save, untilEnded } from './runs';
import type { Order } from './runs';

/** Images go through streams into n8n's file storage: their size must not show in its memory. */
export async function largeImages(harness: Harness): Promise<Result> {
	const [small, large]: [number[], number[]] = [[], []];
	// The median of three processes: garbage is collected in its own time.
	while (large.length < 3) {
		small.push(await peakMB(harness, 10_000));
		large.push(await peakMB(harness, 4_000_000));
	}
	const beyond = medianOf(large) - medianOf(small);
	return {
		work: "100 images of 4 MB, n8n's file storage, median of 3 processes",
		method:
			"10 items of 10 images. Resident memory of n8n's process as the kernel keeps its peak " +
			'(VmHWM, reset before the run), each time in a new n8n that has made one small image before.',
		figures: [figure('peak memory beyond that with 10 kB images', beyond, 'MB', { atMost: 64 })],
	};
}

async function peakMB(harness: Harness, bytes: number): Promise<number> {
	await harness.stop();
	const n8n = await harness.n8n();
	const make = async (order: Order, pictures: { bytes: number }, images: number) => {
		const service = await harness.service({ durations: [1000], pictures });
		mustMake('images', images, await run(n8n.client, service, order));
	};
	// What n8n loads at its first run is a part of neither figure.
	await make({ input: prompts(1) }, { bytes: 10_000 }, 1);
	await ask(n8n, 'start');
	await make({ input: prompts(10), parameters: { numberOfImages: 10 } }, { bytes }, 100);
	return await ask(n8n, 'peakMB');
}

const EXECUTIONS = 40;
/** The clean-up after Stop may go on for as long after an execution has ended. */
const CLEAN_UP_MS = 45_000;

/** The number says how long a task takes: 0 ends soon, 1 does not. */
const DURATIONS = [500, 600_000];
const STOPPED = 'a red apple 1';
const PROMPTS = ['a red apple 0', 'a red apple [failsWithContentBlocked] 0', STOPPED];

/** What executions leave behind in n8n's process once they have ended. */
export async function keptObjects(harness: Harness): Promise<Result> {
	await harness.stop();
	const n8n = await harness.n8n();
	const service = await harness.service({ durations: DURATIONS });
	// n8n itself keeps its last execution, and what it loads at the first.
	await executions(n8n, service, 2);
	await sleep(CLEAN_UP_MS);
	const before = await ask(n8n, 'kept');
	await executions(n8n, service, EXECUTIONS);
	await sleep(CLEAN_UP_MS);
	const after = await ask(n8n, 'kept');
	const kept = (what: string, kind: keyof typeof after) =>
		figure(`${what} kept`, after[kind] - before[kind], '', { atMost: 0 });
	return {
		work: `${EXECUTIONS} good, ${EXECUTIONS} failing and ${EXECUTIONS} stopped executions`,
		method:
			"Objects in n8n's process after garbage collection, counted by Node's " +
			'`v8.queryObjects`, beyond those after two executions of each kind. Ours are the ' +
			'instances of all classes that a file of the package declares, errors left out; contexts ' +
			'are those that n8n makes for each item, which any function of ours that is kept would hold.',
		figures: [
			kept('abort signals', 'abortSignals'),
			kept('objects of ours', 'ours'),
			kept("n8n's execution contexts", 'contexts'),
		],
	};
}

/** So many executions of each kind side by side; those whose task does not end are stopped. */
async function executions({ client }: N8n, service: Emulator, count: number): Promise<void> {
	for (const prompt of PROMPTS) {
		service.reset();
		const workflowId = await save(client, service, { input: [{ prompt }] });
		const ids: string[] = [];
		while (ids.length < count) ids.push(await client.runWorkflow(workflowId, TRIGGER));
		if (prompt === STOPPED) {
			await until(`${count} tasks`, () => service.tasks.size === count);
			for (const id of ids) await client.stopExecution(id);
		}
		await untilEnded(client, workflowId);
	}
}
