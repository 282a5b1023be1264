import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from './cluster';
import { rowsOf, whenAll } from './executions';
import type { Figures } from './figures';
import type { Active } from './workflows';
import { activate, blocking, collecting, NODES, post } from './workflows';
import { expectImage } from './world';
import type { World } from './world';

/** n8n's own default: how long a worker may go on after it was asked to end. */
const GRACE_SECONDS = 30;

/** A worker's lock on an execution lasts a minute; others look for lost ones twice a minute. */
const NOTICED_WITHIN_MS = 180_000;

type Batch = { workflow: Active; count: number; ids: string[] };

type Listed = Awaited<ReturnType<typeof whenAll>>;

/** What became of a batch when its worker went. */
type Loss = { batch: Batch; worker: Worker; lostIds: string[]; kept: Listed; lost: Listed };

/**
 * Kills one worker and stops another gracefully, both in the middle of waits, with a third started in
 * between as whoever keeps them running would do. Then: what became of each task?
 */
export const losingWorkers = (world: World, figures: Figures) =>
	describe('a worker goes', () => {
		let [killed, stopped] = [{} as Loss, {} as Loss & { quick: string; took: number }];

		beforeAll(async () => {
			const { cluster, emulator } = world;
			const [first, second] = cluster.workers as [Worker, Worker];
			const castles = await batchOf(world, 10, 'a castle that takes 20 s');
			const lostByKill = idsIn(first, castles);
			process.kill(first.pid, 'SIGKILL');
			const killedAt = Date.now();
			await first.ended;
			await cluster.startWorker();

			const towers = await batchOf(world, 12, 'a tower that takes 3600 s');
			const [quick = '', ...slow] = idsIn(second, towers);
			const lostByStop = slow.slice(0, 2);
			process.kill(second.pid, 'SIGTERM');
			const stoppedAt = Date.now();
			await sleep(3000);
			// All end in time but two.
			for (const id of towers.ids) if (!lostByStop.includes(id)) emulator.end(id);
			await second.ended;
			const took = (Date.now() - stoppedAt) / 1000;

			killed = await lossOf(world, castles, first, lostByKill);
			const seconds = Math.round((Date.now() - killedAt) / 1000);
			stopped = { ...(await lossOf(world, towers, second, lostByStop)), quick, took };
			figures.add(
				`Worker ${second.name} after SIGTERM, tasks running on`,
				`ended after ${took.toFixed(0)} s`,
			);
			figures.add(
				`Worker ${first.name} killed, its executions marked as failed after`,
				`${seconds} s at most`,
			);
		});

		describe('by a kill', () => {
			test('with some of the tasks: exactly its executions are marked as failed', () => {
				expect(killed.lostIds.length).toBeGreaterThan(0);
				expect(killed.lostIds.length).toBeLessThan(killed.batch.count);
				expect(killed.lost).toHaveLength(killed.lostIds.length);
			});

			test('none is run again by itself: one create a task', () => {
				expect(createsOf(world, killed)).toHaveLength(killed.batch.count);
			});

			test('the request IDs are nowhere in the saved executions', async () => {
				for (const { id } of killed.lost) {
					const text = JSON.stringify(await world.client.execution(id));
					expect(killed.lostIds.filter((lost) => text.includes(lost))).toEqual([]);
				}
			});

			test("each is in the log of the killed worker, at n8n's default settings", () => {
				const log = killed.worker.log();
				expect(killed.lostIds.filter((id) => !log.includes(id))).toEqual([]);
			});

			// n8n has emptied it, its input included: there is nothing left that could be run.
			test('"Retry execution" of such an execution creates, and pays for, nothing', async () => {
				const creates = world.emulator.creates().length;
				const again = await world.client.retryExecution(killed.lost[0]!.id);
				expect((await world.client.waitForExecution(again)).status).toBe('error');
				expect(world.emulator.creates()).toHaveLength(creates);
			});
		});

		describe('gracefully', () => {
			test('it finishes what ends in time, and ends by itself', async () => {
				const kept = stopped.kept.map(async ({ id }) => await world.client.execution(id));
				expect(stopped.quick).not.toBe('');
				expect(JSON.stringify(await Promise.all(kept))).toContain(stopped.quick);
				expect(stopped.took).toBeLessThan(GRACE_SECONDS + 10);
			});

			test('what outlasts it fails, is not created again, and is in its log', () => {
				expect(stopped.lost).toHaveLength(stopped.lostIds.length);
				expect(createsOf(world, stopped)).toHaveLength(stopped.batch.count);
				const log = stopped.worker.log();
				expect(stopped.lostIds.filter((id) => !log.includes(id))).toEqual([]);
			});

			test('a worker that was started meanwhile takes its share', () => {
				expect(world.cluster.workers.at(-1)!.log()).toMatch(/Worker finished execution/);
			});
		});

		test('Get Result with the request IDs from the logs brings every lost image', async () => {
			const { client, credential, emulator, signal } = world;
			for (const id of stopped.lostIds) emulator.end(id);
			const ids = [...killed.lostIds, ...stopped.lostIds];
			const workflow = await activate(client, credential, collecting());
			const tasks = emulator.tasks.size;
			await post(workflow, { ids });
			const [ended] = await whenAll(client, workflow, 1, ['success', 'error'], { signal });
			const rows = rowsOf(await client.execution(ended!.id), NODES.images);
			expect(rows.map(({ json }) => json.request_id)).toEqual(ids);
			for (const row of rows) await expectImage(world, row);
			expect(emulator.tasks.size).toBe(tasks);
		});
	});

/** Starts executions of one item, and returns when every task is created and logged. */
async function batchOf(world: World, count: number, prompt: string): Promise<Batch> {
	const { client, cluster, credential, emulator, signal } = world;
	const workflow = await activate(client, credential, blocking());
	const begun = emulator.tasks.size;
	for (let one = 1; one <= count; one++) await post(workflow, { prompts: [`${prompt}, ${one}`] });
	const isLogged = (id: string) => cluster.workers.some(({ log }) => log().includes(id));
	for (const started = Date.now(); ; await sleep(100, undefined, { signal })) {
		const ids = [...emulator.tasks.keys()].slice(begun);
		if (ids.length === count && ids.every(isLogged)) return { workflow, count, ids };
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

/** How the executions of a batch have ended, once all have. */
async function lossOf(
	{ client, signal }: World,
	batch: Batch,
	worker: Worker,
	lostIds: string[],
): Promise<Loss> {
	const ends = ['success', 'error', 'crashed'];
	const all = await whenAll(client, batch.workflow, batch.count, ends, {
		timeoutMs: NOTICED_WITHIN_MS,
		signal,
	});
	const [kept, lost] = [true, false].map((isKept) =>
		all.filter(({ status }) => (status === 'success') === isKept),
	);
	return { batch, worker, lostIds, kept: kept!, lost: lost! };
}

const createsOf = ({ emulator }: World, { batch }: Loss) =>
	emulator.creates().filter(({ requestId = '' }) => batch.ids.includes(requestId));
