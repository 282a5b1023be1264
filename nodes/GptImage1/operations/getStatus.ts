import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { runGetStatus } from '../run/runGetStatus';
import { CALLS } from '../service/types';
import { requestId } from './fields';

export const getStatusOption: INodePropertyOptions = {
	name: 'Get Status',
	value: 'getStatus',
	action: 'Get task status',
	description: 'Check the progress of a task once, without waiting',
	routing: {
		request: CALLS.status,
		send: { paginate: true },
		operations: { pagination: runGetStatus },
	},
};

export const getStatusFields: INodeProperties[] = [requestId('getStatus')];
