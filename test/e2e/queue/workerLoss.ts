import { setTimeout as sleep } from 'node:timers/promises';
import { itemsOf, requestIdsOf, whenAll, withData } from '../executions';
import type { OwnN8n } from '../ownN8n';
import { createdInLog } from '../processes';
import type { Worker } from '../processes';
import { expectImage } from '../tasks';
import { until } from '../until';
import { post, publish } from '../webhooks';
import type { Published } from '../webhooks';
import { figures } from './figures';
import { blocking, collecting, NODES } from './workflows';

/** A worker's lock on an execution lasts a minute; others look for lost ones twice a minute. */
const NOTICED_WITHIN_MS = 180_000;

type Batch = { workflow: Published; ids: string[] };

type Loss = Awaited<ReturnType<typeof lossOf>>;

/**
 * Kills one worker and stops another gracefully, both in the middle of waits, with a third started in
 * between as whoever keeps them running would do. Then: what became of each task?
 */
export const workerLoss = (n8n: OwnN8n) =>
	describe('a worker goes', () => {
		let [killed, stopped] = [{} as Loss, {} as Loss & { quick: string }];

		beforeAll(async () => {
			const { processes, emulator } = n8n;
			const [first, second] = processes.workers as [Worker, Worker];
			const castles = await batchOf(n8n, 10, 'a castle');
			const lostByKill = idsIn(first, castles);
			process.kill(first.pid, 'SIGKILL');
			const killedAt = Date.now();
			await first.ended;
			for (const id of castles.ids) emulator.end(id);
			await processes.startWorker();

			const towers = await batchOf(n8n, 12, 'a tower');
			const [quick = '', ...slow] = idsIn(second, towers);
			const lostByStop = slow.slice(0, 2);
			process.kill(second.pid, 'SIGTERM');
			const stoppedAt = Date.now();
			await sleep(3000);
			// All end in time but two.
			for (const id of towers.ids) if (!lostByStop.includes(id)) emulator.end(id);
			await second.ended;
			const took = (Date.now() - stoppedAt) / 1000;

			killed = await lossOf(n8n, castles, first, lostByKill);
			const seconds = Math.round((Date.now() - killedAt) / 1000);
			stopped = { ...(await lossOf(n8n, towers, second, lostByStop)), quick };
			figures.push(
				[`Worker ${second.name} after SIGTERM`, `ended after ${took.toFixed(0)} s`],
				[`Worker ${first.name} killed, its executions failed after`, `${seconds} s at most`],
			);
		});

		describe('by a kill', () => {
			test('exactly its executions are marked as failed, and none is run again by itself', () => {
				expect(killed.lostIds.length).toBeGreaterThan(0);
				expect(killed.lostIds.length).toBeLessThan(killed.batch.ids.length);
				expect(killed.lost).toHaveLength(killed.lostIds.length);
				expect(createsOf(n8n, killed)).toHaveLength(killed.batch.ids.length);
			});

			test("the request IDs are in no saved execution, but in the log at n8n's defaults", async () => {
				const text = JSON.stringify(await withData(n8n.client, killed.lost));
				expect(killed.lostIds.filter((lost) => text.includes(lost))).toEqual([]);
				const log = killed.worker.log();
				expect(killed.lostIds.filter((id) => !log.includes(id))).toEqual([]);
			});

			// n8n has emptied it, its input included: there is nothing left that could be run.
			test('"Retry execution" of such an execution creates, and pays for, nothing', async () => {
				const creates = n8n.emulator.creates().length;
				const again = await n8n.client.retryExecution(killed.lost[0]!.id);
				expect((await n8n.client.waitForExecution(again)).status).toBe('error');
				expect(n8n.emulator.creates()).toHaveLength(creates);
			});
		});

		describe('gracefully', () => {
			// That it ends by itself is what the set-up has waited for.
			test('it finishes what ends in time, and ends by itself', async () => {
				expect(stopped.quick).not.toBe('');
				expect(JSON.stringify(await withData(n8n.client, stopped.kept))).toContain(stopped.quick);
				// So does the worker that was started meanwhile.
				expect(n8n.processes.workers.at(-1)!.log()).toMatch(/Worker finished execution/);
			});

			test('what outlasts it fails, is not created again, and is in its log', () => {
				expect(stopped.lost).toHaveLength(stopped.lostIds.length);
				expect(createsOf(n8n, stopped)).toHaveLength(stopped.batch.ids.length);
				const log = stopped.worker.log();
				expect(stopped.lostIds.filter((id) => !log.includes(id))).toEqual([]);
			});
		});

		test('Get Result with the request IDs from the logs brings every lost image', async () => {
			const { client, emulator } = n8n;
			for (const id of stopped.lostIds) emulator.end(id);
			const ids = [...killed.lostIds, ...stopped.lostIds];
			const workflow = await publish(n8n, collecting());
			const tasks = emulator.tasks.size;
			await post(workflow, { ids });
			const [ended] = await whenAll(client, workflow, 1, ['success', 'error']);
			const items = itemsOf(await client.execution(ended!.id), NODES.images);
			expect(requestIdsOf(items)).toEqual(ids);
			for (const item of items) await expectImage(n8n, item);
			expect(emulator.tasks.size).toBe(tasks);
		});
	});

/** Starts executions of one item, and returns when every task is created and logged. */
async function batchOf(n8n: OwnN8n, count: number, what: string): Promise<Batch> {
	const workflow = await publish(n8n, blocking());
	const begun = n8n.emulator.tasks.size;
	for (let one = 1; one <= count; one++)
		await post(workflow, { prompts: [`${what} that takes 3600 s, ${one}`] });
	const ids = await until(`${count} tasks are created and in a log`, () => {
		const created = [...n8n.emulator.tasks.keys()].slice(begun);
		const log = n8n.processes.log();
		return created.length === count && created.every((id) => log.includes(id)) && created;
	});
	return { workflow, ids };
}

/** The tasks of a batch that this worker's log tells of. */
function idsIn({ log }: Worker, { ids }: Batch): string[] {
	const logged = new Set(createdInLog(log()).map(({ id }) => id));
	return ids.filter((id) => logged.has(id));
}

/** How the executions of a batch have ended, once all have. */
async function lossOf({ client }: OwnN8n, batch: Batch, worker: Worker, lostIds: string[]) {
	const ends = ['success', 'error', 'crashed'];
	const all = await whenAll(client, batch.workflow, batch.ids.length, ends, NOTICED_WITHIN_MS);
	const kept = all.filter(({ status }) => status === 'success');
	const lost = all.filter(({ status }) => status !== 'success');
	return { batch, worker, lostIds, kept, lost };
}

const createsOf = ({ emulator }: OwnN8n, { batch }: Loss) =>
	emulator.creates().filter(({ requestId = '' }) => batch.ids.includes(requestId));
