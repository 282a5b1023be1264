import type { INode } from 'n8n-workflow';
import type { WorkflowJson } from '../harness/engine';

/** The workflows that have the node under test in them. */

/** What the node's own fields are, beside its parameters: `onError`, `retryOnFail`, `type`, … */
export type Settings = Partial<INode>;

const START_TYPE = 'n8n-nodes-base.manualTrigger';
const NODE_TYPE = 'n8n-nodes-seaart-gpt-image-1.gptImage1';

/** Start, then the node under test, called Image. */
export function imageWorkflow(parameters: object, settings: Settings = {}): WorkflowJson {
	const fields = { typeVersion: 1, position: [0, 0] as [number, number] };
	const start = { ...fields, id: 'Start', name: 'Start', type: START_TYPE, parameters: {} };
	const image = { ...fields, id: 'Image', name: 'Image', type: NODE_TYPE, parameters };
	return {
		nodes: [start, { ...image, ...settings } as INode],
		connections: { Start: { main: [[{ node: 'Image', type: 'main', index: 0 }]] } },
	};
}

/** An agent that calls the node once an item, with the item as its arguments. */
export function agentWorkflow(parameters: object, settings: Settings = {}): WorkflowJson {
	const { nodes } = imageWorkflow(parameters, settings);
	const [start, image] = nodes;
	image!.type += 'Tool';
	return {
		nodes: [...nodes, { ...start!, id: 'Agent', name: 'Agent', type: 'test.toolCaller' }],
		connections: {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Image: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
	};
}
