import { figure, meanOf } from './figure';
import type { Result } from './figure';
import type { Harness } from './harness';
import { baselineMs, nodeMs, runBesideBaseline } from './runs';
import { countCalls } from './service';
import { spread } from './random';

const RUNS = 10;

/** Each run is an execution of its own, which has learned nothing from the others. */
export async function oneItem(harness: Harness): Promise<Result> {
	const durations = spread(2500, 3500, RUNS);
	const service = await harness.service({ durations, pictures: { bytes: 1_000_000 } });
	const [ours, polls, baseline, baselinePolls]: number[][] = [[], [], [], []];
	await runBesideBaseline(harness, service, { runs: RUNS, items: 1 }, (our, their, run) => {
		const task = durations[run]!;
		ours!.push((nodeMs(our) - task) / 1000);
		polls!.push(countCalls(our.record, 'status'));
		baseline!.push((baselineMs(their) - task) / 1000);
		baselinePolls!.push(countCalls(their.record, 'status'));
		harness.say(`  task of ${Math.round(task)} ms: ${ours!.at(-1)!.toFixed(3)} s beyond it`);
	});
	return {
		work: `1 item of 2.5 to 3.5 s, mean of ${RUNS} executions`,
		method:
			'The time of the node (of the baseline workflow: from its first create to its last download) ' +
			'less that of the task. The image has 1 MB. No execution knows of the others.',
		figures: [
			figure('time beyond the task, download included', meanOf(ours!), 's', {
				atMost: 0.5,
				baseline: meanOf(baseline!),
			}),
			figure('polls', meanOf(polls!), '', { baseline: meanOf(baselinePolls!) }),
		],
	};
}
