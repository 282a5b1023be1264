import type { IExecuteFunctions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { workflowPackage } from './n8n';

const { NodeConnectionTypes } = workflowPackage;

/**
 * Node types of the harness itself. n8n-core brings no nodes; what a workflow needs around the
 * node under test, beside what `packages` of `startEngine` may bring, is served by these.
 */
class PassThrough implements INodeType {
	description: INodeTypeDescription;

	constructor(name: string, inputs: INodeTypeDescription['inputs']) {
		this.description = {
			displayName: 'Pass-through of the test harness',
			name,
			group: ['transform'],
			version: 1,
			description: 'Hands on the items that it is given',
			defaults: { name },
			inputs,
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		};
	}

	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	}
}

/**
 * An agent without a model: for each item it calls every connected tool once, with the item's
 * `json` as the arguments that a model would have chosen, and gives back what the tool answered.
 */
class ToolCaller implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Tool caller of the test harness',
		name: 'toolCaller',
		group: ['transform'],
		version: 1,
		description: 'Calls each connected tool once an item, all at the same time',
		defaults: { name: 'Tool caller' },
		inputs: [NodeConnectionTypes.Main, { type: NodeConnectionTypes.AiTool, displayName: 'Tool' }],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	async execute(this: IExecuteFunctions) {
		const tools = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Array<{
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
	}
}

/**
 * The node type of the harness for a name, if it has one: any trigger of n8n's own nodes emits
 * the items of the run, No Operation hands them on, `test.toolCaller` calls tools.
 */
export function stubFor(name: string): INodeType | undefined {
	if (/^n8n-nodes-base\.\w*(trigger|webhook)$/i.test(name)) return new PassThrough(name, []);
	if (name === 'n8n-nodes-base.noOp') return new PassThrough(name, [NodeConnectionTypes.Main]);
	return name === 'test.toolCaller' ? new ToolCaller() : undefined;
}
