import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { inARow, node, SEAART, startWith, TRIGGER } from '../e2e/workflow';
import type { Client, Execution, WorkflowJson } from '../n8n/client';
import type { Harness } from './harness';
import type { Service, ServiceRecord } from './service';

/** Runs of our node, of the plain node and of the baseline workflow in a complete n8n. */

export type Order = {
	/** The `json` of each input item; see `prompts`. */
	input: IDataObject[];
	/** Of the node; what a prompt or a request ID is made of is the same for all. */
	parameters?: INodeParameters;
};

export type Outcome = { execution: Execution; record: ServiceRecord };

const PLAIN = 'CUSTOM.plainRequest';
const NODE = 'Node under test';
const TIMEOUT_MS = 20 * 60_000;
const POLL_INTERVAL_MS = 250;
const RUNNING: string[] = ['new', 'running'];

/** Input for so many tasks; the number decides how long a task takes. */
export const prompts = (count: number, from = 0): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ prompt: `a red apple ${from + index}` }));

/** @returns the workflow's ID; it can be run more than once */
export const createOurWorkflow = async (client: Client, service: Service, order: Order) =>
	await createWorkflow(client, service, SEAART, order);

export async function runOurs(client: Client, service: Service, order: Order): Promise<Outcome> {
	const workflowId = await createOurWorkflow(client, service, order);
	return await runToEnd(client, service, workflowId);
}

export async function runPlain(client: Client, service: Service, order: Order): Promise<Outcome> {
	const workflowId = await createWorkflow(client, service, PLAIN, order);
	return await runToEnd(client, service, workflowId);
}

/** What people build today without this package: nine nodes, of which three make a loop. */
export async function runBaseline(client: Client, service: Service, order: Order) {
	const credential = await client.createCredential({
		name: 'Header Auth',
		type: 'httpHeaderAuth',
		data: { name: 'Authorization', value: `Bearer ${service.key}` },
	});
	const text = readFileSync(join(__dirname, 'baselineWorkflow.json'), 'utf8');
	const workflow = JSON.parse(
		text.replaceAll('https://cloud.seaart.ai/model', service.baseUrl),
	) as WorkflowJson;
	const nodes = workflow.nodes.map((node) =>
		node.parameters.genericAuthType === 'httpHeaderAuth'
			? { ...node, credentials: { httpHeaderAuth: credential } }
			: node,
	);
	const { pinData } = startWith(order.input);
	const { id } = await client.createWorkflow({ ...workflow, nodes, pinData });
	return await runToEnd(client, service, id);
}

/**
 * Runs our node and then the baseline workflow on the same tasks, so many times; each run has to
 * bring an image for every item.
 *
 * @param measure gets the two of each run, but for the first: that one finds an n8n that has not
 * loaded its nodes yet
 */
export async function runBesideBaseline(
	harness: Harness,
	service: Service,
	{ runs, items, parameters }: { runs: number; items: number; parameters?: INodeParameters },
	measure: (ours: Outcome, baseline: Outcome, run: number) => void,
): Promise<void> {
	const { client } = await harness.n8n();
	for (let run = -1; run < runs; run++) {
		const order = { input: prompts(items, Math.max(run, 0) * items), parameters };
		await service.reset();
		const ours = mustSucceed(await runOurs(client, service, order), { images: items });
		await service.reset();
		const baseline = mustSucceed(await runBaseline(client, service, order), { images: items });
		if (run >= 0) measure(ours, baseline, run);
	}
}

export const startWorkflow = async (client: Client, workflowId: string): Promise<string> =>
	await client.runWorkflow(workflowId, TRIGGER);

/**
 * Waits until no execution of the workflow is running. It asks for the list alone, as reading an
 * execution with its data costs n8n more the more items there are.
 */
export async function untilEnded(client: Client, workflowId: string): Promise<void> {
	const deadline = Date.now() + TIMEOUT_MS;
	for (;;) {
		const executions = await client.executions(workflowId).catch((error: Error) => {
			// After a long freeze n8n takes its database for lost, for some seconds.
			if (error.message.includes('HTTP 503')) return undefined;
			throw error;
		});
		if (executions && !executions.some(({ status }) => RUNNING.includes(status))) return;
		if (Date.now() > deadline) throw new Error(`Still running after ${TIMEOUT_MS} ms`);
		await sleep(POLL_INTERVAL_MS);
	}
}

async function runToEnd(client: Client, service: Service, workflowId: string): Promise<Outcome> {
	const executionId = await startWorkflow(client, workflowId);
	await untilEnded(client, workflowId);
	const execution = await client.execution(executionId);
	return { execution, record: await service.record() };
}

async function createWorkflow(
	client: Client,
	service: Service,
	type: string,
	order: Order,
): Promise<string> {
	const { id, name } = await client.createCredential({
		name: 'SeaArt API',
		type: 'seaArtApi',
		data: { apiKey: service.key, baseUrl: service.baseUrl },
	});
	const parameters = { prompt: '={{ $json.prompt }}', ...order.parameters };
	const { trigger, pinData } = startWith(order.input);
	const tested = node(NODE, type, parameters, { credentials: { seaArtApi: { id, name } } });
	const nodes = [trigger, tested];
	const settings = { executionOrder: 'v1' } as const;
	const workflow = { name: 'Benchmark', nodes, connections: inARow(...nodes), settings, pinData };
	return (await client.createWorkflow(workflow)).id;
}

/** Milliseconds that the node took by n8n's own record. */
export const nodeMs = ({ execution }: Outcome): number =>
	(execution.data.resultData.runData[NODE] ?? []).reduce(
		(sum, { executionTime }) => sum + executionTime,
		0,
	);

/** Milliseconds from the baseline workflow's first create to its last download. */
export function baselineMs({ execution }: Outcome): number {
	const { Create: create = [], ...others } = execution.data.resultData.runData;
	const ends = [create, ...Object.values(others)]
		.flat()
		.map(({ startTime, executionTime }) => startTime + executionTime);
	return Math.max(...ends) - create[0]!.startTime;
}

/** The items that our node or the plain node put out. */
const itemsOf = ({ execution }: Outcome): INodeExecutionData[] =>
	(execution.data.resultData.runData[NODE] ?? []).flatMap(({ data }) => data?.main?.[0] ?? []);

/** The items with an image, of our node or of the baseline workflow. */
export function imagesOf(outcome: Outcome): INodeExecutionData[] {
	const downloads = outcome.execution.data.resultData.runData.Download ?? [];
	return [...itemsOf(outcome), ...downloads.flatMap(({ data }) => data?.main?.[0] ?? [])].filter(
		({ binary }) => binary !== undefined,
	);
}

/** How the execution ended, with n8n's error where it has one. */
export function endingOf({ execution: { status, data } }: Outcome): string {
	const { error } = data.resultData;
	return error ? `${status} (${error.message})` : status;
}

/** @throws where a run that is measured has not gone well: its figures would say nothing */
export function mustSucceed(outcome: Outcome, made: { images: number } | { items: number }) {
	const [count, wanted] =
		'images' in made
			? [imagesOf(outcome).length, made.images]
			: [itemsOf(outcome).length, made.items];
	if (outcome.execution.status === 'success' && count === wanted) return outcome;
	throw new Error(`A run made ${count} of ${wanted} items: ${endingOf(outcome)}`);
}
