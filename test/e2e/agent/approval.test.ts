import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution, WorkflowJson } from '../../n8n/client';
import { exampleWorkflow, withCredential } from '../../n8n/trial';
import { useWorld } from '../world';
import { startChatModel } from './chatModel';
import type { ChatModel } from './chatModel';

const CHAT = 'When chat message received';
const ASK = 'Ask in the Chat';

/** A button of the message, as the chat window draws it. */
type Button = { text: string; link: string };
type Question = { text: string; buttons: Button[] };

/** The example in which a person approves the call of the tool before an image is paid for. */
describe('agent-with-approval', () => {
	const world = useWorld();
	let model: ChatModel;
	let openAi: { id: string; name: string };

	beforeAll(async () => {
		model = await startChatModel();
		openAi = await world.client.createCredential({
			name: 'Chat model that is approved of',
			type: 'openAiApi',
			data: { apiKey: 'any', url: model.url },
		});
	});
	afterAll(async () => await model.stop());

	/** The example as it is, but for the credentials and what is written in the chat. */
	function workflow(): WorkflowJson {
		const example = withCredential(exampleWorkflow('agent-with-approval'), world.credential);
		return {
			...example,
			nodes: example.nodes.map((node) =>
				node.type.endsWith('lmChatOpenAi')
					? { ...node, credentials: { openAiApi: { id: openAi.id, name: openAi.name } } }
					: node,
			),
			pinData: { [CHAT]: [{ json: { chatInput: 'Draw a fox', sessionId: 'one' } }] },
		};
	}

	/** The execution once the node of this name waits in it for an answer. */
	async function waiting(id: string, node: string): Promise<Execution> {
		for (let tries = 0; tries < 150; tries++) {
			const execution = await world.client.execution(id);
			const { status, data } = execution as Partial<Execution>;
			if (status === 'waiting' && data?.resultData.lastNodeExecuted === node) return execution;
			if (status === 'error' || status === 'success')
				throw new Error(
					`The execution has ended: ${status} ${data?.resultData.error?.message ?? ''}`,
				);
			await sleep(200);
		}
		throw new Error(`No answer was waited for at ${node}`);
	}

	/** What stands in the chat for the person to answer. */
	const questionIn = ({ data }: Execution): Question => {
		const [task] = data.resultData.runData[ASK]!.slice(-1);
		const output = Object.values(task!.data!)[0]![0]![0]!;
		return output.sendMessage as unknown as Question;
	};

	/** Starts the workflow and has the person click the button of this name. */
	async function answer(label: string): Promise<string> {
		model.willCall({ toolParameters: { prompt: 'A fox in the snow', size: '1536x1024' } });
		const { id } = await world.client.createWorkflow(workflow());
		const executionId = await world.client.runWorkflow(id, CHAT);
		const question = questionIn(await waiting(executionId, ASK));
		// What is asked says what would be paid for, and nothing has been until now.
		expect(question.text).toContain('A fox in the snow');
		expect(question.text).toContain('1536x1024');
		expect(world.emulator.requests).toEqual([]);
		expect(question.buttons.map(({ text }) => text).sort()).toEqual(['Generate', 'No']);

		const { link } = question.buttons.find(({ text }) => text === label)!;
		// n8n takes whoever names no browser for a program that only previews the link.
		const response = await fetch(link, { headers: { 'user-agent': 'Mozilla/5.0 Firefox/140.0' } });
		expect(response.status).toBe(200);
		await waiting(executionId, 'Reply in the Chat');
		return executionId;
	}

	test('approved: exactly one image is made, as it was asked for', async () => {
		await answer('Generate');
		expect(world.emulator.creates().map(({ body }) => body)).toEqual([
			{ prompt: 'A fox in the snow', size: '1536x1024' },
		]);
		const [task] = [...world.emulator.tasks.values()];
		expect(model.toolAnswers).toHaveLength(1);
		expect(model.toolAnswers[0]).toContain(task!.id);
		expect(model.toolAnswers[0]).toContain(`${world.emulator.imagesOrigin}/`);
	});

	test('denied: nothing is created, and the model is told so', async () => {
		await answer('No');
		expect(world.emulator.requests).toEqual([]);
		expect(model.toolAnswers).toHaveLength(1);
		expect(model.toolAnswers[0]).toMatch(/rejected the tool call/);
	});
});
