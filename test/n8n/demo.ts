import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import type { Client, Saved, WorkflowJson } from './client';
import { startN8n } from './instance';
import type { N8n } from './instance';
import { startService } from './service';
import type { Service } from './service';

export type Demo = Awaited<ReturnType<typeof startDemo>>;

/** An example workflow from test/examples, by its file's name. */
export function exampleWorkflow(name: string): WorkflowJson {
	const file = join(__dirname, '..', 'examples', `${name}.json`);
	return JSON.parse(readFileSync(file, 'utf8')) as WorkflowJson;
}

/** By the type of a credential: whether a node needs one. */
const NEEDS: Record<string, (node: INode) => boolean> = {
	seaArtApi: ({ type }) => type.startsWith('n8n-nodes-seaart-gpt-image-1.'),
	httpHeaderAuth: ({ parameters }) => parameters.authentication === 'headerAuth',
	openAiApi: ({ type }) => type.endsWith('.lmChatOpenAi'),
};

/** The workflow with these credentials, given by their types, chosen in each node that needs one. */
export function withCredentials(
	workflow: WorkflowJson,
	saved: Record<string, Saved>,
): WorkflowJson {
	const nodes = workflow.nodes.map((node) => {
		const needed = Object.entries(saved).find(([type]) => NEEDS[type]!(node));
		if (!needed) return node;
		const [type, { id, name }] = needed;
		return { ...node, credentials: { [type]: { id, name } } };
	});
	return { ...workflow, nodes };
}

/** This package's credential for a service, made once and then kept up to date. */
export async function saveCredential(
	client: Client,
	{ apiKey, baseUrl }: Pick<Service, 'apiKey' | 'baseUrl'>,
): Promise<Saved> {
	const wanted = { name: 'SeaArt API', type: 'seaArtApi', data: { apiKey, baseUrl } };
	const known = (await client.credentials()).find(({ name }) => name === wanted.name);
	return await (known
		? client.request<Saved>('PATCH', `/credentials/${known.id}`, wanted)
		: client.createCredential(wanted));
}

/**
 * Starts the service and n8n and puts the workflow into it, with a credential for the service. A
 * workflow of the same name that is there already stays as it is: the user may have changed it.
 */
export async function startDemo(
	example: WorkflowJson,
	options: Parameters<typeof startN8n>[0] = {},
) {
	const service = await startService();
	let n8n: N8n | undefined;
	const stop = async () => {
		await n8n?.stop();
		await service.stop();
	};
	try {
		n8n = await startN8n(options);
		const { client } = n8n;
		const seaArtApi = await saveCredential(client, service);
		const workflow =
			(await client.request<Saved[]>('GET', '/workflows')).find(
				({ name }) => name === example.name,
			) ?? (await client.createWorkflow(withCredentials(example, { seaArtApi })));
		return { n8n, service, workflow, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
