import type { IDataObject } from 'n8n-workflow';
import { itemsOf } from '../executions';
import { useN8n } from '../runningN8n';
import { inARow, node, startWith, SWIFTLY, to } from '../workflow';
import { useChatModel } from './chatModel';

const LANGCHAIN = '@n8n/n8n-nodes-langchain';
const TOOL = 'n8n-nodes-seaart-gpt-image-1.gptImage1Tool';

/** As the editor's "let the model define this parameter" writes it. */
const fromModel = (name: string, description: string) =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${name}', \`${description}\`, 'string') }}`;

describe.each([2.2, 3.1])('As the tool of an AI Agent (version %s)', (typeVersion) => {
	const n8n = useN8n();
	const model = useChatModel(n8n);

	/** Has the model call the tool; the agent's answer. */
	async function answerTo(...calls: IDataObject[]): Promise<string> {
		model.calls = calls;
		const { trigger, pinData } = startWith([{ chatInput: 'Draw me an apple' }]);
		const text = '={{ $json.chatInput }}';
		const agent = node(
			'Agent',
			`${LANGCHAIN}.agent`,
			{ promptType: 'define', text, options: {} },
			{ typeVersion },
		);
		const id = { __rl: true, mode: 'id', value: 'stub' };
		const chat = node(
			'Chat Model',
			`${LANGCHAIN}.lmChatOpenAi`,
			{ model: id, responsesApiEnabled: false, options: {} },
			{ typeVersion: 1.3 },
		);
		const tool = node('Image Tool', TOOL, {
			prompt: fromModel('Prompt', 'What the image shows'),
			size: fromModel('Size', 'auto, 1024x1024, 1024x1536 or 1536x1024'),
			options: SWIFTLY,
		});
		const execution = await n8n.run({
			name: `Agent ${typeVersion}`,
			nodes: [trigger, agent, chat, tool],
			connections: {
				...inARow(trigger, agent),
				[chat.name]: { ai_languageModel: [[to(agent, 'ai_languageModel')]] },
				[tool.name]: { ai_tool: [[to(agent, 'ai_tool')]] },
			},
			pinData,
		});
		expect(execution.data.resultData.error).toBeUndefined();
		return String(itemsOf(execution, 'Agent')[0]?.json.output);
	}

	test('the agent gets compact JSON with the URL and the request id, and no file', async () => {
		const { emulator } = n8n;
		const answer = await answerTo({ Prompt: 'a red apple', Size: '1024x1536' });

		// What the model is told: what the tool does, and what it may fill in.
		const [tool] = model.tools;
		expect(tool!.function.description).toMatch(/image/i);
		expect(Object.keys(tool!.function.parameters.properties as object)).toEqual(['Prompt', 'Size']);
		const body = { prompt: 'a red apple', size: '1024x1536' };
		expect(emulator.creates().map((create) => create.body)).toEqual([body]);
		expect(emulator.downloads()).toHaveLength(0);
		const [task] = [...emulator.tasks.values()];
		expect(JSON.parse(model.toolAnswers[0]!)[0]).toMatchObject({
			request_id: task!.id,
			state: 'succeeded',
			url: `${emulator.imagesOrigin}${task!.images[0]!.path}`,
		});
		expect(model.toolAnswers[0]!.length).toBeLessThan(600);
		expect(answer).toContain(task!.id);
	});

	test('two calls with the same prompt in one execution are two tasks', async () => {
		const call = { Prompt: 'a red apple', Size: 'auto' };
		await answerTo(call, call);
		expect(n8n.emulator.creates()).toHaveLength(2);
		expect(model.toolAnswers).toHaveLength(2);
		for (const id of n8n.emulator.tasks.keys())
			expect(model.toolAnswers.filter((answer) => answer.includes(id))).toHaveLength(1);
	});

	test('a failure reaches the model in words, with the request id and what to do', async () => {
		await answerTo(
			{ Prompt: 'something [failsWithContentBlocked]', Size: 'auto' },
			{ Prompt: 'a red apple', Size: 'huge' },
		);
		expect(n8n.emulator.creates()).toHaveLength(1);
		const [id] = [...n8n.emulator.tasks.keys()];
		const errors = model.toolAnswers.map((answer) => JSON.parse(answer)[0].error);
		expect(errors[0]).toEqual({
			message: `Task ${id} was blocked by the safety policy (CONTENT_BLOCKED) [item 0]`,
			description: expect.stringContaining("Change 'Prompt'"),
			request_id: id,
			state: 'failed',
			error_type: 'CONTENT_BLOCKED',
		});
		expect(errors[1].message).toContain("'Size' must be one of auto, 1024x1024");
	});
});
