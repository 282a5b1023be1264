import type { INodeParameters, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { GptImage1 } from '../../nodes/GptImage1/GptImage1.node';

/**
 * Names, values and defaults of the parameters. Users' workflows are saved with the names and the values,
 * and without what is left at its default: a change of any breaks or changes them.
 */

const { description } = new GptImage1();

/** The fields that the editor shows, and in a collection the options. */
function shown(operation: string, set: INodeParameters = {}): INodeProperties[] {
	const values = { operation, waitForCompletion: true, downloadImages: true, ...set };
	const isShown = (property: INodeProperties, own: INodeParameters) =>
		NodeHelpers.displayParameter(own, property, null, description, values);
	return description.properties
		.filter((property) => isShown(property, values))
		.map((field) => {
			if (field.type !== 'collection') return field;
			const options = field.options as INodeProperties[];
			return { ...field, options: options.filter((option) => isShown(option, {})) };
		});
}

/** By name: the default, and the values or the range that the editor takes. */
function surface(properties: INodeProperties[]): Record<string, unknown> {
	const told = ({ type, default: byDefault, options = [], typeOptions }: INodeProperties) => {
		if (type === 'number') return [byDefault, typeOptions?.minValue, typeOptions?.maxValue];
		if (type === 'collection') return surface(options as INodeProperties[]);
		if (type !== 'options') return byDefault;
		return values(byDefault, ...options.map((one) => (one as INodePropertyOptions).value));
	};
	return Object.fromEntries(properties.map((property) => [property.name, told(property)]));
}

const values = (byDefault: unknown, ...all: unknown[]) => ({ values: all, byDefault });

test('the node and its credential', () => {
	expect(description).toMatchObject({
		...{ name: 'gptImage1', displayName: 'SeaArt GPT Image 1', version: 1, usableAsTool: true },
		...{ inputs: ['main'], outputs: ['main'] },
		credentials: [{ name: 'seaArtApi', required: true }],
	});
	// An expression that yields another operation would call the bare base URL.
	expect(description.properties[0]).toMatchObject({ name: 'operation', noDataExpression: true });
});

// n8n evaluates the value once for every property of a name, shown or not, before it starts any item.
test.each(['requestId', 'prompt'])('an expression in %s is evaluated once an item', (parameter) => {
	expect(description.properties.filter(({ name }) => name === parameter)).toHaveLength(1);
});

const OPERATION = values('generate', 'generate', 'getStatus', 'getResult', 'cancel');
const DELIVERY = { waitForCompletion: true, downloadImages: true, binaryPropertyName: 'data' };
const WAIT = {
	onTimeout: values('fail', 'cancel', 'fail', 'returnTask'),
	pollInterval: [0, 0, 3600],
	timeout: [600, 1, 86_400],
	cancelOnStop: true,
	imageOutput: values('itemPerImage', 'itemPerImage', 'singleItem'),
};
const GENERATE = {
	prompt: '',
	numberOfImages: [1, 1, 10],
	size: values('auto', 'auto', '1024x1024', '1024x1536', '1536x1024'),
	quality: values('auto', 'auto', 'high', 'low', 'medium'),
	...DELIVERY,
	options: {
		background: values('auto', 'auto', 'opaque', 'transparent'),
		outputFormat: values('png', 'jpeg', 'png', 'webp'),
		outputCompression: [100, 0, 100],
		moderation: values('auto', 'auto', 'low'),
		user: '',
		maxImages: [0, 0, undefined],
		maxTasksInFlight: [10, 1, 100],
		...WAIT,
	},
};

test.each<[string, object]>([
	['generate', GENERATE],
	['getResult', { requestId: '', ...DELIVERY, options: WAIT }],
	['getStatus', { requestId: '' }],
	['cancel', { requestId: '' }],
])('the parameters of %s', (operation, expected) => {
	expect(surface(shown(operation))).toEqual({ operation: OPERATION, ...expected });
});

const FILES = ['binaryPropertyName', 'imageOutput'];
const NO_IMAGES = { waitForCompletion: false, downloadImages: false };
const WAITS = ['onTimeout', 'pollInterval', 'timeout'];

test.each<[string, INodeParameters, string[]]>([
	['generate', { downloadImages: false }, FILES],
	['generate', NO_IMAGES, ['downloadImages', ...FILES, ...WAITS]],
	['getResult', { downloadImages: false }, FILES],
	['getResult', { waitForCompletion: false }, ['cancelOnStop', ...WAITS]],
])('for %s, %j hides %j', (operation, set, hidden) => {
	const names = (properties: INodeProperties[]): string[] =>
		properties.flatMap(({ name, type, options }) =>
			type === 'collection' ? names(options as INodeProperties[]) : [name],
		);
	const left = names(shown(operation, set));
	expect([...left, ...hidden].sort()).toEqual(names(shown(operation)).sort());
});

test('only what cannot be left empty is required', () => {
	const required = description.properties.filter((property) => property.required);
	expect([...new Set(required.map(({ name }) => name))].sort()).toEqual(['prompt', 'requestId']);
});
