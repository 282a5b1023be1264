import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, Saved, WorkflowJson } from './client';
import { startN8n, type N8n } from './instance';
import { startService, type Service } from './service';

const PACKAGE = 'n8n-nodes-seaart-gpt-image-1';
const CREDENTIAL_TYPE = 'seaArtApi';
const CREDENTIAL_NAME = 'SeaArt API';

/** n8n with the package, and in it a credential for the service and the example workflow. */
export interface Demo {
	n8n: N8n;
	service: Service;
	workflow: Saved;
	stop(): Promise<void>;
}

/** An example workflow from test/examples, by its file's name. */
export function exampleWorkflow(name: string): WorkflowJson {
	const file = join(__dirname, '..', 'examples', `${name}.json`);
	return JSON.parse(readFileSync(file, 'utf8')) as WorkflowJson;
}

/** The workflow with the credential chosen in each of its nodes that is this package's. */
export function withCredential(workflow: WorkflowJson, { id, name }: Saved): WorkflowJson {
	const credentials = { [CREDENTIAL_TYPE]: { id, name } };
	const nodes = workflow.nodes.map((node) =>
		node.type.startsWith(`${PACKAGE}.`) ? { ...node, credentials } : node,
	);
	return { ...workflow, nodes };
}

/** This package's credential for a service, made once and then kept up to date. */
export async function saveCredential(
	client: Client,
	{ apiKey, baseUrl }: Pick<Service, 'apiKey' | 'baseUrl'>,
): Promise<Saved> {
	const wanted = { name: CREDENTIAL_NAME, type: CREDENTIAL_TYPE, data: { apiKey, baseUrl } };
	const known = (await client.credentials()).find(
		({ name, type }) => name === wanted.name && type === wanted.type,
	);
	return known
		? await client.updateCredential(known.id, wanted)
		: await client.createCredential(wanted);
}

/**
 * Starts the service and n8n and puts the workflow into it. A workflow of the same name that is
 * there already stays as it is: the user may have changed it.
 */
export async function startDemo(
	example: WorkflowJson,
	options: Parameters<typeof startN8n>[0] = {},
): Promise<Demo> {
	const service = await startService();
	try {
		const n8n = await startN8n(options);
		const stop = async () => {
			await n8n.stop();
			await service.stop();
		};
		try {
			const credential = await saveCredential(n8n.client, service);
			const workflow =
				(await n8n.client.workflows()).find(({ name }) => name === example.name) ??
				(await n8n.client.createWorkflow(withCredential(example, credential)));
			return { n8n, service, workflow, stop };
		} catch (error) {
			await n8n.stop();
			throw error;
		}
	} catch (error) {
		await service.stop();
		throw error;
	}
}
