import type { IExecuteFunctions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { workflowPackage } from './n8n';

/** Node types of the harness itself, for what a workflow needs around the node under test. */

const { AiTool, Main } = workflowPackage.NodeConnectionTypes;

const described = (name: string, inputs: INodeTypeDescription['inputs']): INodeTypeDescription => ({
	displayName: name,
	name,
	group: ['transform'],
	version: 1,
	description: 'A stub of the test harness',
	defaults: { name },
	inputs,
	outputs: [Main],
	properties: [],
});

/** Hands on the items that it is given. */
const passThrough = (name: string, inputs: INodeTypeDescription['inputs']): INodeType => ({
	description: described(name, inputs),
	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	},
});

/**
 * An agent without a model: for each item it calls every connected tool once, with the item's
 * `json` as the arguments that a model would have chosen, and gives back what the tool answered.
 */
const toolCaller: INodeType = {
	description: described('toolCaller', [Main, { type: AiTool, displayName: 'Tool' }]),
	async execute(this: IExecuteFunctions) {
		const tools = (await this.getInputConnectionData(AiTool, 0)) as Array<{
			name: string;
			invoke(toolArguments: object): Promise<string>;
		}>;
		const calls = this.getInputData().flatMap(({ json }, item) =>
			tools.map(async (tool) => ({
				json: { tool: tool.name, answer: await tool.invoke(json) },
				pairedItem: { item },
			})),
		);
		return [await Promise.all(calls)];
	},
};

/** The stub of this name: any trigger of n8n's, which emits the items of the run, among them. */
export function stubFor(name: string): INodeType | undefined {
	if (/^n8n-nodes-base\.\w*(trigger|webhook)$/i.test(name)) return passThrough(name, []);
	if (name === 'n8n-nodes-base.noOp') return passThrough(name, [Main]);
	return name === 'test.toolCaller' ? toolCaller : undefined;
}
