import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/demo';
import { IMAGES, inARow, node, SEAART, webhook } from '../workflow';

/** Names of nodes in the non-blocking workflow. */
export const NODES = {
	webhook: 'Webhook',
	images: IMAGES,
	create: 'Create Task',
	wait: 'Wait',
	getResult: 'Get Result',
	ended: 'Failed or Timed Out',
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
	const shipped = exampleWorkflow('non-blocking');
	const nodes = shipped.nodes.map((node) =>
		node.name === NODES.webhook
			? { ...node, parameters: { ...node.parameters, path: randomUUID() } }
			: node,
	);
	return { ...shipped, nodes };
}

/** The example with fewer rounds, so that a test sees the last. */
export function nonBlockingWithRounds(rounds: number): WorkflowJson {
	const text = JSON.stringify(nonBlocking());
	const fewer = text.replace('$runIndex >= 9', `$runIndex >= ${rounds - 1}`);
	if (fewer === text)
		throw new Error('The non-blocking workflow does not count its rounds as it used to.');
	return JSON.parse(fewer) as WorkflowJson;
}

function overItems(name: string, field: string, parameters: INodeParameters): WorkflowJson {
	const value = `={{ $json['body.${field}'] }}`;
	const nodes = [
		webhook(),
		node('One Item Each', 'splitOut', { fieldToSplitOut: `body.${field}` }),
		// "Split Out" keeps the path as the name of the field.
		node(
			'Plain Name',
			'set',
			{ assignments: { assignments: [{ id: field, name: field, type: 'string', value }] } },
			{ typeVersion: 3.4 },
		),
		node(NODES.images, SEAART, { ...parameters, options: {} }),
	];
	return { name, nodes, connections: inARow(...nodes) };
}
