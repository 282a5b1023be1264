import { useN8n } from '../runningN8n';
import { arrived } from '../tasks';
import { IMAGES, imageWorkflow } from '../workflow';
import { executeNode, openNode, openWorkflow, useEditor } from './editor';

describe('Running the node in the editor', () => {
	const n8n = useN8n({ progress: { byTime: 800 } });
	const browse = useEditor();

	const saved = async (prompt: string) =>
		(await n8n.save(imageWorkflow(`In the editor: ${prompt}`, { prompts: [prompt] }))).id;

	test("the browser's console tells how far the task is, while the node runs", async () => {
		const id = await saved('a cat [slow]');
		await browse(async (page) => {
			await openWorkflow(page, id);
			const told = async (words: RegExp) =>
				await page.waitForEvent('console', {
					predicate: (line) => words.test(line.text()),
					timeout: 30_000,
				});
			const lines = Promise.all([
				told(/created$/),
				told(/(queued|running) \(\d+ s elapsed\)$/),
				told(/succeeded after \d+ s$/),
			]);
			await openNode(page, IMAGES);
			await executeNode(page);
			for (const line of await lines)
				expect(line.text()).toContain(`Task ${[...n8n.emulator.tasks.keys()].join()} `);
		});
	});

	test('Stop below the canvas ends the wait, and cancels the task', async () => {
		const { emulator } = n8n;
		const id = await saved('a cat [stuckInProgress]');
		await browse(async (page) => {
			await openWorkflow(page, id);
			await page.getByTestId('execute-workflow-button').last().click();
			await arrived(emulator.statusReads, 2);
			await page.getByTestId('stop-execution-button').click();
			await page.getByText('Execution stopped').first().waitFor();
			await arrived(emulator.cancels, 1);
		});
		expect(emulator.creates()).toHaveLength(1);
	});
});
