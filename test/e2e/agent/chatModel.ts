import { json } from 'node:stream/consumers';
import type { IDataObject } from 'n8n-workflow';
import type { Saved, WorkflowJson } from '../../n8n/client';
import { serve } from '../loopback';
import type { RunningN8n } from '../runningN8n';

interface Message {
	role: string;
	content: unknown;
}

interface Tool {
	function: { name: string; description: string; parameters: IDataObject };
}

/**
 * Stands in for a chat model that speaks OpenAI's protocol: it asks for the tool, and when the
 * tool has answered it repeats what it got.
 */
export class ChatModel {
	/** The tools that were offered in the last request. */
	tools: Tool[] = [];

	/** What the tools answered, as the model gets to read it. */
	toolAnswers: string[] = [];

	credential!: Saved;

	private wanted: IDataObject[] = [];

	/** The next conversation begins with these calls of the one tool that is offered. */
	willCall(...calls: IDataObject[]): void {
		this.wanted = calls;
	}

	/** The workflow with this model behind each of its chat models. */
	chosenIn(workflow: WorkflowJson): WorkflowJson {
		const { id, name } = this.credential;
		const nodes = workflow.nodes.map((node) =>
			node.type.endsWith('lmChatOpenAi')
				? { ...node, credentials: { openAiApi: { id, name } } }
				: node,
		);
		return { ...workflow, nodes };
	}

	/** What it answers, in OpenAI's words. */
	complete({ messages, tools = [] }: { messages: Message[]; tools?: Tool[] }): object {
		this.tools = tools;
		this.toolAnswers = messages
			.filter(({ role }) => role === 'tool')
			.map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)));
		const tool_calls = this.wanted.map((input, index) => ({
			id: `call_${index + 1}`,
			type: 'function',
			function: { name: tools[0]?.function.name, arguments: JSON.stringify(input) },
		}));
		const answered = this.toolAnswers.length > 0;
		const reply = answered
			? { content: `I got: ${this.toolAnswers.join('\n')}` }
			: { content: null, tool_calls };
		return {
			id: 'chatcmpl-1',
			object: 'chat.completion',
			created: 0,
			model: 'stub',
			choices: [
				{
					index: 0,
					message: { role: 'assistant', ...reply },
					finish_reason: answered ? 'stop' : 'tool_calls',
				},
			],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	}
}

/** A chat model for all tests of a file, and a credential for it. */
export function useChatModel(n8n: RunningN8n): ChatModel {
	const model = new ChatModel();
	let stop: (() => Promise<void>) | undefined;
	beforeAll(async () => {
		const served = await serve(async (request, response) => {
			const asked = (await json(request)) as Parameters<ChatModel['complete']>[0];
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(model.complete(asked)));
		});
		({ stop } = served);
		const data = { apiKey: 'any', url: `${served.url}/v1` };
		const credential = { name: 'Chat model on loopback', type: 'openAiApi', data };
		model.credential = await n8n.client.createCredential(credential);
	});
	afterAll(async () => await stop?.());
	return model;
}
