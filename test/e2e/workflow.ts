import { randomUUID } from 'node:crypto';
import type {
	IConnection,
	IDataObject,
	INode,
	INodeParameters,
	NodeConnectionType,
} from 'n8n-workflow';
import type { WorkflowJson } from '../n8n/client';

/** The name of the manual trigger in every workflow of these tests. */
export const TRIGGER = 'Start';

/** The name of this package's node in the workflows below, and its type. */
export const IMAGES = 'Images';
export const SEAART = 'n8n-nodes-seaart-gpt-image-1.gptImage1';

/** The node to which its items go. */
export const GOOD = 'Good';

interface NodePlan {
	parameters?: INodeParameters;
	options?: INodeParameters;
	settings?: Partial<Pick<INode, 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>>;
}

/** As often as the node may ask, so that no test waits long. */
export const SWIFTLY = { pollInterval: 0.5 };

let made = 0;

/** A node, to the right of the one that was made before. */
export const node = (
	name: string,
	type: string,
	parameters: INodeParameters = {},
	more: Partial<INode> = {},
): INode => ({
	id: randomUUID(),
	name,
	type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
	typeVersion: 1,
	position: [240 * made++, 0],
	parameters,
	...more,
});

export const imageNode = ({ parameters, options, settings }: NodePlan = {}): INode =>
	node(
		IMAGES,
		SEAART,
		{ prompt: '={{ $json.prompt }}', ...parameters, options: { ...SWIFTLY, ...options } },
		settings,
	);

/** A manual trigger whose pinned data are the items. */
export const startWith = (items: IDataObject[]) => ({
	trigger: node(TRIGGER, 'manualTrigger'),
	pinData: { [TRIGGER]: items.map((json) => ({ json })) },
});

/** A webhook at a path of its own. */
export const webhook = (parameters: INodeParameters = {}): INode =>
	node(
		'Webhook',
		'webhook',
		{ httpMethod: 'POST', path: randomUUID(), options: {}, ...parameters },
		{ typeVersion: 2, webhookId: randomUUID() },
	);

/** A connection to a node. */
export const to = ({ name }: INode, type: NodeConnectionType = 'main'): IConnection => ({
	node: name,
	type,
	index: 0,
});

/** Nodes one after the other, each fed by the first output of the one before. */
export const inARow = (...nodes: INode[]): WorkflowJson['connections'] =>
	Object.fromEntries(
		nodes.slice(1).map((next, index) => [nodes[index]!.name, { main: [[to(next)]] }]),
	);

/** Prompts into this package's node, one input item each, and its items into "Good". */
export function imageWorkflow(
	name: string,
	{ prompts, ...plan }: NodePlan & { prompts: string[] },
): WorkflowJson {
	const { trigger, pinData } = startWith(prompts.map((prompt) => ({ prompt })));
	const nodes = [trigger, imageNode(plan), node(GOOD, 'noOp')];
	return { name, nodes, connections: inARow(...nodes), pinData };
}
