import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { operations } from './operations';
import { hints } from './operations/hints';

export class GptImage1 implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'SeaArt GPT Image 1',
		name: 'gptImage1',
		icon: { light: 'file:gptImage1.svg', dark: 'file:gptImage1.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ { generate: "Generate", getStatus: "Get Status", getResult: "Get Result", cancel: "Cancel" }[$parameter["operation"]] }}',
		description: 'Generate images from a text prompt with GPT Image 1 on SeaArt Cloud',
		defaults: { name: 'SeaArt GPT Image 1' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'seaArtApi', required: true }],
		requestDefaults: {
			// No constant: n8n decides by it to which hosts a credential may go that the user has closed
			// ("Allowed HTTP Request Domains").
			baseURL: '={{$credentials.baseUrl}}',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
		},
		hints,
		builderHint: {
			searchHint:
				'Generates images from a text prompt and returns them as binary data. It waits for the task by itself: add no Wait, IF, or loop for polling, and no HTTP Request to download the images.',
		},
		properties: operations,
	};
}
