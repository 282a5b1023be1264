import type { Execution } from '../../n8n/client';
import { itemsOf, requestIdsOf, whenAll, withData } from '../executions';
import type { OwnN8n } from '../ownN8n';
import { expectImage } from '../tasks';
import { post, publish } from '../webhooks';
import type { Figures } from './figures';
import { secondsOfWork } from './figures';
import { blocking, NODES } from './workflows';

const EXECUTIONS = 40;
const ITEMS = 3;

export const TASK_SECONDS = 4;

/** Executions that one worker runs at a time, unless told otherwise. */
const PLACES = 10;

/** Forty executions of three items at once, the node waiting in each. */
export const underLoad = (n8n: OwnN8n, figures: Figures) =>
	describe(`${EXECUTIONS} executions of ${ITEMS} items at once, each waiting in the node`, () => {
		let statuses: string[];
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
			statuses = all.map(({ status }) => status);
			executions = (await withData(client, all)).slice(0, EXECUTIONS);
			const ended = Math.max(...all.map(({ stoppedAt }) => Date.parse(stoppedAt ?? '')));
			measure(ended - started, work);
		});

		function measure(tookMs: number, work: number): void {
			const { workers } = n8n.processes;
			const held = executions.map(
				({ startedAt, stoppedAt }) => Date.parse(stoppedAt ?? '') - Date.parse(startedAt),
			);
			const least = Math.ceil(EXECUTIONS / (PLACES * workers.length)) * TASK_SECONDS;
			figures.add(
				`Blocking: ${EXECUTIONS} executions of ${ITEMS} items, tasks of ${TASK_SECONDS} s`,
				`${(tookMs / 1000).toFixed(1)} s; ${least} s is the least with ${workers.length} workers of ${PLACES} slots`,
			);
			figures.add('… a slot is occupied for', `${figures.mean(held)} s an execution`);
			figures.add(
				'… processor time, main and workers',
				`${(work / EXECUTIONS).toFixed(2)} s an execution`,
			);
			figures.addMachine();
			for (const worker of workers) {
				figures.add(`… memory of worker ${worker.name}, at most`, figures.memory(worker.pid));
			}
		}

		test('all succeed', () => {
			expect([...new Set(statuses)]).toEqual(['success']);
		});

		test('each item has the image of its own prompt, byte for byte, in the database', async () => {
			for (const execution of executions) {
				const items = itemsOf(execution, NODES.images);
				const { prompts } = itemsOf(execution, NODES.webhook)[0]!.json.body as {
					prompts: string[];
				};
				expect(prompts).toHaveLength(ITEMS);
				const made = requestIdsOf(items).map((id) => n8n.emulator.tasks.get(id)?.parameters.prompt);
				expect(made).toEqual(prompts);
				for (const item of items) {
					await expectImage(n8n, item);
					expect(item.binary?.data?.id).toMatch(/^database:/);
				}
			}
		});

		test('no task was created twice, and none without an execution', () => {
			const delivered = executions.flatMap((one) => requestIdsOf(itemsOf(one, NODES.images)));
			expect(new Set(delivered).size).toBe(EXECUTIONS * ITEMS);
			expect(n8n.emulator.tasks.size - tasksBefore).toBe(EXECUTIONS * ITEMS);
		});

		test('both workers had their share', () => {
			for (const { log } of n8n.processes.workers) {
				expect(log()).toMatch(/Worker finished execution/);
			}
		});
	});
