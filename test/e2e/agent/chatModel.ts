import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject } from 'n8n-workflow';

interface Message {
	role: string;
	content: unknown;
	tool_call_id?: string;
}

interface Tool {
	function: { name: string; description: string; parameters: IDataObject };
}

export interface ChatModel {
	/** What belongs into an OpenAI credential as the base URL. */
	url: string;
	/** The tools that were offered in the last request. */
	readonly tools: Tool[];
	/** What the tools answered, as the model gets to read it. */
	readonly toolAnswers: string[];
	/** The next conversation begins with these calls of the one tool that is offered. */
	willCall(...calls: IDataObject[]): void;
	stop(): Promise<void>;
}

/**
 * Stands in for a chat model that speaks OpenAI's protocol: it asks for the tool, and when the
 * tool has answered it repeats what it got.
 */
export async function startChatModel(): Promise<ChatModel> {
	let wanted: IDataObject[] = [];
	let tools: Tool[] = [];
	let toolAnswers: string[] = [];

	const reply = (messages: Message[]) => {
		toolAnswers = messages
			.filter(({ role }) => role === 'tool')
			.map(({ content }) => text(content));
		if (toolAnswers.length > 0) return { content: `I got: ${toolAnswers.join('\n')}` };
		const name = tools[0]?.function.name;
		const toolCalls = wanted.map((input, index) => ({
			id: `call_${index + 1}`,
			type: 'function',
			function: { name, arguments: JSON.stringify(input) },
		}));
		return { content: null, tool_calls: toolCalls };
	};

	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			const asked = JSON.parse(body) as { messages: Message[]; tools?: Tool[] };
			tools = asked.tools ?? [];
			const message = { role: 'assistant', ...reply(asked.messages) };
			const finish_reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(
				JSON.stringify({
					id: 'chatcmpl-1',
					object: 'chat.completion',
					created: 0,
					model: 'stand-in',
					choices: [{ index: 0, message, finish_reason }],
					usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
				}),
			);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		get tools() {
			return tools;
		},
		get toolAnswers() {
			return toolAnswers;
		},
		willCall: (...calls) => void (wanted = calls),
		stop: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

const text = (content: unknown) =>
	typeof content === 'string' ? content : JSON.stringify(content);
