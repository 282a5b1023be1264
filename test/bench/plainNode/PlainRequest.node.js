/**
 * What n8n itself costs: a declarative node that only sends the request. It has as many routed
 * fields as ours and the same base URL, and its responses become items as n8n makes them.
 */
const FIELDS = { prompt: '', n: 1, size: 'auto', quality: 'auto' };
const FORMAT = { output_compression: 100, output_format: 'png' };
const OPTIONS = { background: 'auto', moderation: 'auto', ...FORMAT, user: '' };

const QUEUE = '/v1/queue/gpt_image_1';
const STATUS = `=${QUEUE}/requests/{{ $parameter.requestId }}/status`;

const field = (name, type, value, more) => ({
	displayName: name,
	name,
	type,
	default: value,
	...more,
});

const routed = (values) =>
	Object.entries(values).map(([name, value]) =>
		field(name, typeof value, value, { routing: { send: { type: 'body', property: name } } }),
	);

const shownFor = (operation) => ({ displayOptions: { show: { operation: [operation] } } });

const operation = (value, method, url) => ({
	name: value,
	value,
	routing: { request: { method, url } },
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
			field('operation', 'options', 'generate', {
				noDataExpression: true,
				options: [operation('generate', 'POST', QUEUE), operation('getStatus', 'GET', STATUS)],
			}),
			...[...routed(FIELDS), field('options', 'collection', {}, { options: routed(OPTIONS) })].map(
				(one) => ({ ...one, ...shownFor('generate') }),
			),
			field('requestId', 'string', '', shownFor('getStatus')),
		],
	};
}

module.exports = { PlainRequest };
