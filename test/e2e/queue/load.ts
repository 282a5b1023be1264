import type { Execution } from '../../n8n/client';
import { itemsOf, requestIdsOf, whenAll, withData } from '../executions';
import type { OwnN8n } from '../ownN8n';
import { expectImage } from '../tasks';
import { post, publish } from '../webhooks';
import { figures, meanSeconds, memoryOf, secondsOfWork } from './figures';
import { blocking, NODES } from './workflows';

const EXECUTIONS = 40;
const ITEMS = 3;

export const TASK_SECONDS = 4;

/** Executions that one worker runs at a time, unless told otherwise. */
const SLOTS = 10;

/** Forty executions of three items at once, the node waiting in each. */
export const underLoad = (n8n: OwnN8n) =>
	describe(`${EXECUTIONS} executions of ${ITEMS} items at once, each waiting in the node`, () => {
		let executions: Execution[];
		let tasksBefore: number;

		beforeAll(async () => {
			const { client, emulator, processes } = n8n;
			const workflow = await publish(n8n, blocking());
			await post(workflow, { prompts: ['a first image'] });
			await whenAll(client, workflow, 1, ['success']);

			tasksBefore = emulator.tasks.size;
			const workBefore = secondsOfWork(processes);
			const started = Date.now();
			const wanted = Array.from({ length: EXECUTIONS }, (_, execution) =>
				Array.from({ length: ITEMS }, (_item, item) => `image ${item} of ${execution}`),
			);
			await Promise.all(wanted.map(async (prompts) => await post(workflow, { prompts })));
			const all = await whenAll(client, workflow, EXECUTIONS + 1, ['success', 'error']);
			const work = secondsOfWork(processes) - workBefore;
			executions = (await withData(client, all)).slice(0, EXECUTIONS);
			measure(started, work);
		});

		function measure(started: number, work: number): void {
			const { workers } = n8n.processes;
			const endOf = ({ stoppedAt }: Execution) => Date.parse(stoppedAt ?? '');
			const held = executions.map((one) => endOf(one) - Date.parse(one.startedAt));
			const took = (Math.max(...executions.map(endOf)) - started) / 1000;
			const least = Math.ceil(EXECUTIONS / (SLOTS * workers.length)) * TASK_SECONDS;
			figures.push(
				[
					`Blocking: ${EXECUTIONS} executions of ${ITEMS} items, tasks of ${TASK_SECONDS} s`,
					`${took.toFixed(1)} s; ${least} s is the least with ${workers.length} workers`,
				],
				['… a slot is occupied for', `${meanSeconds(held)} s an execution`],
				['… processor time of n8n', `${(work / EXECUTIONS).toFixed(2)} s an execution`],
				['… memory of the workers, at most', workers.map(({ pid }) => memoryOf(pid)).join(', ')],
			);
		}

		test('each item has the image of its own prompt, byte for byte, in the database', async () => {
			for (const execution of executions) {
				expect(execution.status).toBe('success');
				const items = itemsOf(execution, NODES.images);
				expect(items).toHaveLength(ITEMS);
				const made = requestIdsOf(items).map((id) => n8n.emulator.tasks.get(id)?.parameters.prompt);
				expect(itemsOf(execution, NODES.webhook)[0]!.json.body).toEqual({ prompts: made });
				for (const item of items) {
					await expectImage(n8n, item);
					expect(item.binary?.data?.id).toMatch(/^database:/);
				}
			}
		});

		test('no task was created twice, and both workers had their share', () => {
			const delivered = executions.flatMap((one) => requestIdsOf(itemsOf(one, NODES.images)));
			expect(new Set(delivered).size).toBe(EXECUTIONS * ITEMS);
			expect(n8n.emulator.tasks.size - tasksBefore).toBe(EXECUTIONS * ITEMS);
			for (const { log } of n8n.processes.workers)
				expect(log()).toMatch(/Worker finished execution/);
		});
	});
