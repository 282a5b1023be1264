import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../e2e/until';
import { TRIGGER } from '../e2e/workflow';
import { seeded } from '../seeded';
import type { Harness } from './harness';
import { figure, meanOf } from './report';
import type { Result } from './report';
import {
	countCalls,
	mustMake,
	prompts,
	run,
	runBaseline,
	save,
	slowestMs,
	succeededTasks,
} from './runs';
import type { Outcome } from './runs';

/** Our node, and in some of them the baseline workflow, under what users do most. */

/**
 * Durations in milliseconds, spread evenly over a range and in an order that is mixed but always
 * the same: `count` for each of several runs, so that no run owes its figure to luck.
 */
function spread(least: number, most: number, count: number, runs = 1): number[] {
	const random = seeded(20);
	const durations = Array.from({ length: count * runs }, (_, index) => ({
		run: Math.floor(index / count),
		duration: least + ((most - least) * ((index % count) + random())) / count,
		order: random(),
	}));
	durations.sort((one, other) => one.run - other.run || one.order - other.order);
	return durations.map(({ duration }) => duration);
}

const inFlight = (maxTasksInFlight: number) => ({ options: { maxTasksInFlight } });

/**
 * Runs our node and then the baseline workflow on the same tasks, so many items at a time; each run
 * has to bring an image for every item. @returns what tells the mean of a measure for each of the two
 */
async function besideBaseline(harness: Harness, items: number, durations: number[]) {
	const { client } = await harness.n8n();
	const service = async () => await harness.service({ durations, pictures: { bytes: 1_000_000 } });
	const pairs: Outcome[][] = [];
	for (let from = -items; from < durations.length; from += items) {
		const input = prompts(items, Math.max(from, 0));
		const ours = await run(client, await service(), { input, parameters: inFlight(items) });
		const baseline = await runBaseline(client, await service(), input);
		pairs.push([ours, baseline].map((outcome) => mustMake('images', items, outcome)));
	}
	// The first run finds an n8n that has not loaded its nodes yet.
	pairs.shift();
	return (measure: (outcome: Outcome) => number) =>
		[0, 1].map((which) => meanOf(pairs.map((pair) => measure(pair[which]!)))) as [number, number];
}

/** Each run is an execution of its own, which has learned nothing from the others. */
export async function oneItem(harness: Harness): Promise<Result> {
	const means = await besideBaseline(harness, 1, spread(2500, 3500, 10));
	const [beyond, baseline] = means((outcome) => (outcome.ms - slowestMs(outcome)) / 1000);
	const [polls, baselinePolls] = means((outcome) => countCalls(outcome, 'status'));
	return {
		work: '1 item of 2.5 to 3.5 s, mean of 10 executions',
		method:
			'The time of the node (of the baseline workflow: from its first create to its last download) ' +
			'less that of the task. The image has 1 MB. No execution knows of the others.',
		figures: [
			figure('time beyond the task, download included', beyond, 's', { atMost: 0.5, baseline }),
			figure('polls', polls, '', { baseline: baselinePolls }),
		],
	};
}

/** Every task ends at its own time; what counts is how long after the last one the node is done. */
export async function twentyItems(harness: Harness): Promise<Result> {
	const means = await besideBaseline(harness, 20, spread(4000, 8000, 20, 5));
	const [time, baseline] = means((outcome) => outcome.ms / slowestMs(outcome));
	const [polls, baselinePolls] = means((outcome) => countCalls(outcome, 'status') / 20);
	return {
		work: '20 items of 4 to 8 s, all in flight, mean of 5 runs',
		method:
			"The node's time is what n8n records of it, downloads of 1 MB an image included; that of the " +
			'baseline workflow is from its first create to its last download, for the same tasks.',
		figures: [
			figure('time / slowest task', time, '×', { atMost: 1.08, baseline }),
			figure('polls a task', polls, '', { atMost: 4, baseline: baselinePolls }),
		],
	};
}

