import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { getStatus } from '../run/getStatus';
import { CALLS } from '../task/contract';
import { requestId } from './fields';

export const getStatusOption: INodePropertyOptions = {
	name: 'Get Status',
	value: 'getStatus',
	action: 'Get status of task',
	description: 'Ask once how far a task is',
	routing: {
		request: CALLS.status,
		send: { paginate: true },
		operations: { pagination: getStatus },
	},
};

export const getStatusFields: INodeProperties[] = [requestId('getStatus', 'to look at')];
