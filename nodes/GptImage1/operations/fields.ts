import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** Fields that more than one operation has, and the conditions under which they are shown. */

export const shownFor = (...operations: string[]): IDisplayOptions => ({
	show: { operation: operations },
});

const whereItWaits: IDisplayOptions = { show: { '/waitForCompletion': [true] } };

const whereItDownloads: IDisplayOptions = { show: { '/downloadImages': [true] } };

export const requestId = (operation: string, purpose: string): INodeProperties => ({
	displayName: 'Request ID',
	name: 'requestId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. mmsu_01hxyz',
	description: `The ID of the task ${purpose}, as Generate puts it out in request_id. A pasted status, result or cancel URL is understood too.`,
	displayOptions: shownFor(operation),
});

export const waitForCompletion = (operation: string): INodeProperties => ({
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: true,
	description:
		'Whether to wait here until the images are ready. If off, the node puts out the task at once; fetch its images later with Get Result.',
	displayOptions: shownFor(operation),
});

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
			'Whether to put out the images as files. If off, the rows have only the addresses, which the service keeps for a limited time.',
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

export const cancelOnStop: INodeProperties = {
	displayName: 'Cancel on Stop',
	name: 'cancelOnStop',
	type: 'boolean',
	default: true,
	description: 'Whether to cancel open tasks at the service when the execution is stopped',
	displayOptions: whereItWaits,
};

export const imageOutput: INodeProperties = {
	displayName: 'Image Output',
	name: 'imageOutput',
	type: 'options',
	default: 'itemPerImage',
	description: 'How the images of one task are put out',
	options: [
		{
			name: 'One Item per Image',
			value: 'itemPerImage',
			description: 'Each image becomes an item of its own',
		},
		{
			name: 'Single Item',
			value: 'singleItem',
			description: 'All images of a task are in one item, as data, data_1, data_2 and so on',
		},
	],
	displayOptions: whereItDownloads,
};

export const onTimeout: INodeProperties = {
	displayName: 'On Timeout',
	name: 'onTimeout',
	type: 'options',
	default: 'fail',
	description: 'What to do when the task has not ended in time',
	options: [
		{
			name: 'Cancel Task and Fail',
			value: 'cancel',
			description: 'Cancel the task at the service, then fail',
		},
		{
			name: 'Fail',
			value: 'fail',
			description: 'Let the task run on and fail with an error that names its ID',
		},
		{
			name: 'Return Task',
			value: 'returnTask',
			description: 'Let the task run on and go on with its ID and state',
		},
	],
	displayOptions: whereItWaits,
};

export const pollInterval: INodeProperties = {
	displayName: 'Poll Interval (Seconds)',
	name: 'pollInterval',
	type: 'number',
	default: 0,
	typeOptions: { minValue: 0, numberPrecision: 1 },
	description:
		'How often to ask for the status. At 0 the node finds the best moments by itself and learns from the tasks that have ended.',
	displayOptions: whereItWaits,
};

export const timeout: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	default: 600,
	typeOptions: { minValue: 1 },
	description: 'How long to wait for a task to end',
	displayOptions: whereItWaits,
};
