import { exampleWorkflow, saveCredential, withCredentials } from '../../n8n/demo';
import { useN8n } from '../runningN8n';
import { inARow, node as nodeOf } from '../workflow';
import { useEditor } from './browsing';
import { areaOf, takePicture } from './picture';

const NODE = 'SeaArt GPT Image 1';

/** README.md and docs/errors.md show them. */
describe('The pictures of the documents', () => {
	const n8n = useN8n({ progress: { byTime: 1500 }, pictures: 'real' });
	const browse = useEditor();

	/** The first example as a user has it, with this prompt, and a product that it may speak of. */
	const firstImage = async (prompt: string) => {
		const { client, emulator } = n8n;
		const { key: apiKey, baseUrl } = emulator;
		const seaArtApi = await saveCredential(client, { apiKey, baseUrl });
		const example = withCredentials(exampleWorkflow('first-image'), { seaArtApi });
		const [trigger, images] = example.nodes;
		images!.parameters.prompt = prompt;
		const assignments = [
			{ id: '1', name: 'product', type: 'string', value: 'a red apple' },
			{ id: '2', name: 'style', type: 'string', value: 'flat illustration' },
		];
		const product = nodeOf('Product', 'set', { assignments: { assignments } });
		const nodes = [trigger!, { ...product, typeVersion: 3.4 }, images!];
		const workflow = { ...example, nodes, connections: inARow(...nodes) };
		return (await client.createWorkflow(workflow)).id;
	};

	test('the node with the picture that it put out', async () => {
		const id = await firstImage('={{ $json.product }}, {{ $json.style }}');
		await browse(async (editor) => {
			await editor.stretch(960, 1440);
			const node = await (await editor.openWorkflow(id)).openNode(NODE);
			await node.execute();
			await node.viewPicture();
			const area = await areaOf(node.whole, node.hint('output binary field'));
			await takePicture('output', editor.page, area);
		});
	});

	test('an error that says what happened and what to do', async () => {
		const id = await firstImage('something that nobody may draw [failsWithContentBlocked]');
		await browse(async (editor) => {
			const node = await (await editor.openWorkflow(id)).openNode(NODE);
			await node.execute();
			const [message, description] = [
				await node.error.innerText({ timeout: 60_000 }),
				await node.errorDescription.innerText(),
			];
			expect(message).toMatch(/mmsu_\w+ was blocked by the safety policy/);
			expect(description).toContain("Change 'Prompt'");
			expect(description).toContain('Your request was rejected by the safety system');
			// The same in every run, or the picture would change with each.
			await node.showRequestId('mmsu_01hxyz7k3m9q4r8t2v6w1n5p0s');
			const area = await areaOf(node.output, node.errorDescription);
			await takePicture('error', editor.page, area);
		});
	});

	test('the credential', async () => {
		const { client, emulator } = n8n;
		for (const { id } of await client.credentials())
			await client.request('DELETE', `/credentials/${id}`);
		await browse(async (editor) => {
			const dialog = await editor.addCredential('SeaArt API');
			const usual = await dialog.field('baseUrl').inputValue();
			expect(usual).toBe('https://cloud.seaart.ai/model');
			await dialog.save(emulator);
			await dialog.success();
			await dialog.showBaseUrl(usual);
			const area = await areaOf(dialog.whole, dialog.field('baseUrl'));
			await takePicture('credential', editor.page, area);
		});
	});
});
