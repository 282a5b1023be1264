import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode, INodeParameters } from 'n8n-workflow';
import type { Client, Saved, WorkflowJson } from '../../n8n/client';
import { exampleWorkflow, withCredential } from '../../n8n/trial';
import { SECRET, withSecret } from '../headerAuth';

/** A workflow in n8n that a POST to its webhook starts. */
export interface Active {
	id: string;
	/** Where it takes its items. */
	url: string;
}

const NODE = 'n8n-nodes-seaart-gpt-image-1.gptImage1';

/** Names of nodes in the workflows below and in the recipe. */
export const NODES = {
	webhook: 'Webhook',
	images: 'Images',
	create: 'Create Task',
	wait: 'Wait',
	getResult: 'Get Result',
	ended: 'Failed or Timed Out',
	notCreated: 'Task Not Created',
} as const;

/** Prompts in, one item each; the node waits for the images. */
export const blocking = (): WorkflowJson =>
	overItems('Blocking: the node waits', 'prompts', { prompt: '={{ $json.prompts }}' });

/** Request ids in, images out. */
export const collecting = (): WorkflowJson =>
	overItems('Collect by request ID', 'ids', {
		operation: 'getResult',
		requestId: '={{ $json.ids }}',
	});

/** The example as it is shipped; only the address of its webhook becomes one of its own. */
export function nonBlocking(): WorkflowJson {
	const recipe = exampleWorkflow('non-blocking');
	const nodes = recipe.nodes.map((node) =>
		node.name === NODES.webhook
			? { ...node, parameters: { ...node.parameters, path: randomUUID() } }
			: node,
	);
	return { ...recipe, nodes };
}

/** The example with fewer rounds, so that a test sees the last. */
export function nonBlockingWithRounds(rounds: number): WorkflowJson {
	const text = JSON.stringify(nonBlocking());
	const fewer = text.replace('$runIndex >= 9', `$runIndex >= ${rounds - 1}`);
	if (fewer === text)
		throw new Error('The non-blocking workflow does not count its rounds as it used to.');
	return JSON.parse(fewer) as WorkflowJson;
}

/** Saves it with its credentials, publishes it, and finds its webhook. */
export async function activate(
	client: Client,
	credential: Saved,
	workflow: WorkflowJson,
): Promise<Active> {
	const chosen = await withSecret(client, withCredential(workflow, credential));
	const { id } = await client.createWorkflow(chosen);
	await client.activateWorkflow(id);
	const webhook = workflow.nodes.find(({ name }) => name === NODES.webhook);
	return { id, url: `${client.url}/webhook/${webhook?.parameters.path as string}` };
}

const ANSWERS_AFTER_MS = 30_000;

/** Starts one execution. A webhook answers some seconds after its activation; before, it is 404. */
export async function post({ url }: Active, body: object): Promise<void> {
	for (const started = Date.now(); ; await sleep(250)) {
		const answer = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...SECRET },
			body: JSON.stringify(body),
		});
		const words = await answer.text();
		if (answer.ok) return;
		if (answer.status !== 404 || Date.now() - started > ANSWERS_AFTER_MS)
			throw new Error(`${url} answered ${answer.status}: ${words}`);
	}
}

function overItems(name: string, field: string, parameters: INodeParameters): WorkflowJson {
	const base = 'n8n-nodes-base';
	const nodes = [
		node(NODES.webhook, `${base}.webhook`, 2, { httpMethod: 'POST', path: randomUUID() }),
		node('One Item Each', `${base}.splitOut`, 1, { fieldToSplitOut: `body.${field}` }),
		// "Split Out" keeps the path as the name of the field.
		node('Plain Name', `${base}.set`, 3.4, {
			assignments: {
				assignments: [
					{ id: field, name: field, type: 'string', value: `={{ $json['body.${field}'] }}` },
				],
			},
		}),
		node(NODES.images, NODE, 1, { ...parameters, options: {} }),
	];
	const connections = Object.fromEntries(
		nodes
			.slice(1)
			.map((to, index) => [
				nodes[index]!.name,
				{ main: [[{ node: to.name, type: 'main' as const, index: 0 }]] },
			]),
	);
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

function node(name: string, type: string, typeVersion: number, parameters: INodeParameters): INode {
	const id = randomUUID();
	return { id, name, type, typeVersion, position: [0, 0], parameters, webhookId: id };
}
