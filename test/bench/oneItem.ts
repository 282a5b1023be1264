import { meanOf } from './figure';
import type { Work } from './figure';
import type { Ground } from './ground';
import { mustSucceed, nodeTime, recipeTime, runNode, runRecipe } from './runs';
import { countOf, startService } from './service';
import { spread } from './spread';

const RUNS = 10;

/** Each run is an execution of its own, which has learned nothing from the others. */
export async function oneItem(ground: Ground): Promise<Work> {
	const { client } = await ground.n8n();
	const durations = spread(2500, 3500, RUNS);
	const service = await startService({ durations, pictures: { bytes: 1_000_000 } });
	const [node, calls, recipe, recipeCalls]: number[][] = [[], [], [], []];
	try {
		// The first run finds an n8n that has not loaded its nodes yet.
		for (let run = -1; run < RUNS; run++) {
			const order = { items: 1, from: Math.max(run, 0) };
			const ours = mustSucceed(await runNode(client, service, order), 1);
			const theirs = mustSucceed(await runRecipe(client, service, order), 1);
			if (run < 0) continue;
			const task = durations[run]!;
			node!.push((nodeTime(ours) - task) / 1000);
			calls!.push(countOf(ours.record, 'status'));
			recipe!.push((recipeTime(theirs) - task) / 1000);
			recipeCalls!.push(countOf(theirs.record, 'status'));
			ground.say(`  task of ${Math.round(task)} ms: ${node!.at(-1)!.toFixed(3)} s outside it`);
		}
	} finally {
		await service.stop();
	}
	return {
		work: `1 item of 2.5 to 3.5 s, mean of ${RUNS} executions`,
		method:
			'The time of the node, or from the first create to the last download of the recipe, less ' +
			'that of the task. The image has 1 MB. Every execution starts knowing nothing.',
		figures: [
			{
				what: 'time outside the task, download included',
				measured: meanOf(node!),
				unit: 's',
				atMost: 0.5,
				recipe: meanOf(recipe!),
			},
			{
				what: 'status calls',
				measured: meanOf(calls!),
				unit: '',
				recipe: meanOf(recipeCalls!),
			},
		],
	};
}
