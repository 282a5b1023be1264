import type { INodeParameters } from 'n8n-workflow';
import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/demo';
import { inARow, node, webhook } from '../workflow';

/** Where an execution can be held: on the way from one node of a shipped workflow to the next. */
const GATES = {
	placedNotClaimed: ['One at a Time', 'Creating'],
	claimedNotSent: ['Creating', 'Create Task'],
	createdNotNoted: ['Create Task', 'Created'],
	deliveredNotNoted: ['Deliver Here', 'Delivered'],
	rowNotWritten: ['Orders Table', 'Order Row'],
	notOrdered: ['Order Row', 'Ordered'],
} as const;

export type Gate = keyof typeof GATES;

/** The order workflow as it is shipped, with gates. */
export const orderWorkflow = (url: string): WorkflowJson =>
	withGates(exampleWorkflow('durable-order'), url, ['rowNotWritten', 'notOrdered']);

/**
 * The collect workflow as it is shipped, but for four things: it runs every few seconds, takes a row
 * for abandoned after 15 seconds instead of 15 minutes, delivers to the test, and has gates. Patient,
 * it runs less often and keeps the minutes, so that a busy machine keeps up with several of them.
 */
export function collectWorkflow(url: string, { patient = false } = {}): WorkflowJson {
	const seconds = patient ? 10 : 3;
	const changes = [
		['"field":"minutes","minutesInterval":1', `"field":"seconds","secondsInterval":${seconds}`],
		['minus({ minutes: 15 })', patient ? 'minus({ minutes: 15 })' : 'minus({ seconds: 15 })'],
	] as const;
	let text = JSON.stringify(exampleWorkflow('durable-collect'));
	for (const [what, by] of changes) {
		if (!text.includes(what)) throw new Error(`The collect workflow has no "${what}" any more.`);
		text = text.replaceAll(what, by);
	}
	const changed = JSON.parse(text) as WorkflowJson;
	const nodes = changed.nodes.map((one) =>
		one.name === 'Deliver Here'
			? httpRequest(one.name, `=${url}/files/{{ $json.file_name }}`, UPLOAD)
			: one,
	);
	return withGates({ ...changed, nodes }, url, [
		'placedNotClaimed',
		'claimedNotSent',
		'createdNotNoted',
		'deliveredNotNoted',
	]);
}

/** What a caller's own workflow does: orders in by webhook, each handed to the order workflow. */
export function callerWorkflow(orderWorkflowId: string): WorkflowJson {
	const schema = ['order_id', 'prompt'].map((id) => ({ id, displayName: id, type: 'string' }));
	const value = { order_id: '={{ $json.order_id }}', prompt: '={{ $json.prompt }}' };
	const parameters = {
		workflowId: { __rl: true, mode: 'id', value: orderWorkflowId },
		workflowInputs: { mappingMode: 'defineBelow', value, schema, convertFieldsToString: true },
		options: {},
	};
	const nodes = [
		webhook({ responseMode: 'lastNode', responseData: 'allEntries' }),
		node('Orders', 'splitOut', { fieldToSplitOut: 'body.orders', options: {} }),
		node('Order Them', 'executeWorkflow', parameters, { typeVersion: 1.2 }),
	];
	return { name: 'A caller of the order workflow', nodes, connections: inARow(...nodes) };
}

const UPLOAD: INodeParameters = {
	method: 'PUT',
	sendBody: true,
	contentType: 'binaryData',
	inputDataFieldName: 'data',
};

const PASS_ON: INodeParameters = {
	method: 'POST',
	sendBody: true,
	specifyBody: 'json',
	jsonBody: '={{ JSON.stringify($json) }}',
};

const httpRequest = (name: string, url: string, parameters: INodeParameters) =>
	node(
		name,
		'httpRequest',
		{ url, ...parameters, options: { timeout: 600_000 } },
		{ typeVersion: 4.2 },
	);

function withGates(workflow: WorkflowJson, url: string, gates: Gate[]): WorkflowJson {
	const { nodes, connections } = structuredClone(workflow);
	for (const gate of gates) {
		const [from, to] = GATES[gate];
		const outputs = connections[from]?.main ?? [];
		const edge = outputs.flatMap((output) => output ?? []).find((one) => one.node === to);
		if (!edge) throw new Error(`The workflow no longer leads from ${from} to ${to}.`);
		connections[gate] = { main: [[{ ...edge, node: to }]] };
		edge.node = gate;
		nodes.push(httpRequest(gate, `=${url}/gates/${gate}/{{ $execution.id }}`, PASS_ON));
	}
	return { ...workflow, nodes, connections };
}
