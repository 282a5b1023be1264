import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EngineOrder, EngineReport } from './engineProcess';
import type { Work } from './figure';
import type { Ground } from './ground';
import { countOf, startService } from './service';
import type { Service } from './service';
import { strainOfRecipe } from './recipeStrain';

const TASKS = 100;
const MINUTE = 60_000;

/** Waiting for many tasks: what it asks of the service, and what it takes from n8n. */
export async function hundredOpenTasks(ground: Ground): Promise<Work> {
	await ground.clear();
	const service = await startService({ durations: [2 * MINUTE] });
	try {
		const { idle, busy } = await inEngine(service);
		const record = await service.record();
		const calls = countOf(record, 'status', { from: busy.from, to: busy.to });
		const created = countOf(record, 'create', { from: idle.to, to: busy.from });
		if (created !== TASKS) throw new Error(`${created} of ${TASKS} tasks were open`);
		ground.say(`  the engine: idle ${JSON.stringify(idle)}, waiting ${JSON.stringify(busy)}`);
		const recipe = await strainOfRecipe(ground, service, TASKS, MINUTE);
		return {
			work: `${TASKS} open tasks for a minute`,
			method:
				"The node in n8n's engine, alone in its process. The recipe needs the whole of n8n. Of " +
				'both, what the process does while idle, its measuring included, is left out.',
			figures: [
				{
					what: 'status calls',
					measured: calls,
					unit: '',
					atMost: 600,
					recipe: recipe.calls,
				},
				{
					what: 'share of one core, above idle',
					measured: busy.cpu - idle.cpu,
					unit: '%',
					atMost: 3,
					recipe: recipe.cpu,
				},
				{
					what: 'event loop delay, p99 above idle',
					measured: busy.delay - idle.delay,
					unit: 'ms',
					atMost: 20,
				},
			],
		};
	} finally {
		await service.stop();
	}
}

/** n8n's engine with this node, in a process that does nothing else. */
async function inEngine({ baseUrl, key }: Service): Promise<EngineReport> {
	const order: EngineOrder = { baseUrl, key, items: TASKS, watched: MINUTE };
	const child = fork(join(__dirname, 'engineProcess.ts'), [JSON.stringify(order)]);
	const ended = once(child, 'exit').then(() => {
		throw new Error('The process of the engine has ended');
	});
	ended.catch(() => {});
	return (await Promise.race([
		once(child, 'message').then(([report]) => report),
		ended,
	])) as EngineReport;
}
