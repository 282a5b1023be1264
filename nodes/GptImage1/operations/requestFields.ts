import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** How a parameter becomes a field of the create's body. */

const NAMES: Record<string, string> = {
	'1024x1024': 'Square (1024 x 1024)',
	'1024x1536': 'Portrait (1024 x 1536)',
	'1536x1024': 'Landscape (1536 x 1024)',
	jpeg: 'JPEG',
	png: 'PNG',
	webp: 'WebP',
};

/** The service's own list as options, by the names that people know. */
export const optionsFor = (values: readonly string[]): INodePropertyOptions[] =>
	values.map((value) => ({
		name: NAMES[value] ?? `${value.charAt(0).toUpperCase()}${value.slice(1)}`,
		value,
	}));

/** Where a field goes in the request body. */
export const inBody = (property: string): NonNullable<INodeProperties['routing']> => ({
	send: { type: 'body', property },
});
