import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from './cluster';
import { rowsOf, whenAll } from './executions';
import type { Figures } from './figures';
import type { Active } from './workflows';
import { activate, blocking, collecting, NODES, post } from './workflows';
import { checkImage } from './world';
import type { World } from './world';

/** n8n's own default: how long a worker may go on after it was asked to end. */
const GRACE_SECONDS = 30;

/** A worker's lock on an execution lasts a minute; others look for lost ones twice a minute. */
const NOTICED_WITHIN_MS = 180_000;

type Batch = { workflow: Active; count: number; ids: string[]; begun: number };

/**
 * Kills one worker and stops another gracefully, both in the middle of waits, with a third started in
 * between as whoever keeps them running would do. Then: what became of each task?
 */
export async function losingWorkers(world: World, figures: Figures): Promise<void> {
	const { cluster, say } = world;
	const [first, second] = cluster.workers as [Worker, Worker];
	say(`\nKilling worker ${first.name} with 10 tasks in progress`);
	const killed = await batch(world, 10, 'a castle that takes 20 s');
	const lostByKill = idsIn(first, killed);
	process.kill(first.pid, 'SIGKILL');
	const killedAt = Date.now();
	await first.ended;
	const third = await cluster.startWorker();

	say(`\nStopping worker ${second.name} gracefully with 12 tasks in progress`);
	const stopped = await batch(world, 12, 'a tower that takes 3600 s');
	const [quick = '', ...slow] = idsIn(second, stopped);
	const lostByStop = slow.slice(0, 2);
	process.kill(second.pid, 'SIGTERM');
	const stoppedAt = Date.now();
	await sleep(3000);
	// All end in time but two.
	for (const id of stopped.ids) if (!lostByStop.includes(id)) world.emulator.end(id);
	await second.ended;
	const took = (Date.now() - stoppedAt) / 1000;
	figures.add(
		`Worker ${second.name} after SIGTERM, tasks running on`,
		`ended after ${took.toFixed(0)} s`,
	);

	await afterKill(world, killed, lostByKill, { killedAt, worker: first, figures });
	await afterStop(world, stopped, lostByStop, { quick, worker: second, third, took });
	for (const id of lostByStop) world.emulator.end(id);
	await collect(world, [...lostByKill, ...lostByStop]);
}

/** Starts executions of one item, and returns when every task is created and logged. */
async function batch(world: World, count: number, prompt: string): Promise<Batch> {
	const { client, cluster, credential, emulator, signal } = world;
	const workflow = await activate(client, credential, blocking());
	const begun = emulator.tasks.size;
	for (let one = 1; one <= count; one++) await post(workflow, { prompts: [`${prompt}, ${one}`] });
	const idsNow = () => [...emulator.tasks.keys()].slice(begun);
	const isLogged = (id: string) => cluster.workers.some(({ log }) => log().includes(id));
	for (const started = Date.now(); ; await sleep(100, undefined, { signal })) {
		const ids = idsNow();
		if (ids.length === count && ids.every(isLogged)) return { workflow, count, ids, begun };
		if (Date.now() - started > 60_000)
			throw new Error(`${ids.length} of ${count} tasks were created, or are not in a log.`);
	}
}

/** The tasks of a batch that this worker's log tells of, in the words that people will look for. */
function idsIn({ log }: Worker, { ids }: Batch): string[] {
	const told = [...log().matchAll(/task created \(task (\S+), execution \d+, item \d+\)/g)];
	const logged = new Set(told.map(([, id]) => id));
	return ids.filter((id) => logged.has(id));
}

/** How the executions ended that had tasks on a lost worker, by status. */
async function statuses({ client, signal }: World, { workflow, count }: Batch) {
	const ends = ['success', 'error', 'crashed'];
	const timeoutMs = NOTICED_WITHIN_MS;
	const all = await whenAll(client, workflow, count, ends, { timeoutMs, signal });
	const lost = all.filter(({ status }) => status !== 'success');
	return { all, lost, kept: all.filter(({ status }) => status === 'success') };
}

