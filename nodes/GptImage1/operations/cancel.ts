import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { runCancel } from '../run/runCancel';
import { CALLS } from '../service/types';
import { requestId } from './fields';

export const cancelOption: INodePropertyOptions = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel task',
	description: 'Cancel a queued or running task',
	routing: {
		request: CALLS.cancel,
		send: { paginate: true },
		operations: { pagination: runCancel },
	},
};

export const cancelFields: INodeProperties[] = [requestId('cancel')];
