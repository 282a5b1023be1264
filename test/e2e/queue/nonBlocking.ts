import type { Execution, WorkflowJson } from '../../n8n/client';
import { allItemsOf, requestIdsOf, runsOf, whenAll, withData } from '../executions';
import type { OwnN8n } from '../ownN8n';
import { ran } from '../processes';
import { expectImage, tasksFor } from '../tasks';
import { until } from '../until';
import { post, publish } from '../webhooks';
import type { Published } from '../webhooks';
import { figures, meanSeconds, secondsOfWork } from './figures';
import { NODES, nonBlocking } from './workflows';

const EXECUTIONS = 20;
const PROMPTS = ['a red apple', 'a green pear', 'a blue plum'];

/** Ends after the first round has asked for it. */
const SLOW = 'a slow snail that takes 3600 s';

/** One goes into a second round, one is refused, one fails, one is well: all in one execution. */
const MIXED = [SLOW, 'a cat [createAnswers500]', 'a dog [failsWithContentBlocked]', 'a cow'];

/** What the workflow's Wait is set to. */
const WAIT_SECONDS = 70;

/** Long enough for two rounds, with a main process that looks once a minute. */
const TWO_ROUNDS_MS = 300_000;

/** The executions of a workflow, as they wait in the database and as they have ended. */
type Runs = { workflow: Published; waiting: Execution[]; ended: Execution[] };

/** `waits` defines the tests until all executions wait, `ends` those of their ends. */
export function nonBlockingWorkflow(n8n: OwnN8n) {
	const [many, mixed, never] = [{} as Runs, {} as Runs, {} as Runs];

	async function start(runs: Runs, json: WorkflowJson, bodies: string[][]): Promise<void> {
		const workflow = await publish(n8n, json);
		await Promise.all(bodies.map(async (prompts) => await post(workflow, { prompts })));
		const waiting = await whenAll(n8n.client, workflow, bodies.length, ['waiting', 'error']);
		Object.assign(runs, { workflow, waiting: await withData(n8n.client, waiting) });
	}

	async function end(runs: Runs): Promise<void> {
		const { workflow, waiting } = runs;
		const ends = ['success', 'error'];
		const ended = await whenAll(n8n.client, workflow, waiting.length, ends, TWO_ROUNDS_MS);
		runs.ended = await withData(n8n.client, ended);
	}

	/** Ends the slow task when the first round has asked for it. */
	async function endSlow(): Promise<void> {
		const { id } = tasksFor(n8n, SLOW)[0]!;
		const isAnswered = () => n8n.emulator.calls('result', id).some(({ status }) => status > 0);
		await until('the first round asks for it', isAnswered, TWO_ROUNDS_MS);
		n8n.emulator.end(id);
	}
	let slowEnds: Promise<void>;

	const waits = () =>
		describe('the non-blocking workflow creates, then waits in the database', () => {
			beforeAll(async () => {
				const cpu = secondsOfWork(n8n.processes);
				await start(many, nonBlocking(), Array(EXECUTIONS).fill(PROMPTS));
				const creating = secondsOfWork(n8n.processes) - cpu;
				await start(mixed, nonBlocking(), [MIXED]);
				slowEnds = endSlow();
				await start(never, nonBlocking(2), [['a stone [stuckInQueue]']]);
				figures.push(
					[
						`Non-blocking: ${EXECUTIONS} executions of ${PROMPTS.length} items, until they wait`,
						`a slot is occupied for ${meanSeconds(many.waiting.map(timeBeforeWait))} s an execution`,
					],
					['… processor time', `${(creating / EXECUTIONS).toFixed(2)} s an execution`],
				);
			});

			test('each execution has saved the request IDs of its tasks', () => {
				for (const execution of many.waiting) {
					expect(execution.status).toBe('waiting');
					const ids = new Set(requestIdsOf(allItemsOf(execution, NODES.create)));
					expect(ids.size).toBe(PROMPTS.length);
					for (const id of ids) expect(n8n.emulator.tasks.has(id)).toBe(true);
				}
			});

			test('a task that could not be created leaves by the error output', () => {
				expect(allItemsOf(mixed.waiting[0]!, NODES.create, 1)).toHaveLength(1);
			});
		});

	const ends = () =>
		describe('the non-blocking workflow continues after its wait', () => {
			beforeAll(async () => {
				await slowEnds;
				for (const runs of [many, mixed, never]) await end(runs);
				const late = many.ended.map(
					(execution) => startOf(execution, NODES.getResult) - wakeTime(before(execution)),
				);
				figures.push(
					['… continues after its time by', `${meanSeconds(late)} s`],
					['… then a slot is occupied for', `${meanSeconds(many.ended.map(timeAfterWait))} s`],
				);
			});

			const before = ({ id }: Execution) => many.waiting.find((waiting) => waiting.id === id)!;

			test('every execution brings the images of the tasks that it created', async () => {
				for (const execution of many.ended) {
					expect(execution.status).toBe('success');
					const items = allItemsOf(execution, NODES.images);
					const created = allItemsOf(before(execution), NODES.create);
					expect(requestIdsOf(items)).toEqual(requestIdsOf(created));
					for (const item of items) await expectImage(n8n, item);
				}
			});

			test('those that a lost worker had begun, another has finished', () => {
				const [killed, ...others] = n8n.processes.workers;
				const begun = many.ended.filter(({ id }) => ran(killed!, 'started', id));
				expect(begun.length).toBeGreaterThan(0);
				const finished = ({ id }: Execution) => others.some((one) => ran(one, 'finished', id));
				expect(begun.filter((one) => !finished(one)).map(({ id }) => id)).toEqual([]);
			});

			test('what is ready does not wait for what is not, which is asked again a round later', () => {
				const [execution] = mixed.ended;
				const images = runsOf(execution!, NODES.images);
				expect(images.map((run) => run.data?.main?.[0]?.length)).toEqual([1, 1]);
				const [, second, ...more] = runsOf(execution!, NODES.getResult);
				expect(more).toEqual([]);
				expect(images[0]!.startTime).toBeLessThan(second!.startTime - 60_000);
			});

			test('a task that failed is named with its request ID, and asked no more', () => {
				const [execution] = mixed.ended;
				const [item, ...more] = allItemsOf(execution!, NODES.ended);
				expect(more).toEqual([]);
				const { request_id: id, error_type: kind } = item!.json.error as Record<string, string>;
				expect(kind).toBe('CONTENT_BLOCKED');
				expect(requestIdsOf(allItemsOf(execution!, NODES.create))).toContain(id);
			});

			test('a task that does not end leaves after the last round, with its request ID', () => {
				const [execution] = never.ended;
				expect(runsOf(execution!, NODES.wait)).toHaveLength(2);
				expect(requestIdsOf(allItemsOf(execution!, NODES.ended))).toEqual(
					requestIdsOf(allItemsOf(execution!, NODES.create)),
				);
			});
		});

	return { waits, ends };
}

const startOf = (execution: Execution, node: string) => runsOf(execution, node)[0]!.startTime;

/** When the Wait is to end. Once it has, n8n writes the time of its end over that of its start. */
const wakeTime = (waiting: Execution) => startOf(waiting, NODES.wait) + WAIT_SECONDS * 1000;

const timeBeforeWait = (execution: Execution) =>
	startOf(execution, NODES.wait) - startOf(execution, NODES.webhook);

const timeAfterWait = (execution: Execution) =>
	Date.parse(execution.stoppedAt ?? '') - startOf(execution, NODES.getResult);
