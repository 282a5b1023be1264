import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { generate } from '../run/generate';
import { CALLS } from '../task/contract';
import { BACKGROUNDS, MODERATIONS, OUTPUT_FORMATS, QUALITIES, SIZES } from '../task/createBody';
import {
	cancelOnStop,
	downloadFields,
	imageOutput,
	onTimeout,
	pollInterval,
	shownFor,
	timeout,
	waitForCompletion,
} from './fields';

export const generateOption: INodePropertyOptions = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate image',
	description: 'Create images from a prompt and, unless told otherwise, wait for them',
	routing: {
		request: CALLS.create,
		send: { paginate: true },
		operations: { pagination: generate },
	},
};

const NAMES: Record<string, string> = {
	'1024x1024': 'Square (1024 x 1024)',
	'1024x1536': 'Portrait (1024 x 1536)',
	'1536x1024': 'Landscape (1536 x 1024)',
	jpeg: 'JPEG',
	png: 'PNG',
	webp: 'WebP',
};

/** The contract's own list as options, by the names that people know. */
const optionsFor = (values: readonly string[]): INodePropertyOptions[] =>
	values.map((value) => ({
		name: NAMES[value] ?? `${value.charAt(0).toUpperCase()}${value.slice(1)}`,
		value,
	}));

/** Where a field goes in the request body. */
const inBody = (property: string): NonNullable<INodeProperties['routing']> => ({
	send: { type: 'body', property },
});

export const generateFields: INodeProperties[] = [
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		required: true,
		default: '',
		typeOptions: { rows: 4 },
		placeholder: 'e.g. A red apple on a wooden table, soft morning light',
		description: 'What the images show, in up to 32,000 characters',
		displayOptions: shownFor('generate'),
		routing: inBody('prompt'),
	},
	{
		displayName: 'Number of Images',
		name: 'numberOfImages',
		type: 'number',
		default: 1,
		typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
		description: 'How many images to make from the prompt, from 1 to 10. Each one is paid for.',
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
		description: 'Higher quality takes longer and costs more',
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
		options: [
			{
				displayName: 'Background',
				name: 'background',
				type: 'options',
				default: 'auto',
				description: 'Transparent needs the output format PNG or WebP',
				options: optionsFor(BACKGROUNDS),
				routing: inBody('background'),
			},
			cancelOnStop,
			imageOutput,
			{
				displayName: 'Max Tasks in Flight',
				name: 'maxTasksInFlight',
				type: 'number',
				default: 10,
				typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
				description:
					'How many tasks of this node may be open at a time. The next is created when one ends.',
			},
			{
				displayName: 'Moderation',
				name: 'moderation',
				type: 'options',
				default: 'auto',
				description: 'How strictly the prompt and the images are checked',
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
				description:
					'Quality of JPEG and WebP files in percent. Smaller values make smaller files.',
				routing: inBody('output_compression'),
			},
			{
				displayName: 'Output Format',
				name: 'outputFormat',
				type: 'options',
				default: 'png',
				description: 'The type of the image files',
				options: optionsFor(OUTPUT_FORMATS),
				routing: inBody('output_format'),
			},
			pollInterval,
			timeout,
			{
				displayName: 'User',
				name: 'user',
				type: 'string',
				default: '',
				placeholder: 'e.g. customer-4711',
				description: 'A name for your end user, which helps the service to find abuse',
				routing: inBody('user'),
			},
		],
	},
];
