import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { getResult } from '../run/getResult';
import { CALLS } from '../task/contract';
import {
	cancelOnStop,
	downloadFields,
	imageOutput,
	onTimeout,
	pollInterval,
	requestId,
	shownFor,
	timeout,
	waitForCompletion,
} from './fields';

export const getResultOption: INodePropertyOptions = {
	name: 'Get Result',
	value: 'getResult',
	action: 'Get images of task',
	description: 'Fetch the images of a task that was created before',
	routing: {
		request: CALLS.result,
		send: { paginate: true },
		operations: { pagination: getResult },
	},
};

export const getResultFields: INodeProperties[] = [
	requestId('getResult', 'to fetch'),
	waitForCompletion('getResult'),
	...downloadFields({ operation: ['getResult'] }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('getResult'),
		options: [cancelOnStop, imageOutput, onTimeout, pollInterval, timeout],
	},
];
