import type { INodeExecutionData, ITaskData } from 'n8n-workflow';
import type { Client, Execution, ListedExecution } from '../n8n/client';
import { until } from './until';

/** The executions of a workflow once there are `count` and each has a status of these. */
export async function whenAll(
	client: Client,
	{ id }: { id: string },
	count: number,
	statuses: string[],
	timeoutMs = 120_000,
): Promise<ListedExecution[]> {
	let all: ListedExecution[] = [];
	const seen = () => all.map(({ id: execution, status }) => `${execution} ${status}`).join(', ');
	return await until(
		() => `${count} executions with ${statuses.join('/')}, but ${seen()}`,
		async () => {
			all = await client.executions(id);
			const there = all.filter(({ status }) => statuses.includes(status));
			return all.length === count && there.length === count && all;
		},
		timeoutMs,
	);
}

/** Executions with their data, one at a time. */
export async function withData(client: Client, all: Array<{ id: string }>): Promise<Execution[]> {
	const full: Execution[] = [];
	for (const { id } of all) full.push(await client.execution(id));
	return full;
}

/** The execution once this node waits in it for an answer. */
export async function whenWaitsAt(client: Client, id: string, node: string): Promise<Execution> {
	return await until(`execution ${id} waits at ${node}`, async () => {
		const execution = await client.execution(id);
		const { status, data } = execution as Partial<Execution>;
		if (status === 'error' || status === 'success')
			throw new Error(`It has ended: ${status} ${data?.resultData.error?.message ?? ''}`);
		return status === 'waiting' && data?.resultData.lastNodeExecuted === node && execution;
	});
}

/** Each run of a node, in order. */
export const runsOf = ({ data }: Execution, node: string): ITaskData[] =>
	data.resultData.runData[node] ?? [];

/** What a node put out in all its runs. */
export const allItemsOf = (execution: Execution, node: string, output = 0): INodeExecutionData[] =>
	runsOf(execution, node).flatMap(({ data }) => data?.main?.[output] ?? []);

/** What a node put out in its last run. */
export const itemsOf = (execution: Execution, node: string): INodeExecutionData[] =>
	runsOf(execution, node).at(-1)?.data?.main?.[0] ?? [];

export const requestIdsOf = (items: INodeExecutionData[]): string[] =>
	items.map(({ json }) => json.request_id as string);

/** All that the user reads of the error that ended an execution. */
export function errorTextOf({ data }: Execution): string {
	const { error } = data.resultData;
	return `${error?.message}\n${error && 'description' in error ? error.description : ''}`;
}
