import type { INodeProperties } from 'n8n-workflow';
import { BACKGROUNDS, MODERATIONS, OUTPUT_FORMATS } from '../service/requestBody';
import { cancelOnStop, imageOutput, onTimeout, pollInterval, timeout } from './fields';
import { inBody, optionsFor } from './requestFields';

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
			'Maximum number of images that all items of one run may ask for together. If they ask for more, the node fails without creating any. Use 0 for no limit.',
	},
	{
		displayName: 'Max Tasks in Flight',
		name: 'maxTasksInFlight',
		type: 'number',
		default: 10,
		typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
		description:
			'Maximum number of unfinished tasks at a time. The next task starts when one finishes.',
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
