import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { name } from '../../package.json';
import { npm } from './command';
import type { Quietly } from './command';

const repository = resolve(__dirname, '..', '..');

export interface Packed {
	/** The tarball that `npm publish` would send. */
	tarball: string;
	remove(): Promise<void>;
}

/** Packs this package as it would be published. It must have been built. */
export async function pack(quietly: Quietly = {}): Promise<Packed> {
	if (!existsSync(join(repository, 'dist')))
		throw new Error('The package is not built: run `npm run build` first.');
	const folder = await mkdtemp(join(tmpdir(), 'packed-'));
	const remove = async () => await rm(folder, { recursive: true, force: true });
	try {
		const printed = await npm(
			['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder],
			{ doing: 'Packing the package', cwd: repository, ...quietly },
		);
		return { tarball: join(folder, printed.trim().split('\n').pop() ?? ''), remove };
	} catch (error) {
		await remove();
		throw error;
	}
}

/** Packs this package and installs it into a user folder. Returns the folder that it is in. */
export async function installOurs(userFolder: string, quietly: Quietly = {}): Promise<string> {
	const packed = await pack(quietly);
	try {
		return join(await installPacked(userFolder, packed.tarball, quietly), name);
	} finally {
		await packed.remove();
	}
}

/**
 * Installs a packed community node where n8n looks for those that a user has installed, and returns
 * that `node_modules`. The flags leave out the peer n8n-workflow, as n8n's own installation does by
 * striking it from the file.
 */
export async function installPacked(
	userFolder: string,
	tarball: string,
	quietly: Quietly = {},
): Promise<string> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	await mkdir(nodes, { recursive: true });
	// An earlier build has the same name and version, and npm would leave it in place.
	const nodeModules = join(nodes, 'node_modules');
	await rm(nodeModules, { recursive: true, force: true });
	const ledger = { name: 'installed-nodes', private: true, dependencies: {} };
	await writeFile(join(nodes, 'package.json'), JSON.stringify(ledger, null, 2));
	const flags =
		'--ignore-scripts --legacy-peer-deps --no-save --no-package-lock --no-audit --no-fund';
	await npm(['install', ...flags.split(' '), tarball], {
		doing: 'Installing the package into n8n',
		cwd: nodes,
		...quietly,
	});
	return nodeModules;
}
