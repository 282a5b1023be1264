import type { Client, WorkflowJson } from '../n8n/client';

/** The header that callers of the examples' webhooks have to send. */
export const SECRET = { 'x-api-key': 'the secret of the callers' };

/** The workflow with this secret chosen in every webhook that asks for one. */
export async function withSecret(client: Client, workflow: WorkflowJson): Promise<WorkflowJson> {
	const asks = ({ parameters }: WorkflowJson['nodes'][number]) =>
		parameters.authentication === 'headerAuth';
	if (!workflow.nodes.some(asks)) return workflow;
	const [[name, value]] = Object.entries(SECRET) as [[string, string]];
	const { id } = await client.createCredential({
		name: 'Secret of the callers',
		type: 'httpHeaderAuth',
		data: { name, value },
	});
	const credentials = { httpHeaderAuth: { id, name: 'Secret of the callers' } };
	const nodes = workflow.nodes.map((node) => (asks(node) ? { ...node, credentials } : node));
	return { ...workflow, nodes };
}
