import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { operations } from './operations';
import { BASE_URL } from './task/contract';

export class GptImage1 implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'SeaArt GPT Image 1',
		name: 'gptImage1',
		icon: { light: 'file:gptImage1.svg', dark: 'file:gptImage1.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{$parameter["operation"]}}',
		description: 'Generate images from a text prompt with GPT Image 1 on SeaArt Cloud',
		defaults: { name: 'SeaArt GPT Image 1' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'seaArtApi', required: true }],
		requestDefaults: {
			// The credential puts its own in its place, together with the key.
			baseURL: BASE_URL,
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
		},
		properties: operations,
	};
}
