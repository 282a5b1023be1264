import { useN8n } from '../runningN8n';
import { useEditor } from './browsing';

const NODE = 'SeaArt GPT Image 1';

describe('A first-time user', () => {
	const n8n = useN8n({ progress: { byTime: 1500 }, pictures: 'real' });
	const browse = useEditor();

	test('finds the node by what it does, and is offered the four operations, generating first', async () => {
		await browse(async (editor) => {
			const panel = await (await editor.newWorkflow()).addFirstStep();
			for (const words of ['image generation', 'gpt image', 'seaart'])
				await panel.find(words, NODE);
			await panel.choose(NODE);
			expect(await panel.actions()).toEqual([
				'Generate image',
				'Get task status',
				'Get task result',
				'Cancel task',
			]);
		});
	});

	test('gets from "node added" to "picture seen" with one credential and one prompt', async () => {
		for (const { id } of await n8n.client.credentials())
			await n8n.client.request('DELETE', `/credentials/${id}`);
		await browse(async (editor) => {
			const panel = await (await editor.newWorkflow()).addFirstStep();
			await panel.find('seaart', NODE);
			await panel.choose(NODE);
			const node = await panel.add('Generate image');

			const dialog = await node.connect();
			await dialog.fill('apiKey', n8n.emulator.key);
			await dialog.fill('baseUrl', n8n.emulator.baseUrl);
			await dialog.save();
			await dialog.closed();
			await node.fill('prompt', 'a red apple');
			await node.execute();

			const [file] = await node.output.files();
			expect(file).toMatch(/image\/png/);
			expect(await node.output.viewPicture()).toEqual({ width: 1024, height: 1024 });
		});
		expect(n8n.emulator.creates()).toHaveLength(1);
	});
});
