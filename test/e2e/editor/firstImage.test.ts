import { useN8n } from '../runningN8n';
import { useEditor } from './browsing';

const NODE = 'SeaArt GPT Image 1';

const ACTIONS = ['Generate image', 'Get task status', 'Get task result', 'Cancel task'];

const SIZES = ['Auto', 'Square (1024 x 1024)', 'Portrait (1024 x 1536)', 'Landscape (1536 x 1024)'];

describe('A first-time user', () => {
	const n8n = useN8n({ progress: { byTime: 1500 }, pictures: 'real' });
	const browse = useEditor();

	test('gets from "node added" to "picture seen" with one credential and one prompt', async () => {
		const { client, emulator } = n8n;
		for (const { id } of await client.credentials())
			await client.request('DELETE', `/credentials/${id}`);
		await browse(async (editor) => {
			const panel = await editor.newWorkflow();
			for (const words of ['image generation', 'gpt image', 'seaart'])
				await panel.find(words, NODE);
			expect(await panel.choose(NODE)).toEqual(ACTIONS);
			const node = await panel.add('Generate image');
			expect(await node.choices('operation')).toEqual([
				'Generate',
				'Get Status',
				'Get Result',
				'Cancel',
			]);
			expect(await node.choices('size')).toEqual(SIZES);

			const dialog = await node.connect();
			await dialog.save(emulator);
			await dialog.closed();
			await node.fill('prompt', 'a red apple');
			await node.execute();
			expect(await node.viewPicture()).toEqual({ width: 1024, height: 1024 });
		});
		expect(emulator.creates()).toHaveLength(1);
	});
});
