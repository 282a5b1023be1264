import type { INodeProperties } from 'n8n-workflow';
import { BACKGROUNDS, MODERATIONS, OUTPUT_FORMATS, QUALITIES, SIZES } from '../service/requestBody';
import { cancelOnStop, imageOutput, onTimeout, pollInterval, shownFor, timeout } from './fields';
import { inBody, optionsFor } from './requestFields';

/** What Generate alone asks for; each goes into the body of the create. */
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
];

/** What can be added to Generate, in n8n's alphabetical order. */
export const generateOptions: INodeProperties[] = [
	{
		displayName: 'Background',
		name: 'background',
		type: 'options',
		default: 'auto',
		description: "'Transparent' requires 'Output Format' PNG or WebP",
		options: optionsFor(BACKGROUNDS),
		routing: inBody('background'),
	},
	cancelOnStop(),
	{
		displayName: 'Max Images per Run',
		name: 'maxImages',
		type: 'number',
		default: 0,
		typeOptions: { minValue: 0, numberPrecision: 0 },
		description:
			'Maximum number of images that all items of one run may ask for together. If they ask for more, the node fails without creating any (with Batching: any more). Use 0 for no limit.',
	},
	{
		displayName: 'Max Tasks in Flight',
		name: 'maxTasksInFlight',
		type: 'number',
		default: 10,
		typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
		description:
			'Maximum number of tasks that the node waits for at a time. The next task starts when one finishes.',
	},
	{
		displayName: 'Moderation',
		name: 'moderation',
		type: 'options',
		default: 'auto',
		description: 'How strictly SeaArt Cloud filters the prompt and images',
		options: optionsFor(MODERATIONS),
		routing: inBody('moderation'),
	},
	onTimeout,
	{
		displayName: 'Output Compression',
		name: 'outputCompression',
		type: 'number',
		default: 100,
		typeOptions: { minValue: 0, maxValue: 100, numberPrecision: 0 },
		description: 'Quality of JPEG and WebP images, from 0 to 100. Has no effect on PNG.',
		routing: inBody('output_compression'),
	},
	{
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		default: 'png',
		description: 'File format of the images',
		options: optionsFor(OUTPUT_FORMATS),
		routing: inBody('output_format'),
	},
	pollInterval,
	imageOutput,
	timeout,
	{
		displayName: 'User',
		name: 'user',
		type: 'string',
		default: '',
		placeholder: 'e.g. customer-4711',
		description: 'Identifier of your end user. Helps SeaArt Cloud detect abuse.',
		routing: inBody('user'),
	},
];
