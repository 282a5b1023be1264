import { useWorld } from '../world';
import { useEditor } from './browsing';

const NODE = 'SeaArt GPT Image 1';

describe('A first-time user', () => {
	const world = useWorld({ progress: { byTime: 1500 }, pictures: 'real' });
	const browse = useEditor();

	test.each(['seaart', 'gpt image', 'image generation'])(
		'finds the node by searching "%s"',
		async (words) => {
			await browse(async (editor) => {
				const panel = await (await editor.newWorkflow()).addFirstStep();
				await panel.find(words, NODE);
			});
		},
	);

	test('is offered the four operations, generating first', async () => {
		await browse(async (editor) => {
			const panel = await (await editor.newWorkflow()).addFirstStep();
			await panel.find('seaart', NODE);
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
		for (const { id } of await world.client.credentials())
			await world.client.request('DELETE', `/credentials/${id}`);
		await browse(async (editor) => {
			const panel = await (await editor.newWorkflow()).addFirstStep();
			await panel.find('seaart', NODE);
			await panel.choose(NODE);
			const node = await panel.add('Generate image');

			const dialog = await node.connect();
			await dialog.fill('apiKey', world.emulator.key);
			await dialog.fill('baseUrl', world.emulator.baseUrl);
			await dialog.save();
			await dialog.closed();
			await node.fill('prompt', 'a red apple');
			await node.execute();

			const [file] = await node.output.files();
			expect(file).toMatch(/image\/png/);
			expect(await node.output.viewPicture()).toEqual({ width: 1024, height: 1024 });
		});
		expect(world.emulator.creates()).toHaveLength(1);
	});
});
