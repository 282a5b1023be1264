import type { DirectoryLoader } from 'n8n-core';
import type { INodeProperties, INodeType, INodeTypes, IVersionedNodeType } from 'n8n-workflow';
import { core, workflowPackage } from './n8n';
import { stubFor } from './stubs';

const { NodeConnectionTypes, NodeHelpers } = workflowPackage;

/**
 * Finds node types as n8n's own `NodeTypes` does: in the loaded packages, with the `execute` that
 * n8n gives to a declarative node, and with a tool variant `…Tool` for a node that is usable as a tool.
 */
export class LoadedNodeTypes implements INodeTypes {
	constructor(private readonly loaders: DirectoryLoader[]) {}

	getKnownTypes() {
		return {};
	}

	getByName(name: string): INodeType | IVersionedNodeType {
		const [packageName = '', nodeName = ''] = name.split('.');
		const loader = this.loaderOf(name);
		const start = /(trigger|webhook)$/i.test(name);
		const type = (loader && !start ? loader.getNode(nodeName).type : undefined) ?? stubFor(name);
		if (!type) throw new core.UnrecognizedNodeTypeError(packageName, nodeName);
		return type;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		if (!name.endsWith('Tool') || this.has(name)) return this.executable(name, version);
		return asTool(this.executable(name.slice(0, -'Tool'.length), version));
	}

	private executable(name: string, version?: number): INodeType {
		const type = NodeHelpers.getVersionedNodeType(this.getByName(name), version);
		if (!type.execute) {
			type.execute = async function (this) {
				const context = this as InstanceType<typeof core.ExecuteContext>;
				return (await new core.RoutingNode(context, type).runNode()) ?? [];
			};
		}
		return type;
	}

	private has(name: string): boolean {
		return stubFor(name) !== undefined || this.loaderOf(name) !== undefined;
	}

	private loaderOf(name: string): DirectoryLoader | undefined {
		const [packageName, nodeName = ''] = name.split('.');
		return this.loaders.find(
			(loader) => loader.packageName === packageName && nodeName in loader.known.nodes,
		);
	}
}

/** What n8n makes of a node that is dragged onto an agent's tool input. */
function asTool(type: INodeType): INodeType {
	if (!type.description.usableAsTool) throw new Error('Node cannot be used as a tool');
	const { usableAsTool: _, ...description } = type.description;
	const byOperation = description.properties.some(({ name }) =>
		['resource', 'operation'].includes(name),
	);
	const toolDescription: INodeProperties = {
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		default: description.description,
		required: true,
		...(byOperation && { displayOptions: { show: { descriptionType: ['manual'] } } }),
	};
	const descriptionType: INodeProperties = {
		displayName: 'Tool Description',
		name: 'descriptionType',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Set Automatically', value: 'auto' },
			{ name: 'Set Manually', value: 'manual' },
		],
		default: 'auto',
	};
	return Object.create(type, {
		description: {
			value: {
				...description,
				name: `${description.name}Tool`,
				displayName: `${description.displayName} Tool`,
				inputs: [],
				outputs: [NodeConnectionTypes.AiTool],
				properties: [
					...(byOperation ? [descriptionType] : []),
					toolDescription,
					...description.properties,
				],
			},
		},
	}) as INodeType;
}
