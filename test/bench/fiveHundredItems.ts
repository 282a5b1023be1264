import type { Work } from './figure';
import type { Ground } from './ground';
import { failedOf, imagesOf, nodeTime, runNode, runRecipe } from './runs';
import { countOf, startService } from './service';

const ITEMS = 500;
const TASK = 2000;
const CREATES = 10;
const OPEN = 50;

/** With a bucket of ten creates that is refilled at ten a second; 50 open tasks are never reached. */
const BEST = ((ITEMS - CREATES) / CREATES) * 1000 + TASK;

/** So many are run one by one; the rest follows by proportion, or it would take half an hour. */
const SAMPLE = 20;

/** A service with limits, more items than it takes at once, and every one of them paid for. */
export async function fiveHundredItems(ground: Ground): Promise<Work> {
	const { client } = await ground.n8n();
	const limits = { createsPerSecond: CREATES, openTasks: OPEN };
	const service = await startService({ durations: [TASK], limits, pictures: { bytes: 100_000 } });
	try {
		const order = { items: ITEMS, options: { maxTasksInFlight: OPEN } };
		const node = await runNode(client, service, order);
		const accepted = countOf(node.record, 'create', { status: 200 });
		const refused = countOf(node.record, 'create', { status: 429 });
		ground.say(`  the node: ${Math.round(nodeTime(node))} ms, ${refused} creates refused`);

		const recipe = await runRecipe(client, service, { items: ITEMS });
		const lost = recipe.record.tasks.length - imagesOf(recipe).length;
		const single = { items: SAMPLE, options: { maxTasksInFlight: 1 } };
		const oneByOne = await runNode(client, service, single);
		return {
			work: `${ITEMS} items of 2 s, at most ${CREATES} creates a second and ${OPEN} open tasks`,
			method:
				`The service lets in ${CREATES} creates at once and ${CREATES} more each second, so the last ` +
				`of ${ITEMS} tasks cannot end before ${BEST / 1000} s. The recipe has no way to heed a ` +
				`refusal: it ends at the first. One by one is measured for ${SAMPLE} items.`,
			figures: [
				{
					what: 'images',
					measured: imagesOf(node).length,
					unit: '',
					exactly: ITEMS,
					recipe: `${imagesOf(recipe).length}; ends as ${recipe.execution.status}`,
				},
				{
					what: 'creates accepted',
					measured: accepted,
					unit: '',
					exactly: ITEMS,
					recipe: `${countOf(recipe.record, 'create', { status: 200 })}; ${lost} paid for and lost`,
				},
				{
					what: 'failed items',
					measured: failedOf(node) + (node.execution.status === 'success' ? 0 : 1),
					unit: '',
					exactly: 0,
				},
				{
					what: `time / best possible (${BEST / 1000} s)`,
					measured: nodeTime(node) / BEST,
					unit: '×',
					atMost: 1.15,
					oneByOne: `${((nodeTime(oneByOne) * ITEMS) / SAMPLE / BEST).toFixed(1)} × (from ${SAMPLE})`,
				},
				{
					what: 'creates refused',
					measured: refused,
					unit: '',
					atMost: 60,
					recipe: countOf(recipe.record, 'create', { status: 429 }),
				},
			],
		};
	} finally {
		await service.stop();
	}
}
