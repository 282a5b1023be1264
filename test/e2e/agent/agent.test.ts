import type { INodeParameters } from 'n8n-workflow';
import type { WorkflowJson } from '../../n8n/client';
import { itemsOf } from '../executions';
import { inARow, node, startWith, SWIFTLY } from '../workflow';
import { useN8n } from '../runningN8n';
import { useChatModel } from './chatModel';

const LANGCHAIN = '@n8n/n8n-nodes-langchain';
const TOOL = 'n8n-nodes-seaart-gpt-image-1.gptImage1Tool';

/** As the editor's "let the model define this parameter" writes it. */
const fromModel = (name: string, description: string) =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${name}', \`${description}\`, 'string') }}`;

describe.each([2.2, 3.1])('As the tool of an AI Agent (version %s)', (version) => {
	const n8n = useN8n();
	const model = useChatModel(n8n);

	function agentWorkflow(parameters: INodeParameters = {}): WorkflowJson {
		const { trigger, pinData } = startWith([{ chatInput: 'Draw me an apple' }]);
		const agent = node(
			'Agent',
			`${LANGCHAIN}.agent`,
			{ promptType: 'define', text: '={{ $json.chatInput }}', options: {} },
			{ typeVersion: version },
		);
		const chat = node(
			'Chat Model',
			`${LANGCHAIN}.lmChatOpenAi`,
			{
				model: { __rl: true, mode: 'id', value: 'stub' },
				responsesApiEnabled: false,
				options: {},
			},
			{ typeVersion: 1.3 },
		);
		const tool = node('Image Tool', TOOL, {
			prompt: fromModel('Prompt', 'What the image shows'),
			size: fromModel('Size', 'auto, 1024x1024, 1024x1536 or 1536x1024'),
			...parameters,
			options: SWIFTLY,
		});
		const into = (type: string) => ({ [type]: [[{ node: agent.name, type, index: 0 }]] });
		return model.chosenIn({
			name: `Agent ${version}`,
			nodes: [trigger, agent, chat, tool],
			connections: {
				...inARow(trigger, agent),
				[chat.name]: into('ai_languageModel'),
				[tool.name]: into('ai_tool'),
			} as WorkflowJson['connections'],
			pinData,
		});
	}

	const answerOf = async (workflow: WorkflowJson) => {
		const execution = await n8n.run(workflow);
		expect(execution.data.resultData.error).toBeUndefined();
		return String(itemsOf(execution, 'Agent')[0]?.json.output);
	};

	test('the agent gets compact JSON with the URL and the request id, and no file', async () => {
		const { emulator } = n8n;
		model.willCall({ Prompt: 'a red apple', Size: '1024x1536' });
		const answer = await answerOf(agentWorkflow());

		expect(emulator.creates().map(({ body }) => body)).toEqual([
			{ prompt: 'a red apple', size: '1024x1536' },
		]);
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

	test('the model is told what the tool does and what it may fill in', async () => {
		model.willCall({ Prompt: 'a red apple', Size: 'auto' });
		await answerOf(agentWorkflow());
		const [tool] = model.tools;
		expect(tool!.function.description).toMatch(/image/i);
		expect(Object.keys(tool!.function.parameters.properties as object)).toEqual(['Prompt', 'Size']);
	});

	test('two calls with the same prompt in one execution are two tasks', async () => {
		const call = { Prompt: 'a red apple', Size: 'auto' };
		model.willCall(call, call);
		await answerOf(agentWorkflow());
		expect(n8n.emulator.creates()).toHaveLength(2);
		expect(model.toolAnswers).toHaveLength(2);
		for (const id of n8n.emulator.tasks.keys())
			expect(model.toolAnswers.filter((answer) => answer.includes(id))).toHaveLength(1);
	});

	test('a failure reaches the model in words, with the request id and what to do', async () => {
		model.willCall({ Prompt: 'something [failsWithContentBlocked]', Size: 'auto' });
		await answerOf(agentWorkflow());
		const [id] = [...n8n.emulator.tasks.keys()];
		const [{ error }] = JSON.parse(model.toolAnswers[0]!);
		expect(error).toEqual({
			message: `Task ${id} was blocked by the safety policy (CONTENT_BLOCKED) [item 0]`,
			description: expect.stringContaining("Change 'Prompt'"),
			request_id: id,
			state: 'failed',
			error_type: 'CONTENT_BLOCKED',
		});
	});

	test('a parameter that cannot be: the model reads which, and nothing is created', async () => {
		model.willCall({ Prompt: 'a red apple', Size: 'huge' });
		await answerOf(agentWorkflow());
		const [{ error }] = JSON.parse(model.toolAnswers[0]!);
		expect(error.message).toContain("'Size' must be one of auto, 1024x1024");
		expect(n8n.emulator.creates()).toHaveLength(0);
	});
});
