import type { INodeProperties, INodePropertyRouting } from 'n8n-workflow';
import { runCancel } from '../run/runCancel';
import { runGenerate } from '../run/runGenerate';
import { runGetResult } from '../run/runGetResult';
import { runGetStatus } from '../run/runGetStatus';
import { CALLS } from '../service/types';
import type { Call } from '../service/types';
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
import { generateFields, generateOptions } from './generate';

/** The request that n8n builds of an item, and what it calls instead of sending it. */
const routing = (call: Call, pagination: typeof runGenerate): INodePropertyRouting => ({
	request: CALLS[call],
	send: { paginate: true },
	operations: { pagination },
});

const optionsField = (operation: string, options: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: shownFor(operation),
	options,
});

export const operations: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'generate',
		options: [
			{
				name: 'Generate',
				value: 'generate',
				action: 'Generate image',
				description: 'Create one or more images from a text prompt',
				routing: routing('create', runGenerate),
			},
			{
				name: 'Get Status',
				value: 'getStatus',
				action: 'Get task status',
				description: 'Check the progress of a task once, without waiting',
				routing: routing('status', runGetStatus),
			},
			{
				name: 'Get Result',
				value: 'getResult',
				action: 'Get task result',
				description: 'Retrieve the images of an existing task',
				routing: routing('result', runGetResult),
			},
			{
				name: 'Cancel',
				value: 'cancel',
				action: 'Cancel task',
				description: 'Cancel a queued or running task',
				routing: routing('cancel', runCancel),
			},
		],
	},
	requestId,
	...generateFields,
	waitForCompletion,
	...downloadFields({ operation: ['generate'], waitForCompletion: [true] }),
	...downloadFields({ operation: ['getResult'] }),
	optionsField('generate', generateOptions),
	optionsField('getResult', [
		cancelOnStopWhereItWaits,
		onTimeout,
		pollInterval,
		imageOutput,
		timeout,
	]),
];
