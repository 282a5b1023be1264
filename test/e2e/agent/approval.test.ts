import { exampleWorkflow } from '../../n8n/demo';
import { runsOf, whenWaitsAt } from '../executions';
import { useN8n } from '../runningN8n';
import { useChatModel } from './chatModel';

const CHAT = 'When chat message received';
const ASK = 'Ask in the Chat';
const CALL = { prompt: 'A fox in the snow', size: '1536x1024' };

/** What stands in the chat for the person to answer. */
type Question = { text: string; buttons: Array<{ text: string; link: string }> };

/** The example in which a person approves the call of the tool before an image is paid for. */
describe('agent-with-approval', () => {
	const n8n = useN8n();
	const model = useChatModel(n8n);

	test.each([
		{ label: 'Generate', bodies: [CALL] },
		{ label: 'No', bodies: [] },
	])('"$label": an image is made only when approved', async ({ label, bodies }) => {
		const { client, emulator } = n8n;
		model.calls = [{ toolParameters: CALL }];
		const workflow = await n8n.save(exampleWorkflow('agent-with-approval'));
		const json = { chatInput: 'Draw a fox', sessionId: 'one' };
		const executionId = await client.runWorkflow(workflow.id, CHAT, json);
		const asking = await whenWaitsAt(client, executionId, ASK);
		const [outputs] = Object.values(runsOf(asking, ASK).at(-1)!.data!);
		const { text, buttons } = outputs![0]![0]!.sendMessage as unknown as Question;
		// What is asked says what would be paid for, and nothing has been until now.
		expect(text).toContain(CALL.prompt);
		expect(text).toContain(CALL.size);
		expect(emulator.requests).toEqual([]);
		expect(buttons.map((button) => button.text).sort()).toEqual(['Generate', 'No']);

		const { link } = buttons.find((button) => button.text === label)!;
		// n8n takes whoever names no browser for a program that only previews the link.
		const response = await fetch(link, { headers: { 'user-agent': 'Mozilla/5.0 Firefox/140.0' } });
		expect(response.status).toBe(200);
		await whenWaitsAt(client, executionId, 'Reply in the Chat');
		expect(emulator.creates().map(({ body }) => body)).toEqual(bodies);
		const [id = 'rejected the tool call'] = [...emulator.tasks.keys()];
		expect(model.toolAnswers).toEqual([expect.stringContaining(id)]);
	});
});
