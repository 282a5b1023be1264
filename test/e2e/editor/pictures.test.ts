import { exampleWorkflow, saveCredential, withCredential } from '../../n8n/trial';
import { useWorld } from '../world';
import { useEditor } from './browsing';
import type { Theme } from './pages/editor';
import { takePicture } from './picture';

const NODE = 'SeaArt GPT Image 1';

/** README.md and docs/errors.md show them. */
describe.each<Theme>(['light', 'dark'])('The pictures of the documents, %s', (theme) => {
	const world = useWorld({ progress: { byTime: 1500 }, pictures: 'real' });
	const browse = useEditor(theme);

	/** The first example as a user has it, with this prompt. */
	const firstImage = async (prompt: string) => {
		const { client, emulator } = world;
		const credential = await saveCredential(client, {
			apiKey: emulator.key,
			baseUrl: emulator.baseUrl,
		});
		const workflow = withCredential(exampleWorkflow('first-image'), credential);
		workflow.nodes.find(({ name }) => name === NODE)!.parameters.prompt = prompt;
		return (await client.createWorkflow(workflow)).id;
	};

	test('the node with the picture that it put out', async () => {
		const id = await firstImage('a red apple on a wooden table, soft morning light');
		await browse(async (editor) => {
			const canvas = await editor.openWorkflow(id);
			const node = await canvas.openNode(NODE);
			await node.execute();
			await node.output.files();
			await node.output.viewPicture();
			await takePicture('output', theme, node.whole);
		});
	});

	test('an error', async () => {
		const id = await firstImage('something that nobody may draw [failsWithContentBlocked]');
		await browse(async (editor) => {
			const node = await (await editor.openWorkflow(id)).openNode(NODE);
			await node.execute();
			await node.output.error();
			// The same in every run, or the picture would change with each.
			await node.output.showRequestId('mmsu_01hxyz7k3m9q4r8t2v6w1n5p0s');
			await takePicture('error', theme, node.output.panel, { height: 380 });
		});
	});

	test('the credential', async () => {
		for (const { id } of await world.client.credentials())
			await world.client.request('DELETE', `/credentials/${id}`);
		await browse(async (editor) => {
			const dialog = await (await editor.credentials()).add('SeaArt API');
			await dialog.fill('apiKey', 'the key of the picture');
			await takePicture('credential', theme, dialog.whole, { height: 480 });
		});
	});
});
