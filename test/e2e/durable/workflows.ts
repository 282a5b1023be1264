import type { INodeParameters } from 'n8n-workflow';
import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/demo';
import { inARow, node, webhook } from '../workflow';

/** Names of nodes in the two shipped workflows. */
const NODES = {
	oneAtATime: 'One at a Time',
	creating: 'Creating',
	createTask: 'Create Task',
	created: 'Created',
	deliverHere: 'Deliver Here',
	delivered: 'Delivered',
	ordersTable: 'Orders Table',
	orderRow: 'Order Row',
	ordered: 'Ordered',
} as const;

/** Where an execution can be held: on the way from one node to the next. */
export const GATES = {
	placedNotClaimed: [NODES.oneAtATime, NODES.creating],
	claimedNotSent: [NODES.creating, NODES.createTask],
	createdNotNoted: [NODES.createTask, NODES.created],
	deliveredNotNoted: [NODES.deliverHere, NODES.delivered],
	rowNotWritten: [NODES.ordersTable, NODES.orderRow],
	notOrdered: [NODES.orderRow, NODES.ordered],
} as const;

export type Gate = keyof typeof GATES;

const SCHEDULE_SECONDS = 3;

/** Of several collectors side by side, so that a busy machine keeps up with them. */
const PATIENT_SCHEDULE_SECONDS = 10;

/** After so many seconds the test's collector takes a row for abandoned, instead of 15 minutes. */
const TOO_LONG_SECONDS = 15;

/** The order workflow as it is shipped, with gates. */
export const orderWorkflow = (url: string): WorkflowJson =>
	withGates(exampleWorkflow('durable-order'), url, ['rowNotWritten', 'notOrdered']);

/**
 * The collect workflow as it is shipped, but for four things: it runs every few seconds, does not
 * wait a quarter of an hour for what was killed (unless told to), delivers to the test, and has gates.
 */
export function collectWorkflow(url: string, { patient = false } = {}): WorkflowJson {
	const shipped = JSON.stringify(exampleWorkflow('durable-collect'));
	const often = replaced(
		shipped,
		'{"field":"minutes","minutesInterval":1}',
		`{"field":"seconds","secondsInterval":${patient ? PATIENT_SCHEDULE_SECONDS : SCHEDULE_SECONDS}}`,
	);
	const text = patient
		? often
		: replaced(often, 'minus({ minutes: 15 })', `minus({ seconds: ${TOO_LONG_SECONDS} })`);
	const changed = JSON.parse(text) as WorkflowJson;
	const nodes = changed.nodes.map((node) =>
		node.name === NODES.deliverHere
			? httpRequest(node.name, `=${url}/files/{{ $json.file_name }}`, UPLOAD)
			: node,
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
	const schema = ['order_id', 'prompt'].map((id) => ({
		id,
		displayName: id,
		required: false,
		defaultMatch: false,
		display: true,
		canBeUsedToMatch: true,
		type: 'string',
	}));
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

function replaced(text: string, what: string, by: string): string {
	if (!text.includes(what)) throw new Error(`The collect workflow has no "${what}" any more.`);
	return text.replaceAll(what, by);
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
		edge.node = gate;
		connections[gate] = { main: [[{ node: to, type: 'main', index: 0 }]] };
		nodes.push(httpRequest(gate, `=${url}/gates/${gate}/{{ $execution.id }}`, PASS_ON));
	}
	return { ...workflow, nodes, connections };
}
