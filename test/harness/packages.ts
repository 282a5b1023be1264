import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DirectoryLoader } from 'n8n-core';
import type { ICredentialType, INodeTypes } from 'n8n-workflow';
import { core } from './n8n';
import { LoadedNodeTypes } from './nodeTypes';

export interface LoadedPackages {
	nodeTypes: INodeTypes;
	credentialType(name: string): ICredentialType;
}

/** Loads n8n packages from their folders, with the loader that n8n would choose for each. */
export async function loadPackages(folders: string[]): Promise<LoadedPackages> {
	const loaders: DirectoryLoader[] = [];
	for (const folder of folders) {
		const lazy = existsSync(join(folder, 'dist/known/nodes.json'));
		const Loader = lazy ? core.LazyPackageDirectoryLoader : core.PackageDirectoryLoader;
		const loader = new Loader(folder);
		await loader.loadAll();
		loaders.push(loader);
	}
	return {
		nodeTypes: new LoadedNodeTypes(loaders),
		credentialType(name) {
			const loader = loaders.find(({ known }) => name in known.credentials);
			if (!loader) throw new core.UnrecognizedCredentialTypeError(name);
			return loader.getCredential(name).type;
		},
	};
}
