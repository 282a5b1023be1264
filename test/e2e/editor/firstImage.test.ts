import { useN8n } from '../runningN8n';
import { executeNode, saveCredential, useEditor, viewPicture } from './editor';

const NODE = 'SeaArt GPT Image 1';

const ACTIONS = ['Generate image', 'Get task status', 'Get task result', 'Cancel task'];

const OPERATIONS = ['Generate', 'Get Status', 'Get Result', 'Cancel'];

const SIZES = ['Auto', 'Square (1024 x 1024)', 'Portrait (1024 x 1536)', 'Landscape (1536 x 1024)'];

describe('A first-time user', () => {
	const n8n = useN8n({ progress: { byTime: 1500 }, pictures: 'real' });
	const browse = useEditor();

	test('gets from "node added" to "picture seen" with one credential and one prompt', async () => {
		const { client, emulator } = n8n;
		for (const { id } of await client.credentials())
			await client.request('DELETE', `/credentials/${id}`);
		await browse(async (page) => {
			const items = page.getByTestId('node-creator-item-name');
			const item = (name: string) => items.filter({ hasText: name });
			await page.goto('/workflow/new');
			await page.getByTestId('canvas-add-button').click();
			const search = page.getByTestId('node-creator-search-bar');
			for (const words of ['image generation', 'gpt image', 'seaart']) {
				await search.fill('');
				await item(NODE).waitFor({ state: 'hidden' });
				await search.fill(words);
				await item(NODE).waitFor();
			}
			await item(NODE).click();
			// What was found slides out while the actions slide in.
			await item(NODE).waitFor({ state: 'hidden' });
			await page.getByTestId('node-creator-category-item').last().waitFor();
			const actions = (await items.allInnerTexts()).filter((name) => !name.startsWith('On a '));
			expect(actions).toEqual(ACTIONS);
			await item('Generate image').click();

			const parameter = (name: string) => page.getByTestId(`parameter-input-${name}`);
			const choices = page.locator('.el-select-dropdown__item:visible');
			for (const [name, names] of Object.entries({ operation: OPERATIONS, size: SIZES })) {
				await parameter(name).click();
				await choices.first().waitFor();
				// The second line of each is its description; n8n adds a choice of its own.
				const shown = (await choices.allInnerTexts()).map((text) => text.split('\n')[0]!.trim());
				expect(shown.filter((choice) => choice !== 'Custom API Call')).toEqual(names);
				await parameter(name).click();
				await choices.first().waitFor({ state: 'hidden' });
			}

			await page.getByTestId('node-credentials-empty-state').getByRole('button').click();
			await saveCredential(page, emulator);
			await page.getByTestId('credential-save-button').waitFor({ state: 'hidden' });
			await parameter('prompt').locator('textarea, input').first().fill('a red apple');
			await executeNode(page);
			expect(await viewPicture(page)).toEqual({ width: 1024, height: 1024 });
		});
		expect(emulator.creates()).toHaveLength(1);
	});
});
