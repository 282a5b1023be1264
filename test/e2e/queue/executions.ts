import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData, ITaskData } from 'n8n-workflow';
import type { Client, Execution } from '../../n8n/client';
import type { Active } from './workflows';

type Listed = Omit<Execution, 'data'>;

/** All executions of a workflow, without their data. */
async function listed(client: Client, { id: workflowId }: Active): Promise<Listed[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const path = `/executions?limit=100&filter=${filter}`;
	const { results } = await client.request<{ results: Listed[] }>('GET', path);
	return results;
}

/** The executions of a workflow once there are `count` and each has a status of these. */
export async function whenAll(
	client: Client,
	workflow: Active,
	count: number,
	statuses: string[],
	{ timeoutMs = 120_000, signal }: { timeoutMs?: number; signal: AbortSignal },
): Promise<Listed[]> {
	for (const started = Date.now(); ; await sleep(300, undefined, { signal })) {
		const all = await listed(client, workflow);
		const there = all.filter(({ status }) => statuses.includes(status));
		if (all.length === count && there.length === count) return all;
		if (Date.now() - started > timeoutMs) {
			const seen = all.map(({ id, status }) => `${id} ${status}`).join(', ');
			throw new Error(`Expected ${count} executions with ${statuses.join('/')}, got: ${seen}`);
		}
	}
}

/** Executions with their data, a few at a time. */
export async function withData(client: Client, all: Array<{ id: string }>): Promise<Execution[]> {
	const full: Execution[] = [];
	for (const { id } of all) full.push(await client.execution(id));
	return full;
}

/** Each run of a node, in order. */
export const runsOf = ({ data }: Execution, node: string): ITaskData[] =>
	data.resultData.runData[node] ?? [];

/** What a node put out in all its runs. */
export const rowsOf = (execution: Execution, node: string, output = 0): INodeExecutionData[] =>
	runsOf(execution, node).flatMap((run) => run.data?.main?.[output] ?? []);

export const requestIdsOf = (rows: INodeExecutionData[]): string[] =>
	rows.map(({ json }) => json.request_id as string);
