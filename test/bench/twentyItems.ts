import { meanOf } from './figure';
import type { Work } from './figure';
import type { Ground } from './ground';
import { mustSucceed, nodeTime, recipeTime, runNode, runRecipe } from './runs';
import { countOf, slowestOf, startService } from './service';
import { spread } from './spread';

const ITEMS = 20;
const RUNS = 5;

/** Every item ends at its own time; what counts is how long after the last one the node is done. */
export async function twentyItems(ground: Ground): Promise<Work> {
	const { client } = await ground.n8n();
	const durations = spread(4000, 8000, ITEMS, RUNS + 1);
	const service = await startService({ durations, pictures: { bytes: 1_000_000 } });
	const order = (run: number, options = {}) => ({ items: ITEMS, from: run * ITEMS, options });
	try {
		const [node, calls, recipe, recipeCalls]: number[][] = [[], [], [], []];
		for (let run = 0; run <= RUNS; run++) {
			const inOneGo = order(run, { maxTasksInFlight: ITEMS });
			const ours = mustSucceed(await runNode(client, service, inOneGo), ITEMS);
			const theirs = mustSucceed(await runRecipe(client, service, order(run)), ITEMS);
			// The first run finds an n8n that has not loaded its nodes yet.
			if (run === 0) continue;
			node!.push(nodeTime(ours) / slowestOf(ours.record));
			calls!.push(countOf(ours.record, 'status') / ITEMS);
			recipe!.push(recipeTime(theirs) / slowestOf(theirs.record));
			recipeCalls!.push(countOf(theirs.record, 'status') / ITEMS);
			ground.say(`  run ${run}: ${node!.at(-1)!.toFixed(3)}, ${calls!.at(-1)} calls a task`);
		}
		const single = order(1, { maxTasksInFlight: 1 });
		const oneByOne = mustSucceed(await runNode(client, service, single), ITEMS);
		return {
			work: `${ITEMS} items of 4 to 8 s, mean of ${RUNS} runs`,
			method:
				"The node's time is what n8n records of it, downloads of 1 MB an image included; the " +
				"recipe's is that from its first create to its last download, for the same tasks in the " +
				'same n8n. One by one: "Max Tasks in Flight" 1, one run.',
			figures: [
				{
					what: 'time / slowest task',
					measured: meanOf(node!),
					unit: '×',
					atMost: 1.04,
					recipe: meanOf(recipe!),
					oneByOne: nodeTime(oneByOne) / slowestOf(oneByOne.record),
				},
				{
					what: 'status calls a task',
					measured: meanOf(calls!),
					unit: '',
					atMost: 8,
					recipe: meanOf(recipeCalls!),
					oneByOne: countOf(oneByOne.record, 'status') / ITEMS,
				},
			],
		};
	} finally {
		await service.stop();
	}
}
