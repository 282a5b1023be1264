import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** Fields that more than one operation has, and the conditions under which they are shown. */

export const shownFor = (...operations: string[]): IDisplayOptions => ({
	show: { operation: operations },
});

const whereItWaits: IDisplayOptions = { show: { '/waitForCompletion': [true] } };

const whereItDownloads: IDisplayOptions = { show: { '/downloadImages': [true] } };

/** One for all operations: n8n evaluates every property of this name for each item, shown or not. */
export const requestId: INodeProperties = {
	displayName: 'Request ID',
	name: 'requestId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. mmsu_01hxyz',
	description:
		"ID of the task, from the 'request_id' field of 'Generate'. You can also paste a status, result, or cancel URL.",
	displayOptions: shownFor('getStatus', 'getResult', 'cancel'),
};

export const waitForCompletion: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: true,
	description:
		"Whether to wait until the images are ready. If turned off, the node returns the task immediately; use 'Get Result' later.",
	builderHint: {
		propertyHint:
			'Keep it on: the node polls by itself until the images are ready, so no Wait or IF loop is needed.',
	},
	displayOptions: shownFor('generate', 'getResult'),
};

/** Whether to download, and where to put the files; `display` says where there are images to get. */
export const downloadFields = (
	display: NonNullable<IDisplayOptions['show']>,
): INodeProperties[] => [
	{
		displayName: 'Download Images',
		name: 'downloadImages',
		type: 'boolean',
		default: true,
		description:
			'Whether to download the images as files. If turned off, the node returns only their URLs.',
		builderHint: {
			propertyHint:
				'Keep it on where a later node needs the file; the node downloads the images itself.',
		},
		displayOptions: { show: display },
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: { ...display, downloadImages: [true] } },
	},
];

/** Where an operation always waits, `display` is left out; without waiting n8n can drop tasks too. */
export const cancelOnStop = (display?: IDisplayOptions): INodeProperties => ({
	displayName: 'Cancel on Stop',
	name: 'cancelOnStop',
	type: 'boolean',
	default: true,
	description:
		'Whether to cancel unfinished tasks on SeaArt Cloud when you stop the execution before this node has finished',
	...(display && { displayOptions: display }),
});

export const cancelOnStopWhereItWaits = cancelOnStop(whereItWaits);

export const imageOutput: INodeProperties = {
	displayName: 'Return Images As',
	name: 'imageOutput',
	type: 'options',
	default: 'itemPerImage',
	description: 'How to return the images when a task has more than one',
	options: [
		{
			name: 'One Item per Image',
			value: 'itemPerImage',
			description: 'Each image becomes a separate item',
		},
		{
			name: 'Single Item',
			value: 'singleItem',
			description: "All images in one item, in the fields 'data', 'data_1', 'data_2', and so on",
		},
	],
	displayOptions: whereItDownloads,
};

export const onTimeout: INodeProperties = {
	displayName: 'On Timeout',
	name: 'onTimeout',
	type: 'options',
	default: 'fail',
	description: "What to do if the task hasn't finished when 'Timeout (Seconds)' is reached",
	options: [
		{
			name: 'Cancel Task and Fail',
			value: 'cancel',
			description: 'Cancel the task on SeaArt Cloud, then fail',
		},
		{
			name: 'Fail',
			value: 'fail',
			description: 'Fail, but let the task keep running. The message includes its request ID.',
		},
		{
			name: 'Return Task',
			value: 'returnTask',
			description: "Continue with the task's ID and state while it keeps running",
		},
	],
	displayOptions: whereItWaits,
};

export const pollInterval: INodeProperties = {
	displayName: 'Poll Interval (Seconds)',
	name: 'pollInterval',
	type: 'number',
	default: 0,
	typeOptions: { minValue: 0, numberPrecision: 0, maxValue: 3600 },
	description: 'How often to check the status, up to 3,600 seconds. Use 0 to let the node choose.',
	displayOptions: whereItWaits,
};

export const timeout: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	default: 600,
	typeOptions: { minValue: 1, maxValue: 86400 },
	description: 'How long to wait for a task, up to 86,400 seconds',
	displayOptions: whereItWaits,
};