/** A service with limits, more items than it takes at once, and every one of them paid for. */
export async function fiveHundredItems(harness: Harness): Promise<Result> {
	const { client } = await harness.n8n();
	const limits = { create: 10, openTasks: 50 };
	const options = { durations: [2000], limits, pictures: { bytes: 100_000 } };
	const input = prompts(500);
	const order = { input, parameters: inFlight(50) };
	const ours = await run(client, await harness.service(options), order);
	const baseline = await runBaseline(client, await harness.service(options), input);
	const lost = baseline.service.tasks.size - baseline.images;
	return {
		work: '500 items of 2 s, ten creates a second and 50 open tasks allowed',
		method:
			'The service takes ten creates at once and ten more each second, so the last task cannot ' +
			'end before 51 s. The baseline workflow fails at the first refusal.',
		figures: [
			figure('time / best possible (51 s)', ours.ms / 51_000, '×', { atMost: 1.12 }),
			figure('creates refused', countCalls(ours, 'create', 429), '', {
				atMost: 30,
				baseline: countCalls(baseline, 'create', 429),
			}),
			figure('creates accepted', countCalls(ours, 'create', 200), '', {
				exactly: 500,
				baseline: `${countCalls(baseline, 'create', 200)}; ${lost} paid for and lost`,
			}),
			figure('images', ours.images, '', { exactly: 500, baseline: baseline.images }),
		],
	};
}

/** Many results at once from a service that hands out only so many a second. */
export async function getResults(harness: Harness): Promise<Result> {
	const { client } = await harness.n8n();
	const pictures = { bytes: 10_000 };
	const service = await harness.service({ durations: [0], limits: { result: 10 }, pictures });
	const parameters = { operation: 'getResult', requestId: '={{ $json.id }}' };
	const input = succeededTasks(service, 300);
	const outcome = await run(client, service, { input, parameters });
	return {
		work: 'Get Result of 300 request IDs, ten results a second allowed',
		method: 'All tasks have succeeded. Downloads of 10 kB an image are included.',
		figures: [
			figure('time / 30 s', outcome.ms / 30_000, '×', { atMost: 1.2 }),
			figure('results refused', countCalls(outcome, 'result', 429), '', { atMost: 30 }),
			figure('images', outcome.images, '', { exactly: 300 }),
		],
	};
}

/** A service that takes fewer polls than the node would make. */
export async function fivePolls(harness: Harness): Promise<Result> {
	const { client } = await harness.n8n();
	const [durations, pictures] = [spread(15_000, 30_000, 50), { bytes: 100_000 }];
	const service = await harness.service({ durations, limits: { status: 5 }, pictures });
	const order = { input: prompts(50), parameters: inFlight(50) };
	const outcome = await run(client, service, order);
	return {
		work: '50 items of 15 to 30 s, all in flight, five polls a second allowed',
		method: "The node's time by n8n's record, downloads of 100 kB an image included.",
		figures: [
			figure('time / slowest task', outcome.ms / slowestMs(outcome), '×', { atMost: 1.2 }),
			figure('polls refused', countCalls(outcome, 'status', 429), ''),
			figure('images', outcome.images, '', { exactly: 50 }),
		],
	};
}

/** Stop of a run with many open tasks, at a service that takes only so many cancels a second. */
export async function stopHundred(harness: Harness): Promise<Result> {
	const { client } = await harness.n8n();
	const service = await harness.service({ durations: [600_000], limits: { cancel: 10 } });
	const order = { input: prompts(100), parameters: inFlight(100) };
	const workflowId = await save(client, service, order);
	const executionId = await client.runWorkflow(workflowId, TRIGGER);
	await until('100 tasks', () => service.tasks.size === 100, 30_000);
	const stoppedAt = Date.now();
	await client.stopExecution(executionId);
	await sleep(stoppedAt + 15_000 - Date.now());
	const secondsToCancel = [...service.tasks.values()]
		.filter(({ ending, endsAt }) => ending?.how === 'cancelled' && endsAt <= stoppedAt + 15_000)
		.map(({ endsAt }) => (endsAt - stoppedAt) / 1000);
	return {
		work: 'Stop of 100 open tasks, ten cancels a second allowed',
		method:
			'The service takes ten cancels at once and ten more each second, so the last one cannot be ' +
			'taken before 9 s.',
		figures: [
			figure('tasks cancelled within 15 s', secondsToCancel.length, '', { exactly: 100 }),
			figure('the last of them after', Math.max(...secondsToCancel), 's'),
		],
	};
}
