import { json } from 'node:stream/consumers';
import type { IDataObject } from 'n8n-workflow';
import { serve } from '../loopback';
import type { RunningN8n } from '../runningN8n';

interface Request {
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: { name: string; description: string; parameters: IDataObject } }>;
}

/**
 * Stands in for a chat model that speaks OpenAI's protocol: it asks for the one tool that it is
 * offered, and when the tool has answered it repeats what it got.
 */
export interface ChatModel {
	/** What the next conversation calls the tool with. */
	calls: IDataObject[];
	/** The tools that were offered in the last request. */
	tools: NonNullable<Request['tools']>;
	/** What the tool answered to each call, as the model gets to read it. */
	toolAnswers: string[];
}

/** A chat model for all tests of a file, behind each chat model of the workflows that n8n saves. */
export function useChatModel(n8n: RunningN8n): ChatModel {
	const model: ChatModel = { calls: [], tools: [], toolAnswers: [] };
	let stop: (() => Promise<void>) | undefined;
	beforeAll(async () => {
		const served = await serve(async (request, response) => {
			const asked = (await json(request)) as Request;
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(complete(model, asked)));
		});
		({ stop } = served);
		await n8n.addCredential('openAiApi', { apiKey: 'any', url: `${served.url}/v1` });
	});
	afterAll(async () => await stop?.());
	return model;
}

/** The response in OpenAI's words. */
function complete(model: ChatModel, { messages, tools = [] }: Request): object {
	model.tools = tools;
	model.toolAnswers = messages
		.filter(({ role }) => role === 'tool')
		.map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)));
	const tool_calls = model.calls.map((input, index) => ({
		id: `call_${index + 1}`,
		type: 'function',
		function: { name: tools[0]?.function.name, arguments: JSON.stringify(input) },
	}));
	const answered = model.toolAnswers.length > 0;
	const reply = answered
		? { content: `I got: ${model.toolAnswers.join('\n')}` }
		: { content: null, tool_calls };
	const message = { role: 'assistant', ...reply };
	return {
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 0,
		model: 'stub',
		choices: [{ index: 0, message, finish_reason: answered ? 'stop' : 'tool_calls' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}
