import type { INodeParameters, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { GptImage1 } from '../../nodes/GptImage1/GptImage1.node';

/**
 * Names, values and defaults of the parameters. Users' workflows are saved with the names and the values,
 * and without what is left at its default: a change of any breaks or changes them.
 */

const { description } = new GptImage1();

const parameters = (operation: string): INodeProperties[] =>
	description.properties.filter(
		({ name, displayOptions }) =>
			name !== 'operation' && (displayOptions?.show?.operation ?? []).includes(operation),
	);

/** By name: the default, or the values and the default. */
function surface(properties: INodeProperties[]): Record<string, unknown> {
	const entries = properties.map((property) => {
		const { name, type, options = [] } = property;
		if (type === 'collection') return [name, surface(options as INodeProperties[])];
		const values = (options as INodePropertyOptions[]).map(({ value }) => value);
		const byDefault: unknown = property.default;
		return [name, type === 'options' ? { values, byDefault } : byDefault];
	});
	return Object.fromEntries(entries) as Record<string, unknown>;
}

const values = (byDefault: string, ...all: string[]) => ({ values: all, byDefault });

const WAIT = {
	onTimeout: values('fail', 'cancel', 'fail', 'returnTask'),
	pollInterval: 0,
	timeout: 600,
	cancelOnStop: true,
	imageOutput: values('itemPerImage', 'itemPerImage', 'singleItem'),
};

const DELIVERY = { waitForCompletion: true, downloadImages: true, binaryPropertyName: 'data' };

test('the node and its credential', () => {
	expect(description).toMatchObject({
		name: 'gptImage1',
		displayName: 'SeaArt GPT Image 1',
		version: 1,
		usableAsTool: true,
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'seaArtApi', required: true }],
	});
});

test('the operations', () => {
	const [operation] = description.properties;
	expect(surface([operation!])).toEqual({
		operation: values('generate', 'generate', 'getStatus', 'getResult', 'cancel'),
	});
	// An expression that yields another operation would call the bare base URL.
	expect(operation?.noDataExpression).toBe(true);
});

// n8n evaluates the value once for every property of a name, shown or not, before it starts any item.
test.each(['requestId', 'prompt'])('an expression in %s is evaluated once an item', (parameter) => {
	expect(description.properties.filter(({ name }) => name === parameter)).toHaveLength(1);
});

test.each<[string, object]>([
	[
		'generate',
		{
			prompt: '',
			numberOfImages: 1,
			size: values('auto', 'auto', '1024x1024', '1024x1536', '1536x1024'),
			quality: values('auto', 'auto', 'high', 'low', 'medium'),
			...DELIVERY,
			options: {
				background: values('auto', 'auto', 'opaque', 'transparent'),
				outputFormat: values('png', 'jpeg', 'png', 'webp'),
				outputCompression: 100,
				moderation: values('auto', 'auto', 'low'),
				user: '',
				maxImages: 0,
				maxTasksInFlight: 10,
				...WAIT,
			},
		},
	],
	['getResult', { requestId: '', ...DELIVERY, options: WAIT }],
	['getStatus', { requestId: '' }],
	['cancel', { requestId: '' }],
])('the parameters of %s', (operation, expected) => {
	expect(surface(parameters(operation))).toEqual(expected);
});

test('only what cannot be left empty is required', () => {
	const required = description.properties.filter((property) => property.required);
	expect([...new Set(required.map(({ name }) => name))].sort()).toEqual(['prompt', 'requestId']);
});

test('the editor takes the numbers that the node takes', () => {
	const options = parameters('generate').find(({ name }) => name === 'options')!;
	const fields = [...parameters('generate'), ...(options.options as INodeProperties[])];
	const ranges = fields
		.filter(({ type }) => type === 'number')
		.map(({ name, typeOptions }) => [name, typeOptions?.minValue, typeOptions?.maxValue]);
	expect(ranges).toEqual([
		['numberOfImages', 1, 10],
		['maxImages', 0, undefined],
		['maxTasksInFlight', 1, 100],
		['outputCompression', 0, 100],
		['pollInterval', 0, 3600],
		['timeout', 1, 86_400],
	]);
});

/** The fields and the options that the editor shows. */
function shown(operation: string, set: INodeParameters = {}): string[] {
	const values = { operation, waitForCompletion: true, downloadImages: true, ...set };
	const isShown = (property: INodeProperties, own: INodeParameters = values) =>
		NodeHelpers.displayParameter(own, property, null, description, values);
	return description.properties
		.filter((property) => isShown(property))
		.flatMap(({ name, type, options = [] }) =>
			type === 'collection'
				? (options as INodeProperties[]).filter((one) => isShown(one, {})).map((one) => one.name)
				: [name],
		);
}

describe('what is shown', () => {
	const create = ['operation', 'prompt', 'numberOfImages', 'size', 'quality', 'waitForCompletion'];
	const files = ['downloadImages', 'binaryPropertyName'];
	const waits = ['onTimeout', 'pollInterval', 'timeout'];
	const image = ['background', 'outputFormat', 'outputCompression', 'moderation', 'user'];
	const always = [...create, ...image, 'cancelOnStop', 'maxImages', 'maxTasksInFlight'];
	const fetch = ['operation', 'requestId', 'waitForCompletion', 'downloadImages'];

	test.each<[string, INodeParameters, string[]]>([
		['generate', {}, [...always, ...files, ...waits, 'imageOutput']],
		['generate', { downloadImages: false }, [...always, 'downloadImages', ...waits]],
		['generate', { waitForCompletion: false, downloadImages: false }, always],
		['getResult', {}, [...fetch, 'binaryPropertyName', ...waits, 'imageOutput', 'cancelOnStop']],
		['getResult', { downloadImages: false }, [...fetch, ...waits, 'cancelOnStop']],
		['getResult', { waitForCompletion: false }, [...fetch, 'binaryPropertyName', 'imageOutput']],
		['getStatus', {}, ['operation', 'requestId']],
		['cancel', {}, ['operation', 'requestId']],
	])('for %s with %j', (operation, set, names) => {
		expect(shown(operation, set).sort()).toEqual([...names].sort());
	});
});
