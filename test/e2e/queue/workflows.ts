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
	overItems('Blocking: the node waits', 'prompts', { prompt: "={{ $json['body.prompts'] }}" });

/** Request ids in, images out. */
export const collecting = (): WorkflowJson =>
	overItems('Collect by request ID', 'ids', {
		operation: 'getResult',
		requestId: "={{ $json['body.ids'] }}",
	});

/** "Split Out" keeps the path as the name of the field. */
function overItems(name: string, field: string, parameters: INodeParameters): WorkflowJson {
	const nodes = [
		webhook(),
		node('One Item Each', 'splitOut', { fieldToSplitOut: `body.${field}` }),
		node(NODES.images, SEAART, { ...parameters, options: {} }),
	];
	return { name, nodes, connections: inARow(...nodes) };
}

/** The example as it is shipped (with fewer rounds); only its webhook gets an address of its own. */
export function nonBlocking(rounds = 10): WorkflowJson {
	const workflow = exampleWorkflow('non-blocking');
	const start = workflow.nodes.find(({ name }) => name === NODES.webhook)!;
	start.parameters.path = randomUUID();
	const [before, text, ...more] = JSON.stringify(workflow).split('$runIndex >= 9');
	if (text === undefined || more.length > 0)
		throw new Error('The non-blocking workflow does not count its rounds as it used to.');
	return JSON.parse(`${before}$runIndex >= ${rounds - 1}${text}`) as WorkflowJson;
}
