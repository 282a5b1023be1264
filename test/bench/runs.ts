import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { inARow, node, SEAART, startWith, TRIGGER } from '../e2e/workflow';
import type { Emulator } from '../emulator';
import type { Client, WorkflowJson } from '../n8n/client';
import { say } from '../n8n/command';
import type { Call } from '../service/contract';

/** Runs of our node, of the plain node and of the baseline workflow in a complete n8n. */

export type Order = {
	/** The `json` of each input item; see `prompts`. */
	input: IDataObject[];
	parameters?: INodeParameters;
};

export type Outcome = Awaited<ReturnType<typeof runToEnd>>;

export const PLAIN = 'CUSTOM.plainRequest';

/** The node under test, and the one of the baseline workflow that creates tasks. */
const NODE = 'Create';
const REAL_BASE_URL = 'https://cloud.seaart.ai/model';
const TIMEOUT_MS = 20 * 60_000;

/** Input for so many tasks; the number decides how long a task takes. */
export const prompts = (count: number, from = 0): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ prompt: `a red apple ${from + index}` }));

/** Makes tasks that have succeeded, without a call; the input is their request IDs. */
export const succeededTasks = (service: Emulator, count: number): IDataObject[] =>
	Array.from({ length: count }, () => {
		const { id } = service.addTask();
		service.end(id);
		return { id };
	});

/** Saves a workflow of one node, ours unless told otherwise; it can be run more than once. */
export async function save(client: Client, service: Emulator, order: Order, type = SEAART) {
	const data = { apiKey: service.key, baseUrl: service.baseUrl };
	const saved = await client.createCredential({ name: 'SeaArt API', type: 'seaArtApi', data });
	const credentials = { seaArtApi: { id: saved.id, name: saved.name } };
	const parameters = { prompt: '={{ $json.prompt }}', ...order.parameters };
	const { trigger, pinData } = startWith(order.input);
	const nodes = [trigger, node(NODE, type, parameters, { credentials })];
	const settings = { executionOrder: 'v1' } as const;
	const workflow = { name: 'Benchmark', nodes, connections: inARow(...nodes), settings, pinData };
	return (await client.createWorkflow(workflow)).id;
}

export async function run(client: Client, service: Emulator, order: Order, type = SEAART) {
	return await runToEnd(client, service, await save(client, service, order, type));
}

/** What people build today without this package: nine nodes, of which three make a loop. */
export async function runBaseline(client: Client, service: Emulator, input: IDataObject[]) {
	const credential = await client.createCredential({
		name: 'Header Auth',
		type: 'httpHeaderAuth',
		data: { name: 'Authorization', value: `Bearer ${service.key}` },
	});
	const text = readFileSync(join(__dirname, 'baselineWorkflow.json'), 'utf8');
	const workflow = JSON.parse(text.replaceAll(REAL_BASE_URL, service.baseUrl)) as WorkflowJson;
	for (const one of workflow.nodes)
		if (one.parameters.genericAuthType) one.credentials = { httpHeaderAuth: credential };
	const { pinData } = startWith(input);
	const { id } = await client.createWorkflow({ ...workflow, pinData });
	return await runToEnd(client, service, id);
}

async function runToEnd(client: Client, service: Emulator, workflowId: string) {
	const executionId = await client.runWorkflow(workflowId, TRIGGER);
	await untilEnded(client, workflowId);
	const { status, data } = await client.execution(executionId);
	const { error, runData } = data.resultData;
	const all = Object.values(runData).flat();
	const itemsOf = (runs = all) => runs.flatMap((one) => one.data?.main?.[0] ?? []);
	const ends = all.map(({ startTime, executionTime }) => startTime + executionTime);
	const outcome = {
		/** From the start of the node (of the baseline workflow's first create) to the last end. */
		ms: Math.max(...ends) - runData[NODE]![0]!.startTime,
		/** What the node put out. */
		items: itemsOf(runData[NODE]).length,
		/** Items with an image, of the node or of the baseline workflow. */
		images: itemsOf().filter(({ binary }) => binary !== undefined).length,
		/** How the execution ended, with n8n's error where it has one. */
		ending: error ? `${status} (${error.message})` : status,
	};
	say(`  ${JSON.stringify(outcome)}`);
	return { service, ...outcome };
}

/**
 * Waits until no execution of the workflow is running. It asks for the list alone, as reading an
 * execution with its data costs n8n more the more items there are.
 */
export async function untilEnded(client: Client, workflowId: string): Promise<void> {
	for (const deadline = Date.now() + TIMEOUT_MS; ; await sleep(250)) {
		const executions = await client.executions(workflowId);
		if (!executions.some(({ status }) => status === 'new' || status === 'running')) return;
		if (Date.now() > deadline) throw new Error(`Still running after ${TIMEOUT_MS} ms`);
	}
}

/** @throws where a run that is measured has not gone well: its figures would say nothing */
export function mustMake(what: 'images' | 'items', count: number, outcome: Outcome): Outcome {
	if (outcome.ending === 'success' && outcome[what] === count) return outcome;
	throw new Error(`A run made ${outcome[what]} of ${count} ${what}: ${outcome.ending}`);
}

/** How often a call was made; with a status, how often it was answered so. */
export const countCalls = ({ service }: Outcome, call: Call, status?: number): number =>
	service.calls(call).filter((one) => (status ?? one.status) === one.status).length;

/** The longest that a task took, in milliseconds. */
export const slowestMs = ({ service }: Outcome): number =>
	Math.max(...[...service.tasks.values()].map(({ plan }) => plan.endsAt));
