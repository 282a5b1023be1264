import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Saved, WorkflowJson } from '../../n8n/client';
import { exampleWorkflow, withCredential } from '../../n8n/trial';
import { startChatModel } from '../agent/chatModel';
import { SECRET, withSecret } from '../headerAuth';
import { rowsOf } from '../rows';
import { session } from '../session';
import { useWorld } from '../world';

const FOLDER = resolve(__dirname, '..', '..', 'examples');

const CLICK = 'When clicking ‘Execute workflow’';
const IMAGES = 'SeaArt GPT Image 1';

/** The importable examples of the README, each run as it is, but for the credential chosen in it. */
describe('The example workflow', () => {
	const world = useWorld({ progress: { byTime: 800 } });

	const save = async (name: string, change = (workflow: WorkflowJson) => workflow) => {
		const example = change(withCredential(exampleWorkflow(name), world.credential));
		return await world.client.createWorkflow(await withSecret(world.client, example));
	};

	const run = async ({ id }: Saved, trigger = CLICK) => {
		const { client } = world;
		const execution = await client.waitForExecution(await client.runWorkflow(id, trigger));
		expect(execution.data.resultData.error).toBeUndefined();
		return execution;
	};

	const isPng = (bytes: Buffer) => expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');

	test.each(readdirSync(FOLDER))('%s has no credential, id or private address inside', (file) => {
		const text = readFileSync(join(FOLDER, file), 'utf8');
		expect(text).not.toMatch(/"credentials"|mmsu_|127\.0\.0\.1|localhost|192\.168|apiKey/);
	});

	test('first-image puts out a picture', async () => {
		const [row] = rowsOf(await run(await save('first-image')), IMAGES);
		isPng(await world.client.binary(row!.binary!.data!));
	});

	test('prompt-sheet: one image each, and a failed prompt with its reason', async () => {
		const blocked = '"A red bicycle [failsWithContentBlocked]"';
		const workflow = await save('prompt-sheet', (example) => {
			const text = JSON.stringify(example).replace(
				/\\"A red bicycle[^"]*\\"/,
				(found) => found && JSON.stringify(blocked).slice(1, -1),
			);
			return JSON.parse(text) as WorkflowJson;
		});
		const execution = await run(workflow);
		expect(rowsOf(execution, 'Images')).toHaveLength(2);
		const [failed, ...others] = rowsOf(execution, 'Prompts That Failed');
		expect(others).toEqual([]);
		expect(failed!.json).toMatchObject({
			prompt: 'A red bicycle [failsWithContentBlocked]',
			why: expect.stringContaining('CONTENT_BLOCKED'),
			what_to_do: expect.stringContaining("Change 'Prompt'"),
			request_id: expect.stringMatching(/^mmsu_/),
		});
	});

	test('sizes-in-one-item: three sizes of one prompt, gathered in one item', async () => {
		const [row, ...others] = rowsOf(await run(await save('sizes-in-one-item')), 'All in One Item');
		expect(others).toEqual([]);
		expect(Object.keys(row!.binary!).sort()).toEqual([
			'image_1024x1024',
			'image_1024x1536',
			'image_1536x1024',
		]);
		expect(Object.values(row!.binary!).map(({ mimeType }) => mimeType)).toEqual(
			Array(3).fill('image/webp'),
		);
	});

	test('create-now-collect-later: the id alone brings the image', async () => {
		const execution = await run(await save('create-now-collect-later'));
		const [row] = rowsOf(execution, 'Collect the Image');
		isPng(await world.client.binary(row!.binary!.data!));
		expect(world.emulator.creates()).toHaveLength(1);
	});

	test('product-picture-webhook: returns the image or the reason, to callers with the secret', async () => {
		const { id } = await save('product-picture-webhook');
		const post = async (product: string, secret: Record<string, string> = SECRET) =>
			await fetch(`${session().url}/webhook/product-picture`, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...secret },
				body: JSON.stringify({ product }),
			});
		await world.client.activateWorkflow(id);
		try {
			// A webhook answers some moments after its activation.
			let answer = await post('a mug');
			for (let tries = 0; answer.status === 404 && tries < 60; tries++) {
				await new Promise((later) => setTimeout(later, 500));
				answer = await post('a mug');
			}
			expect(answer.headers.get('content-type')).toBe('image/png');
			isPng(Buffer.from(await answer.arrayBuffer()));
			expect(world.emulator.creates().at(-1)?.body).toMatchObject({ background: 'transparent' });

			const creates = world.emulator.creates().length;
			for (const secret of [{}, { 'x-api-key': 'a guess' }] as Array<Record<string, string>>)
				expect((await post('a mug', secret)).status).toBe(403);
			expect(world.emulator.creates()).toHaveLength(creates);

			const refused = await post('a mug [failsWithContentBlocked]');
			expect(refused.status).toBe(502);
			expect(await refused.json()).toMatchObject({
				error: expect.stringContaining('CONTENT_BLOCKED'),
			});
		} finally {
			await world.client.deactivateWorkflow(id);
		}
	});

	test('agent-with-tool: the agent draws and tells the address', async () => {
		const model = await startChatModel();
		const openAi = await world.client.createCredential({
			name: 'Chat model of an example',
			type: 'openAiApi',
			data: { apiKey: 'any', url: model.url },
		});
		try {
			model.willCall({ prompt: 'A fox in the snow', size: '1536x1024' });
			const chat = 'When chat message received';
			const workflow = await save('agent-with-tool', (example) => ({
				...example,
				nodes: example.nodes.map((node) =>
					node.type.endsWith('lmChatOpenAi')
						? { ...node, credentials: { openAiApi: { id: openAi.id, name: openAi.name } } }
						: node,
				),
				pinData: { [chat]: [{ json: { chatInput: 'Draw a fox', sessionId: 'one' } }] },
			}));
			const [row] = rowsOf(await run(workflow, chat), 'AI Agent');
			expect(world.emulator.creates().map(({ body }) => body)).toEqual([
				{ prompt: 'A fox in the snow', size: '1536x1024' },
			]);
			expect(String(row!.json.output)).toContain(`${world.emulator.imagesOrigin}/`);
		} finally {
			await model.stop();
		}
	});
});
