import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { runGetResult } from '../run/runGetResult';
import { CALLS } from '../service/types';
import {
	cancelOnStopWhereItWaits,
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
	action: 'Get task result',
	description: 'Retrieve the images of an existing task',
	routing: {
		request: CALLS.result,
		send: { paginate: true },
		operations: { pagination: runGetResult },
	},
};

export const getResultFields: INodeProperties[] = [
	requestId('getResult'),
	waitForCompletion('getResult'),
	...downloadFields({ operation: ['getResult'] }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('getResult'),
		options: [cancelOnStopWhereItWaits, onTimeout, pollInterval, imageOutput, timeout],
	},
];
