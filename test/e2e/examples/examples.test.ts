import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/trial';
import { useChatModel } from '../agent/chatModel';
import { itemsOf } from '../executions';
import { useN8n } from '../runningN8n';
import { call, publish } from '../webhooks';

const CLICK = 'When clicking ‘Execute workflow’';
const IMAGES = 'SeaArt GPT Image 1';

/** The importable examples of the README, each run as it is, but for the credential chosen in it. */
describe('The example workflow', () => {
	const n8n = useN8n({ progress: { byTime: 800 } });
	const model = useChatModel(n8n);

	const run = async (workflow: WorkflowJson, trigger = CLICK) => {
		const { client } = n8n;
		const { id } = await n8n.save(workflow);
		const execution = await client.waitForExecution(await client.runWorkflow(id, trigger));
		expect(execution.data.resultData.error).toBeUndefined();
		return execution;
	};

	const isPng = (bytes: Buffer) => expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');

	test('first-image puts out a picture', async () => {
		const [item] = itemsOf(await run(exampleWorkflow('first-image')), IMAGES);
		isPng(await n8n.client.binary(item!.binary!.data!));
	});

	test('prompt-sheet: one image each, and a failed prompt with its reason', async () => {
		const sheet = JSON.stringify(exampleWorkflow('prompt-sheet'));
		const blocked = sheet.replace('A red bicycle', '$& [failsWithContentBlocked]');
		const execution = await run(JSON.parse(blocked) as WorkflowJson);
		expect(itemsOf(execution, 'Images')).toHaveLength(2);
		const [failed, ...others] = itemsOf(execution, 'Prompts That Failed');
		expect(others).toEqual([]);
		expect(failed!.json).toMatchObject({
			prompt: 'A red bicycle [failsWithContentBlocked] leaning on a white wall',
			why: expect.stringContaining('CONTENT_BLOCKED'),
			what_to_do: expect.stringContaining("Change 'Prompt'"),
			request_id: expect.stringMatching(/^mmsu_/),
		});
	});

	test('sizes-in-one-item: three sizes of one prompt, gathered in one item', async () => {
		const [item, ...others] = itemsOf(
			await run(exampleWorkflow('sizes-in-one-item')),
			'All in One Item',
		);
		expect(others).toEqual([]);
		expect(Object.keys(item!.binary!).sort()).toEqual([
			'image_1024x1024',
			'image_1024x1536',
			'image_1536x1024',
		]);
		expect(Object.values(item!.binary!).map(({ mimeType }) => mimeType)).toEqual(
			Array(3).fill('image/webp'),
		);
	});

	test('create-now-collect-later: the id alone brings the image', async () => {
		const execution = await run(exampleWorkflow('create-now-collect-later'));
		const [item] = itemsOf(execution, 'Collect the Image');
		isPng(await n8n.client.binary(item!.binary!.data!));
		expect(n8n.emulator.creates()).toHaveLength(1);
	});

	test('product-picture-webhook: returns the image or the reason, to callers with the secret', async () => {
		const workflow = await publish(n8n, exampleWorkflow('product-picture-webhook'));
		try {
			const answer = await call(workflow, { product: 'a mug' });
			expect(answer.headers.get('content-type')).toBe('image/png');
			isPng(Buffer.from(await answer.arrayBuffer()));
			expect(n8n.emulator.creates().at(-1)?.body).toMatchObject({ background: 'transparent' });

			const creates = n8n.emulator.creates().length;
			for (const secret of [{}, { 'x-api-key': 'a guess' }] as Array<Record<string, string>>)
				expect((await call(workflow, { product: 'a mug' }, secret)).status).toBe(403);
			expect(n8n.emulator.creates()).toHaveLength(creates);

			const refused = await call(workflow, { product: 'a mug [failsWithContentBlocked]' });
			expect(refused.status).toBe(502);
			expect(await refused.json()).toMatchObject({
				error: expect.stringContaining('CONTENT_BLOCKED'),
			});
		} finally {
			await n8n.client.deactivateWorkflow(workflow.id);
		}
	});

	test('agent-with-tool: the agent draws and tells the address', async () => {
		model.willCall({ prompt: 'A fox in the snow', size: '1536x1024' });
		const chat = 'When chat message received';
		const workflow = {
			...model.chosenIn(exampleWorkflow('agent-with-tool')),
			pinData: { [chat]: [{ json: { chatInput: 'Draw a fox', sessionId: 'one' } }] },
		};
		const [item] = itemsOf(await run(workflow, chat), 'AI Agent');
		expect(n8n.emulator.creates().map(({ body }) => body)).toEqual([
			{ prompt: 'A fox in the snow', size: '1536x1024' },
		]);
		expect(String(item!.json.output)).toContain(`${n8n.emulator.imagesOrigin}/`);
	});
});
