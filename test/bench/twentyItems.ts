import { figure, meanOf } from './figure';
import type { Result } from './figure';
import type { Harness } from './harness';
import { baselineMs, nodeMs, runBesideBaseline } from './runs';
import { countCalls, slowestMs } from './service';
import { spread } from './random';

const ITEMS = 20;
const RUNS = 5;

/** Every task ends at its own time; what counts is how long after the last one the node is done. */
export async function twentyItems(harness: Harness): Promise<Result> {
	const durations = spread(4000, 8000, ITEMS, RUNS);
	const service = await harness.service({ durations, pictures: { bytes: 1_000_000 } });
	const [ours, polls, baseline, baselinePolls]: number[][] = [[], [], [], []];
	const parameters = { options: { maxTasksInFlight: ITEMS } };
	const plan = { runs: RUNS, items: ITEMS, parameters };
	await runBesideBaseline(harness, service, plan, (our, their, run) => {
		ours!.push(nodeMs(our) / slowestMs(our.record));
		polls!.push(countCalls(our.record, 'status') / ITEMS);
		baseline!.push(baselineMs(their) / slowestMs(their.record));
		baselinePolls!.push(countCalls(their.record, 'status') / ITEMS);
		harness.say(`  run ${run + 1}: ${ours!.at(-1)!.toFixed(3)}, ${polls!.at(-1)} polls a task`);
	});
	return {
		work: `${ITEMS} items of 4 to 8 s, all in flight, mean of ${RUNS} runs`,
		method:
			"The node's time is what n8n records of it, downloads of 1 MB an image included; that of the " +
			'baseline workflow is from its first create to its last download, for the same tasks.',
		figures: [
			figure('time / slowest task', meanOf(ours!), '×', {
				atMost: 1.08,
				baseline: meanOf(baseline!),
			}),
			figure('polls a task', meanOf(polls!), '', { atMost: 4, baseline: meanOf(baselinePolls!) }),
		],
	};
}
