import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../n8n/client';
import { figure } from './figure';
import type { Result } from './figure';
import type { Harness } from './harness';
import type { Kept } from './probe';
import { createOurWorkflow, startWorkflow, untilEnded } from './runs';
import type { Service } from './service';

const EXECUTIONS = 40;
const QUICK_MS = 500;
const NEVER_MS = 600_000;
/** The clean-up after Stop may go on for as long after an execution has ended. */
const CLEAN_UP_MS = 45_000;
const CHECK_INTERVAL_MS = 5000;

/** By the number in the prompt: 0 ends soon, 1 does not. */
const DURATIONS = [QUICK_MS, NEVER_MS];
const GOOD = 'a red apple 0';
const FAILING = 'a red apple [failsWithContentBlocked] 0';
const STOPPED = 'a red apple 1';

/** What executions leave behind in n8n's process once they have ended. */
export async function keptObjects(harness: Harness): Promise<Result> {
	await harness.stopShared();
	const { client, probe } = await harness.n8n();
	const service = await harness.service({ durations: DURATIONS });
	const all = async (count: number) => {
		await executions(client, service, GOOD, count);
		await executions(client, service, FAILING, count);
		await executions(client, service, STOPPED, count);
	};
	// n8n itself keeps its last execution, and what it loads at the first.
	await all(2);
	await sleep(CLEAN_UP_MS);
	const before = await probe.kept();
	await all(EXECUTIONS);
	const deadline = Date.now() + CLEAN_UP_MS;
	let grown = growth(before, await probe.kept());
	while ((grown.abortSignals > 0 || grown.ours > 0) && Date.now() < deadline) {
		await sleep(CHECK_INTERVAL_MS);
		grown = growth(before, await probe.kept());
	}
	harness.say(`  kept: ${JSON.stringify(grown)}`);
	return {
		work: `${EXECUTIONS} good, ${EXECUTIONS} failing and ${EXECUTIONS} stopped executions`,
		method:
			"Objects in n8n's process after garbage collection, counted by the inspector's " +
			'`Runtime.queryObjects`, beyond those after two executions of each kind. Ours are the ' +
			'instances of all classes that a file of the package declares, errors left out; contexts are those that ' +
			'n8n makes for each item, which any function of ours that is kept would hold.',
		figures: [
			figure('abort signals kept', grown.abortSignals, '', { atMost: 0 }),
			figure('objects of ours kept', grown.ours, '', { atMost: 0 }),
			figure("n8n's execution contexts kept", grown.contexts, '', { atMost: 0 }),
		],
	};
}

/** So many executions side by side; those whose task does not end are stopped. */
async function executions(client: Client, service: Service, prompt: string, count: number) {
	await service.reset();
	const workflowId = await createOurWorkflow(client, service, { input: [{ prompt }] });
	const ids: string[] = [];
	for (let started = 0; started < count; started++)
		ids.push(await startWorkflow(client, workflowId));
	if (prompt === STOPPED) {
		while ((await service.record()).tasks.length < count) await sleep(200);
		for (const id of ids) await client.stopExecution(id);
	}
	await untilEnded(client, workflowId);
}

const KINDS = ['abortSignals', 'contexts', 'ours'] as const;

/** How many more objects there are than before, in all and by class. */
function growth(before: Kept, after: Kept) {
	const byClass: Record<string, number> = {};
	const total = { abortSignals: 0, contexts: 0, ours: 0 };
	for (const kind of KINDS) {
		for (const [name, count] of Object.entries(after[kind])) {
			const more = count - (before[kind][name] ?? 0);
			total[kind] += more;
			if (more !== 0) byClass[name] = more;
		}
	}
	return { ...total, byClass };
}