async function afterKill(
	world: World,
	killed: Batch,
	lostIds: string[],
	{ killedAt, worker, figures }: { killedAt: number; worker: Worker; figures: Figures },
) {
	const { client, checks, emulator, say } = world;
	const { lost, kept } = await statuses(world, killed);
	figures.add(
		`Worker ${worker.name} killed, its executions marked as failed after`,
		`${Math.round((Date.now() - killedAt) / 1000)} s at most`,
	);
	say(`\nAfter SIGKILL: ${kept.length} of ${killed.count} succeeded, ${lost.length} failed`);
	await checks.check('the killed worker had some of the tasks, and not all', () => {
		assert(lostIds.length > 0 && lostIds.length < killed.count, String(lostIds.length));
	});
	await checks.check('exactly the executions of the killed worker are marked as failed', () =>
		assert.equal(lost.length, lostIds.length),
	);
	await checks.check('none was run again by itself: one create a task', () =>
		assert.equal(emulator.creates().filter(ofBatch(killed)).length, killed.count),
	);
	await checks.check('their ids are nowhere in the saved executions', async () => {
		for (const { id } of lost) {
			const text = JSON.stringify(await client.execution(id));
			for (const requestId of lostIds) assert(!text.includes(requestId));
		}
	});
	await checks.check('each is in the log of the killed worker, at n8n’s default settings', () => {
		const log = worker.log();
		for (const requestId of lostIds) assert(log.includes(requestId));
		const [line] = log.split('\n').filter((one) => one.includes(lostIds[0]!));
		say(`      ${line}`);
	});
	// n8n has emptied it, its input included: there is nothing left that could be run.
	await checks.check('"Retry" of such an execution creates, and pays for, nothing', async () => {
		const creates = emulator.creates().length;
		const again = await client.retryExecution(lost[0]!.id);
		assert.equal((await client.waitForExecution(again)).status, 'error');
		assert.equal(emulator.creates().length, creates);
	});
}

async function afterStop(
	world: World,
	stopped: Batch,
	lostIds: string[],
	{ quick, worker, third, took }: { quick: string; worker: Worker; third: Worker; took: number },
) {
	const { checks, emulator, say } = world;
	const { lost, kept } = await statuses(world, stopped);
	say(
		`\nAfter the graceful shutdown: ${kept.length} of ${stopped.count} succeeded, ${lost.length} failed`,
	);
	await checks.check('the stopped worker finished what ended in time', async () => {
		assert(quick, 'It had no task.');
		const text = JSON.stringify(
			await Promise.all(kept.map(async ({ id }) => await world.client.execution(id))),
		);
		assert(text.includes(quick));
	});
	await checks.check(`it ended by itself, after ${GRACE_SECONDS} s at the latest`, () =>
		assert(took < GRACE_SECONDS + 10, `It took ${took} s.`),
	);
	await checks.check('what outlasted it failed, was not created again, and is in its log', () => {
		assert.equal(lost.length, lostIds.length);
		assert.equal(emulator.creates().filter(ofBatch(stopped)).length, stopped.count);
		for (const requestId of lostIds) assert(worker.log().includes(requestId));
	});
	await checks.check('the worker started meanwhile took its share', () =>
		assert.match(third.log(), /Worker finished execution/),
	);
}

const ofBatch =
	({ ids }: Batch) =>
	({ requestId }: { requestId?: string }) =>
		requestId !== undefined && ids.includes(requestId);

/** What a person does with the ids from the log. */
async function collect(world: World, ids: string[]): Promise<void> {
	const { client, credential, checks, emulator, signal } = world;
	const workflow = await activate(client, credential, collecting());
	const tasks = emulator.tasks.size;
	await post(workflow, { ids });
	const [ended] = await whenAll(client, workflow, 1, ['success', 'error'], { signal });
	const rows = rowsOf(await client.execution(ended!.id), NODES.images);
	await checks.check('Get Result with the ids from the logs brings every lost image', async () => {
		assert.deepEqual(
			rows.map(({ json }) => json.request_id),
			ids,
		);
		for (const row of rows) await checkImage(world, row);
		assert.equal(emulator.tasks.size, tasks);
	});
}
