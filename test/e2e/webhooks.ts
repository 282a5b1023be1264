import type { Saved, WorkflowJson } from '../n8n/client';
import type { RunningN8n } from './runningN8n';
import { until } from './until';

/** The header that callers of the examples' webhooks have to send. */
export const SECRET = { 'x-api-key': 'the secret of the callers' };

/** A workflow in n8n that a POST to the URL of its webhook starts, where it has one. */
export type Published = Saved & { url: string };

/** Saves a workflow and publishes it. */
export async function publish(n8n: RunningN8n, workflow: WorkflowJson): Promise<Published> {
	const saved = await n8n.save(workflow);
	await n8n.client.activateWorkflow(saved.id);
	const webhook = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.webhook');
	return { ...saved, url: `${n8n.client.url}/webhook/${String(webhook?.parameters.path)}` };
}

/** Calls a webhook. It answers some seconds after its workflow was published; before, with 404. */
export async function call(
	{ url }: Published,
	body: object,
	secret: Record<string, string> = SECRET,
): Promise<Response> {
	return await until(`${url} is there`, async () => {
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...secret },
			body: JSON.stringify(body),
		});
		return response.status !== 404 && response;
	});
}

/** Starts one execution. @throws Error where n8n answers anything but a success */
export async function post(workflow: Published, body: object): Promise<void> {
	const response = await call(workflow, body);
	const text = await response.text();
	if (!response.ok) throw new Error(`${workflow.url} answered ${response.status}: ${text}`);
}
