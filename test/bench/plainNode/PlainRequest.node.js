/**
 * What n8n itself costs: a declarative node that only sends the request. It has as many routed
 * fields as ours and the same base URL, and its responses become items as n8n makes them.
 */
const shownFor = (operation) => ({ show: { operation: [operation] } });

const routed = (name, property, value) => ({
	displayName: name,
	name,
	type: 'string',
	default: value,
	routing: { send: { type: 'body', property } },
});

class PlainRequest {
	description = {
		displayName: 'Plain Request',
		name: 'plainRequest',
		group: ['transform'],
		version: 1,
		description: 'Sends one request an item',
		defaults: { name: 'Plain Request' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'seaArtApi', required: true }],
		requestDefaults: {
			baseURL: '={{$credentials.baseUrl}}',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
		},
		properties: [
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
						routing: { request: { method: 'POST', url: '/v1/queue/gpt_image_1' } },
					},
					{
						name: 'Get Status',
						value: 'getStatus',
						routing: {
							request: {
								method: 'GET',
								url: '=/v1/queue/gpt_image_1/requests/{{ $parameter.requestId }}/status',
							},
						},
					},
				],
			},
			...[
				routed('prompt', 'prompt', ''),
				{ ...routed('numberOfImages', 'n', 1), type: 'number' },
				routed('size', 'size', 'auto'),
				routed('quality', 'quality', 'auto'),
				{
					displayName: 'Options',
					name: 'options',
					type: 'collection',
					default: {},
					options: [
						routed('background', 'background', 'auto'),
						routed('moderation', 'moderation', 'auto'),
						{ ...routed('outputCompression', 'output_compression', 100), type: 'number' },
						routed('outputFormat', 'output_format', 'png'),
						routed('user', 'user', ''),
					],
				},
			].map((field) => ({ ...field, displayOptions: shownFor('generate') })),
			{
				displayName: 'Request ID',
				name: 'requestId',
				type: 'string',
				default: '',
				displayOptions: shownFor('getStatus'),
			},
		],
	};
}

module.exports = { PlainRequest };
