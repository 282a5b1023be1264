import { meanOf } from './figure';
import type { Result } from './figure';
import type { Harness } from './harness';
import { baselineMs, mustSucceed, nodeMs, prompts, runBaseline, runOurs } from './runs';
import { countCalls, startService } from './service';
import { spread } from './random';

const RUNS = 10;

/** Each run is an execution of its own, which has learned nothing from the others. */
export async function oneItem(harness: Harness): Promise<Result> {
	const { client } = await harness.n8n();
	const durations = spread(2500, 3500, RUNS);
	const service = await startService({ durations, pictures: { bytes: 1_000_000 } });
	const [ours, polls, baseline, baselinePolls]: number[][] = [[], [], [], []];
	try {
		// The first run finds an n8n that has not loaded its nodes yet.
		for (let run = -1; run < RUNS; run++) {
			const order = { input: prompts(1, Math.max(run, 0)) };
			await service.reset();
			const our = mustSucceed(await runOurs(client, service, order), { images: 1 });
			await service.reset();
			const their = mustSucceed(await runBaseline(client, service, order), { images: 1 });
			if (run < 0) continue;
			const task = durations[run]!;
			ours!.push((nodeMs(our) - task) / 1000);
			polls!.push(countCalls(our.record, 'status'));
			baseline!.push((baselineMs(their) - task) / 1000);
			baselinePolls!.push(countCalls(their.record, 'status'));
			harness.say(`  task of ${Math.round(task)} ms: ${ours!.at(-1)!.toFixed(3)} s beyond it`);
		}
	} finally {
		await service.stop();
	}
	return {
		work: `1 item of 2.5 to 3.5 s, mean of ${RUNS} executions`,
		method:
			'The time of the node (of the baseline workflow: from its first create to its last download) ' +
			'less that of the task. The image has 1 MB. No execution knows of the others.',
		figures: [
			{
				what: 'time beyond the task, download included',
				measured: meanOf(ours!),
				unit: 's',
				atMost: 0.5,
				baseline: meanOf(baseline!),
			},
			{ what: 'polls', measured: meanOf(polls!), unit: '', baseline: meanOf(baselinePolls!) },
		],
	};
}
