import type { INodeProperties } from 'n8n-workflow';
import { cancelFields, cancelOption } from './cancel';
import { generateFields, generateOption } from './generate';
import { getResultFields, getResultOption } from './getResult';
import { getStatusFields, getStatusOption } from './getStatus';

export const operations: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'generate',
		options: [generateOption, getStatusOption, getResultOption, cancelOption],
	},
	...generateFields,
	...getStatusFields,
	...getResultFields,
	...cancelFields,
];
