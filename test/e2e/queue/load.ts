import { strict as assert } from 'node:assert';
import { requestIdsOf, rowsOf, whenAll, withData } from './executions';
import type { Figures } from './figures';
import { secondsOfWork } from './figures';
import { activate, blocking, NODES, post } from './workflows';
import { checkImage, TASK_SECONDS } from './world';
import type { World } from './world';

const EXECUTIONS = 40;
const ITEMS = 3;

/** Executions that one worker runs at a time, unless told otherwise. */
const PLACES = 10;

/** Forty executions of three items at once, the node waiting in each. */
export async function underLoad(world: World, figures: Figures): Promise<void> {
	const { client, cluster, emulator, credential, checks, signal } = world;
	const workflow = await activate(client, credential, blocking());
	await post(workflow, { prompts: ['a first image'] });
	await whenAll(client, workflow, 1, ['success'], { signal });

	const before = { cpu: secondsOfWork(cluster), tasks: emulator.tasks.size };
	const started = Date.now();
	const wanted = Array.from({ length: EXECUTIONS }, (_, execution) =>
		Array.from({ length: ITEMS }, (_item, item) => `image ${item} of ${execution}`),
	);
	await Promise.all(wanted.map(async (prompts) => await post(workflow, { prompts })));
	const all = await whenAll(client, workflow, EXECUTIONS + 1, ['success', 'error'], { signal });
	const work = secondsOfWork(cluster) - before.cpu;
	const ended = Math.max(...all.map(({ stoppedAt }) => Date.parse(stoppedAt ?? '')));
	const executions = (await withData(client, all)).slice(0, EXECUTIONS);

	await checks.check(`${EXECUTIONS} executions of ${ITEMS} items end well`, () =>
		assert.deepEqual([...new Set(all.map(({ status }) => status))], ['success']),
	);
	await checks.check('each item has the image of its own prompt, byte for byte', async () => {
		for (const execution of executions) {
			const rows = rowsOf(execution, NODES.images);
			assert.equal(rows.length, ITEMS);
			const { prompts } = rowsOf(execution, NODES.webhook)[0]!.json.body as {
				prompts: string[];
			};
			const made = requestIdsOf(rows).map((id) => emulator.tasks.get(id)?.parameters.prompt);
			assert.deepEqual(made, prompts);
			for (const row of rows) await checkImage(world, row);
		}
	});
	await checks.check('no task was created twice, and none for nobody', () => {
		const delivered = executions.flatMap((one) => requestIdsOf(rowsOf(one, NODES.images)));
		assert.equal(new Set(delivered).size, EXECUTIONS * ITEMS);
		assert.equal(emulator.tasks.size - before.tasks, EXECUTIONS * ITEMS);
	});
	await checks.check('both workers had their share', () => {
		for (const { name, log } of cluster.workers)
			assert.match(log(), /Worker finished execution/, `Worker ${name} ran nothing.`);
	});

	const held = executions.map(
		({ startedAt, stoppedAt }) => Date.parse(stoppedAt ?? '') - Date.parse(startedAt),
	);
	const rounds = Math.ceil(EXECUTIONS / (PLACES * cluster.workers.length));
	figures.add(
		`Blocking: ${EXECUTIONS} executions of ${ITEMS} items, tasks of ${TASK_SECONDS} s`,
		`${((ended - started) / 1000).toFixed(1)} s; ${rounds * TASK_SECONDS} s is the least with ${cluster.workers.length} workers of ${PLACES} slots`,
	);
	figures.add('… a slot is occupied for', `${figures.mean(held)} s an execution`);
	figures.add(
		'… processor time, main and workers',
		`${(work / EXECUTIONS).toFixed(2)} s an execution`,
	);
	figures.addMachine();
	for (const worker of cluster.workers)
		figures.add(`… memory of worker ${worker.name}, at most`, figures.memory(worker.pid));
}
