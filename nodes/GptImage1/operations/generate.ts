import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { runGenerate } from '../run/runGenerate';
import { CALLS } from '../service/types';
import { QUALITIES, SIZES } from '../service/requestBody';
import { downloadFields, shownFor, waitForCompletion } from './fields';
import { generateOptions } from './generateOptions';
import { inBody, optionsFor } from './requestFields';

export const generateOption: INodePropertyOptions = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate image',
	description: 'Create one or more images from a text prompt',
	routing: {
		request: CALLS.create,
		send: { paginate: true },
		operations: { pagination: runGenerate },
	},
};

export const generateFields: INodeProperties[] = [
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		required: true,
		default: '',
		typeOptions: { rows: 4 },
		placeholder: 'e.g. A red apple on a wooden table, soft morning light',
		description: 'Description of the image to generate. Maximum 32,000 characters.',
		displayOptions: shownFor('generate'),
		routing: inBody('prompt'),
	},
	{
		displayName: 'Number of Images',
		name: 'numberOfImages',
		type: 'number',
		default: 1,
		typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
		description: 'Number of images to generate, from 1 to 10. Each image is charged.',
		displayOptions: shownFor('generate'),
		routing: inBody('n'),
	},
	{
		displayName: 'Size',
		name: 'size',
		type: 'options',
		default: 'auto',
		description: 'Width and height of the images in pixels',
		options: optionsFor(SIZES),
		displayOptions: shownFor('generate'),
		routing: inBody('size'),
	},
	{
		displayName: 'Quality',
		name: 'quality',
		type: 'options',
		default: 'auto',
		description: 'How much detail the images have',
		options: optionsFor(QUALITIES),
		displayOptions: shownFor('generate'),
		routing: inBody('quality'),
	},
	waitForCompletion('generate'),
	...downloadFields({ operation: ['generate'], waitForCompletion: [true] }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('generate'),
		options: generateOptions,
	},
];
