import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DirectoryLoader } from 'n8n-core';
import type { ICredentialType, INodeType, INodeTypes } from 'n8n-workflow';
import { core, workflowPackage } from './n8n';
import { stubFor } from './stubs';

const { NodeConnectionTypes, NodeHelpers } = workflowPackage;

/** An n8n package, loaded from its folder with the loader that n8n would choose for it. */
export class LoadedPackage {
	/** Finds node types as n8n's own `NodeTypes` does. */
	readonly nodeTypes: INodeTypes = {
		getKnownTypes: () => ({}),
		getByName: (name) => this.named(name),
		getByNameAndVersion: (name, version) =>
			!name.endsWith('Tool')
				? this.executable(name, version)
				: asTool(this.executable(name.slice(0, -'Tool'.length), version)),
	};

	private constructor(private readonly loader: DirectoryLoader) {}

	static async load(folder: string): Promise<LoadedPackage> {
		const lazy = existsSync(join(folder, 'dist/known/nodes.json'));
		const Loader = lazy ? core.LazyPackageDirectoryLoader : core.PackageDirectoryLoader;
		const loader = new Loader(folder);
		await loader.loadAll();
		return new LoadedPackage(loader);
	}

	readonly credentialType = (name: string): ICredentialType => this.loader.getCredential(name).type;

	private named(name: string) {
		const [packageName = '', nodeName = ''] = name.split('.');
		const isOurs = packageName === this.loader.packageName;
		const type = isOurs ? this.loader.getNode(nodeName).type : stubFor(name);
		if (!type) throw new core.UnrecognizedNodeTypeError(packageName, nodeName);
		return type;
	}

	/** With the `execute` that n8n gives to a declarative node. */
	private executable(name: string, version?: number): INodeType {
		const type = NodeHelpers.getVersionedNodeType(this.named(name), version);
		type.execute ??= async function (this) {
			const context = this as InstanceType<typeof core.ExecuteContext>;
			return (await new core.RoutingNode(context, type).runNode()) ?? [];
		};
		return type;
	}
}

/** What n8n makes of a node that is dragged onto an agent's tool input; its description stays. */
function asTool(type: INodeType): INodeType {
	const { usableAsTool, ...description } = type.description;
	if (!usableAsTool) throw new Error('Node cannot be used as a tool');
	const ends = { inputs: [], outputs: [NodeConnectionTypes.AiTool] };
	return Object.create(type, {
		description: { value: { ...description, name: `${description.name}Tool`, ...ends } },
	}) as INodeType;
}
