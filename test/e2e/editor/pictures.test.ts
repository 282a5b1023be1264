import { exampleWorkflow, saveCredential, withCredentials } from '../../n8n/demo';
import { useN8n } from '../runningN8n';
import { inARow, node as nodeOf } from '../workflow';
import {
	credentialField,
	executeNode,
	openNode,
	openWorkflow,
	saveCredential as saveInDialog,
	useEditor,
	viewPicture,
} from './editor';
import { areaOf, takePicture, writeOver } from './picture';

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
		await browse(async (page) => {
			await page.setViewportSize({ width: 1440, height: 960 });
			await openWorkflow(page, id);
			await openNode(page, NODE);
			await executeNode(page);
			await viewPicture(page);
			const hint = page.getByTestId('node-parameters').getByText('output binary field');
			await takePicture('output', page, await areaOf(page.getByTestId('ndv'), hint));
		});
	});

	test('an error that says what happened and what to do', async () => {
		const id = await firstImage('something that nobody may draw [failsWithContentBlocked]');
		await browse(async (page) => {
			await openWorkflow(page, id);
			await openNode(page, NODE);
			await executeNode(page);
			const output = page.getByTestId('output-panel');
			const error = output.getByTestId('node-error-message');
			const message = await error.innerText({ timeout: 60_000 });
			expect(message).toMatch(/mmsu_\w+ was blocked by the safety policy/);
			const below = output.getByTestId('node-error-description');
			const description = await below.innerText();
			expect(description).toContain("Change 'Prompt'");
			expect(description).toContain('Your request was rejected by the safety system');
			// The same in every run, or the picture would change with each.
			const shown = message.replace(/mmsu_\w+/, 'mmsu_01hxyz7k3m9q4r8t2v6w1n5p0s');
			await writeOver(error, 'innerText', shown);
			await takePicture('error', page, await areaOf(output, below));
		});
	});

	test('the credential', async () => {
		const { client, emulator } = n8n;
		for (const { id } of await client.credentials())
			await client.request('DELETE', `/credentials/${id}`);
		await browse(async (page) => {
			await page.goto('/home/credentials');
			await page.getByTestId('add-resource-credential').click();
			const type = 'SeaArt API';
			await page.getByTestId('new-credential-type-select').locator('input').fill(type);
			await page.locator('.el-select-dropdown__item:visible').filter({ hasText: type }).click();
			await page.getByTestId('new-credential-type-button').click();
			const field = credentialField(page, 'baseUrl');
			const usual = await field.inputValue();
			expect(usual).toBe('https://cloud.seaart.ai/model');
			await saveInDialog(page, emulator);
			await page.getByTestId('credentials-config-container-test-success').waitFor();
			await writeOver(field, 'value', usual);
			const dialog = page.locator('.el-dialog:visible').last();
			await takePicture('credential', page, await areaOf(dialog, field));
		});
	});
});
