import { strict as assert } from 'node:assert';
import type { Execution } from '../../n8n/client';
import { requestIdsOf, rowsOf, runsOf, whenAll, withData } from './executions';
import type { Figures } from './figures';
import { secondsOfWork } from './figures';
import type { Active } from './workflows';
import { activate, NODES, nonBlocking, nonBlockingWithRounds, post } from './workflows';
import { checkImage } from './world';
import type { World } from './world';

const EXECUTIONS = 20;
const PROMPTS = ['a red apple', 'a green pear', 'a blue plum'];

/** One goes into a second round, one is refused, one fails, one is well: all in one execution. */
const MIXED = [
	'a slow snail that takes 110 s',
	'a cat [createAnswers500]',
	'a dog [failsWithContentBlocked]',
	'a cow',
];

/** What the recipe's Wait is set to. */
const WAIT_SECONDS = 70;

/** Long enough for two rounds, with a main process that looks once a minute. */
const TWO_ROUNDS = { timeoutMs: 300_000 };

type Started = { workflow: Active; count: number; waiting: Execution[] };

/**
 * Starts the recipe, and returns when all of its executions wait in the database.
 *
 * @returns what checks how they end, once they have
 */
export async function startRecipe(world: World, figures: Figures): Promise<() => Promise<void>> {
	const { client, cluster, credential, checks, say, signal } = world;
	say('\nThe non-blocking workflow creates tasks, then waits in the database');
	const cpu = secondsOfWork(cluster);
	const start = async (recipe: Active, bodies: string[][]): Promise<Started> => {
		await Promise.all(bodies.map(async (prompts) => await post(recipe, { prompts })));
		const waiting = await whenAll(client, recipe, bodies.length, ['waiting', 'error'], { signal });
		return { workflow: recipe, count: bodies.length, waiting: await withData(client, waiting) };
	};
	const recipe = async (json = nonBlocking()) => await activate(client, credential, json);
	const many = await start(
		await recipe(),
		Array.from({ length: EXECUTIONS }, () => PROMPTS),
	);
	const creating = secondsOfWork(cluster) - cpu;
	const mixed = await start(await recipe(), [MIXED]);
	const never = await start(await recipe(nonBlockingWithRounds(2)), [['a stone [stuckInQueue]']]);

	await checks.check('the executions wait, and each has saved the ids of its tasks', () => {
		for (const execution of many.waiting) {
			assert.equal(execution.status, 'waiting');
			const ids = requestIdsOf(rowsOf(execution, NODES.create));
			assert.equal(new Set(ids).size, PROMPTS.length);
			for (const id of ids) assert(world.emulator.tasks.has(id));
		}
	});
	await checks.check('a task that could not be created leaves by the error output', () => {
		const [execution] = mixed.waiting;
		assert.equal(rowsOf(execution!, NODES.create, 1).length, 1);
	});
	figures.add(
		`Non-blocking: ${EXECUTIONS} executions of ${PROMPTS.length} items, until they wait`,
		`a slot is occupied for ${figures.mean(many.waiting.map(timeBeforeWait))} s an execution`,
	);
	figures.add('… processor time', `${(creating / EXECUTIONS).toFixed(2)} s an execution`);

	return async () => {
		say('\nHow the non-blocking workflow ended');
		await manyEnd(world, many, figures);
		await mixedEnds(world, mixed);
		await neverEnds(world, never);
	};
}

async function manyEnd(world: World, { workflow, waiting, count }: Started, figures: Figures) {
	const { client, cluster, checks, signal } = world;
	const ends = await whenAll(client, workflow, count, ['success', 'error'], {
		...TWO_ROUNDS,
		signal,
	});
	const ended = await withData(client, ends);
	await checks.check('every execution brings the images of the tasks that it created', async () => {
		for (const execution of ended) {
			assert.equal(execution.status, 'success');
			const rows = rowsOf(execution, NODES.images);
			const before = waiting.find(({ id }) => id === execution.id);
			assert.deepEqual(requestIdsOf(rows), requestIdsOf(rowsOf(before!, NODES.create)));
			for (const row of rows) await checkImage(world, row);
		}
	});
	await checks.check('those that a lost worker had begun, another has finished', () => {
		const [killed, ...others] = cluster.workers;
		const begun = ended.filter(({ id }) => ran(killed!.log(), 'started', id));
		assert(begun.length > 0, `Worker ${killed!.name} had begun none of them.`);
		for (const { id } of begun)
			assert(
				others.some(({ log }) => ran(log(), 'finished', id)),
				`No other worker has finished execution ${id}.`,
			);
	});
	const late = ended.map((execution) => {
		const before = waiting.find(({ id }) => id === execution.id)!;
		return startOf(execution, NODES.getResult) - wakeTime(before);
	});
	figures.add('… goes on after its time by', `${figures.mean(late)} s`);
	figures.add('… then a slot is occupied for', `${figures.mean(ended.map(timeAfterWait))} s`);
}

async function mixedEnds({ client, checks, signal }: World, { workflow }: Started) {
	const [listed] = await whenAll(client, workflow, 1, ['success', 'error'], {
		...TWO_ROUNDS,
		signal,
	});
	const execution = await client.execution(listed!.id);
	await checks.check(
		'a task that still runs is asked again a round later, and brings its image',
		() => {
			const prompts = runsOf(execution, NODES.images).map((run) => run.data?.main?.[0]?.length);
			assert.deepEqual(prompts, [1, 1]);
			assert.equal(runsOf(execution, NODES.wait).length, 2);
		},
	);
	await checks.check('what is ready does not wait for what is not', () => {
		const [first] = runsOf(execution, NODES.images);
		const [, secondLook] = runsOf(execution, NODES.getResult);
		assert(first!.startTime < secondLook!.startTime - 60_000);
	});
	await checks.check('a task that ended badly is named with its id, and asked no more', () => {
		const [row, ...more] = rowsOf(execution, NODES.ended);
		assert.equal(more.length, 0);
		const { request_id: id, error_type: kind } = row!.json.error as Record<string, string>;
		assert.equal(kind, 'CONTENT_BLOCKED');
		assert(requestIdsOf(rowsOf(execution, NODES.create)).includes(id!));
	});
}

async function neverEnds({ client, checks, signal }: World, { workflow }: Started) {
	const [listed] = await whenAll(client, workflow, 1, ['success', 'error'], {
		...TWO_ROUNDS,
		signal,
	});
	const execution = await client.execution(listed!.id);
	await checks.check('a task that does not end leaves after the last round, with its id', () => {
		assert.equal(runsOf(execution, NODES.wait).length, 2);
		assert.deepEqual(
			requestIdsOf(rowsOf(execution, NODES.ended)),
			requestIdsOf(rowsOf(execution, NODES.create)),
		);
	});
}

const ran = (log: string, what: 'started' | 'finished', id: string) =>
	log.includes(`Worker ${what} execution ${id} (`);

const startOf = (execution: Execution, node: string) => runsOf(execution, node)[0]!.startTime;

/** When the Wait is to end. Once it has, n8n writes the time of its end over that of its start. */
const wakeTime = (waiting: Execution) => startOf(waiting, NODES.wait) + WAIT_SECONDS * 1000;

const timeBeforeWait = (execution: Execution) =>
	startOf(execution, NODES.wait) - startOf(execution, NODES.webhook);

const timeAfterWait = (execution: Execution) =>
	Date.parse(execution.stoppedAt ?? '') - startOf(execution, NODES.getResult);
