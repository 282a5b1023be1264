import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { cancel } from '../run/cancel';
import { CALLS } from '../task/contract';
import { requestId } from './fields';

export const cancelOption: INodePropertyOptions = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel task',
	description: 'End a task that is waiting or running',
	routing: {
		request: CALLS.cancel,
		send: { paginate: true },
		operations: { pagination: cancel },
	},
};

export const cancelFields: INodeProperties[] = [requestId('cancel', 'to cancel')];
