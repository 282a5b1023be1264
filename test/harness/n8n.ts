import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as BackendCommon from '@n8n/backend-common';
import type * as Di from '@n8n/di';
import type * as Core from 'n8n-core';
import type * as Workflow from 'n8n-workflow';

/**
 * The n8n that the harness runs on. `ENGINE=1.122` chooses the n8n-core in `test/core-versions/1.122`
 * (install it there with `npm ci --ignore-scripts`); unset, it is the one in the root.
 *
 * Types are those of the root's n8n. Where the chosen one differs, the difference ends in here.
 */
export const repository = join(__dirname, '../..');

const { ENGINE } = process.env;
const folder = ENGINE ? join(repository, 'test/core-versions', ENGINE) : repository;
if (!existsSync(join(folder, 'node_modules/n8n-core'))) {
	throw new Error(`No n8n-core in ${folder}: run "npm ci --ignore-scripts" there`);
}

const fromEngine = createRequire(join(folder, 'package.json'));
/** What n8n-core itself would load, wherever npm has put it. */
const fromCore = createRequire(fromEngine.resolve('n8n-core'));

if (process.env.JEST_WORKER_ID === undefined) {
	sharePackage('n8n-workflow', fromCore.resolve('n8n-workflow'));
}

export const core = fromEngine('n8n-core') as typeof Core;
export const workflowPackage = fromCore('n8n-workflow') as typeof Workflow;
export const backendCommon = fromCore('@n8n/backend-common') as typeof BackendCommon;
export const { Container } = fromCore('@n8n/di') as typeof Di;

/** A package of the chosen n8n that n8n-core depends on, or undefined where it has no such one. */
export function coreDependency<Package>(name: string): Package | undefined {
	try {
		return fromCore(name) as Package;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
		throw error;
	}
}

/** Ends what n8n leaves running; it would keep the process alive. */
export function endBackgroundWork(): void {
	const { SSHClientsManager } = fromEngine(
		'n8n-core/dist/execution-engine/ssh-clients-manager.js',
	) as { SSHClientsManager: Di.Constructable<{ onShutdown(): void }> };
	Container.get(SSHClientsManager).onShutdown();
}

/**
 * Outside Jest, which maps the name in its configuration, every `require` of a package ends at one
 * file: the nodes that are loaded must throw the errors of the engine that runs them.
 */
function sharePackage(name: string, file: string): void {
	const Module = createRequire(__filename)('node:module') as {
		_resolveFilename(request: string, ...rest: unknown[]): string;
	};
	const resolveFilename = Module._resolveFilename;
	Module._resolveFilename = function (request, ...rest) {
		return request === name ? file : resolveFilename.call(this, request, ...rest);
	};
}
