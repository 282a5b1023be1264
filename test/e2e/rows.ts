import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Execution } from '../n8n/client';

/** What a node put out in its last run. */
export const rowsOf = ({ data }: Execution, nodeName: string, output = 0): INodeExecutionData[] =>
	data.resultData.runData[nodeName]?.at(-1)?.data?.main?.[output] ?? [];

/** The input item that each row comes from. */
export const linksOf = (rows: INodeExecutionData[]): unknown[] =>
	rows.map(({ pairedItem }) =>
		typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : pairedItem,
	);

/** What is in `error` of a failed row. */
export const errorsOf = (rows: INodeExecutionData[]): IDataObject[] =>
	rows.map(({ json }) => json.error as IDataObject);

/** All that the user reads of the error that ended an execution. */
export function errorTextOf({ data }: Execution): string {
	const { error } = data.resultData;
	return [error?.message, error && 'description' in error && error.description]
		.filter(Boolean)
		.join('\n');
}
