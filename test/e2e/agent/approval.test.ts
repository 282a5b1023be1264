import type { Execution } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/demo';
import { whenWaitsAt } from '../executions';
import { useN8n } from '../runningN8n';
import { useChatModel } from './chatModel';

const CHAT = 'When chat message received';
const ASK = 'Ask in the Chat';

/** A button of the message, as the chat window draws it. */
type Button = { text: string; link: string };
type Question = { text: string; buttons: Button[] };

/** The example in which a person approves the call of the tool before an image is paid for. */
describe('agent-with-approval', () => {
	const n8n = useN8n();
	const model = useChatModel(n8n);

	/** What stands in the chat for the person to answer. */
	const questionIn = ({ data }: Execution): Question => {
		const [task] = data.resultData.runData[ASK]!.slice(-1);
		const output = Object.values(task!.data!)[0]![0]![0]!;
		return output.sendMessage as unknown as Question;
	};

	/** Starts the workflow and has the person click the button of this name. */
	async function answer(label: string): Promise<string> {
		model.willCall({ toolParameters: { prompt: 'A fox in the snow', size: '1536x1024' } });
		const { id } = await n8n.save({
			...model.chosenIn(exampleWorkflow('agent-with-approval')),
			pinData: { [CHAT]: [{ json: { chatInput: 'Draw a fox', sessionId: 'one' } }] },
		});
		const executionId = await n8n.client.runWorkflow(id, CHAT);
		const question = questionIn(await whenWaitsAt(n8n.client, executionId, ASK));
		// What is asked says what would be paid for, and nothing has been until now.
		expect(question.text).toContain('A fox in the snow');
		expect(question.text).toContain('1536x1024');
		expect(n8n.emulator.requests).toEqual([]);
		expect(question.buttons.map(({ text }) => text).sort()).toEqual(['Generate', 'No']);

		const { link } = question.buttons.find(({ text }) => text === label)!;
		// n8n takes whoever names no browser for a program that only previews the link.
		const response = await fetch(link, { headers: { 'user-agent': 'Mozilla/5.0 Firefox/140.0' } });
		expect(response.status).toBe(200);
		await whenWaitsAt(n8n.client, executionId, 'Reply in the Chat');
		return executionId;
	}

	test('approved: exactly one image is made, as it was asked for', async () => {
		await answer('Generate');
		expect(n8n.emulator.creates().map(({ body }) => body)).toEqual([
			{ prompt: 'A fox in the snow', size: '1536x1024' },
		]);
		const [task] = [...n8n.emulator.tasks.values()];
		expect(model.toolAnswers).toHaveLength(1);
		expect(model.toolAnswers[0]).toContain(task!.id);
		expect(model.toolAnswers[0]).toContain(`${n8n.emulator.imagesOrigin}/`);
	});

	test('denied: nothing is created, and the model is told so', async () => {
		await answer('No');
		expect(n8n.emulator.requests).toEqual([]);
		expect(model.toolAnswers).toHaveLength(1);
		expect(model.toolAnswers[0]).toMatch(/rejected the tool call/);
	});
});
