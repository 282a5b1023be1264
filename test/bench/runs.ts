import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { Client, Execution, WorkflowJson } from '../n8n/client';
import { exampleWorkflow, withCredential } from '../n8n/trial';
import type { Service, ServiceRecord } from './service';

/** Runs of the node and of the recipe in a whole n8n, one at a time. */

export type Order = {
	/** Tasks to make, one an input item; and images a task. */
	items: number;
	images?: number;
	/** The number of the first item, which decides how long the tasks take. */
	from?: number;
	options?: INodeParameters;
};

export type Outcome = { execution: Execution; record: ServiceRecord };

const NODE = 'SeaArt GPT Image 1';
const LONGEST_RUN = 20 * 60_000;

export async function runNode(client: Client, service: Service, order: Order): Promise<Outcome> {
	const credential = await client.createCredential({
		name: 'SeaArt API',
		type: 'seaArtApi',
		data: { apiKey: service.key, baseUrl: service.baseUrl },
	});
	const example = withCredential(exampleWorkflow('first-image'), credential);
	const parameters = {
		prompt: '={{ $json.prompt }}',
		numberOfImages: order.images ?? 1,
		options: order.options ?? {},
	};
	const nodes = example.nodes.map((node) => (node.name === NODE ? { ...node, parameters } : node));
	await service.forget();
	return await ended(client, service, await start(client, { ...example, nodes }, order));
}

/** `recipe.json` is what people build today: nine nodes, of which three make a loop. */
export async function runRecipe(client: Client, service: Service, order: Order): Promise<Outcome> {
	await service.forget();
	return await ended(client, service, await startRecipe(client, service, order));
}

/** @returns the id of its execution */
export async function startRecipe(client: Client, service: Service, order: Order): Promise<string> {
	const credential = await client.createCredential({
		name: 'Header Auth',
		type: 'httpHeaderAuth',
		data: { name: 'Authorization', value: `Bearer ${service.key}` },
	});
	const text = readFileSync(join(__dirname, 'recipe.json'), 'utf8');
	const recipe = JSON.parse(
		text.replaceAll('https://cloud.seaart.ai/model', service.baseUrl),
	) as WorkflowJson;
	const nodes = recipe.nodes.map((node) =>
		node.parameters.genericAuthType === 'httpHeaderAuth'
			? { ...node, credentials: { httpHeaderAuth: credential } }
			: node,
	);
	return await start(client, { ...recipe, nodes }, order);
}

async function start(
	client: Client,
	workflow: WorkflowJson,
	{ items, images = 1, from = 0 }: Order,
): Promise<string> {
	const [trigger] = workflow.nodes;
	const rows = Array.from({ length: items }, (_, index) => ({
		json: { prompt: `a red apple ${from + index}`, n: images },
	}));
	const pinData = { [trigger!.name]: rows };
	const { id } = await client.createWorkflow({ ...workflow, pinData });
	return await client.runWorkflow(id, trigger!.name);
}

async function ended(client: Client, service: Service, id: string): Promise<Outcome> {
	const execution = await client.waitForExecution(id, { timeoutMs: LONGEST_RUN });
	return { execution, record: await service.record() };
}

/** Milliseconds that the node took by n8n's own record. */
export const nodeTime = ({ execution }: Outcome): number =>
	(execution.data.resultData.runData[NODE] ?? []).reduce(
		(sum, task) => sum + task.executionTime,
		0,
	);

/** Milliseconds from the recipe's first create to its last download. */
export function recipeTime({ execution }: Outcome): number {
	const { Create: create = [], ...others } = execution.data.resultData.runData;
	const ends = [create, ...Object.values(others)]
		.flat()
		.map(({ startTime, executionTime }) => startTime + executionTime);
	return Math.max(...ends) - create[0]!.startTime;
}

/** The rows with an image that the last node put out. */
export function imagesOf({ execution }: Outcome): INodeExecutionData[] {
	const { runData } = execution.data.resultData;
	return [...(runData[NODE] ?? []), ...(runData.Download ?? [])]
		.flatMap(({ data }) => data?.main?.[0] ?? [])
		.filter(({ binary }) => binary !== undefined);
}

/** Rows on the node's output that carry an error. */
export const failedOf = ({ execution }: Outcome): number =>
	(execution.data.resultData.runData[NODE] ?? [])
		.flatMap(({ data }) => data?.main?.[0] ?? [])
		.filter(({ json }) => json.error !== undefined).length;

/** @throws where a run that is measured has not gone well: its figures would say nothing */
export function mustSucceed(outcome: Outcome, images: number): Outcome {
	const { status, data } = outcome.execution;
	const made = imagesOf(outcome).length;
	if (status === 'success' && made === images) return outcome;
	const reason = data.resultData.error?.message ?? 'no error';
	throw new Error(`A run ended as ${status} with ${made} of ${images} images: ${reason}`);
}
