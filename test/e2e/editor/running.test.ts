import { useN8n } from '../runningN8n';
import { arrived } from '../tasks';
import { IMAGES, imageWorkflow } from '../workflow';
import { useEditor } from './browsing';

describe('Running the node in the editor', () => {
	const n8n = useN8n({ progress: { byTime: 800 } });
	const browse = useEditor();

	const saved = async (prompt: string) =>
		(await n8n.save(imageWorkflow(`In the editor: ${prompt}`, { prompts: [prompt] }))).id;

	test("the browser's console tells how far the task is, while the node runs", async () => {
		const id = await saved('a cat [slow]');
		await browse(async (editor) => {
			const canvas = await editor.openWorkflow(id);
			const told = async (words: RegExp) =>
				await editor.page.waitForEvent('console', {
					predicate: (line) => words.test(line.text()),
					timeout: 30_000,
				});
			const lines = Promise.all([
				told(/created$/),
				told(/(queued|running) \(\d+ s elapsed\)$/),
				told(/succeeded after \d+ s$/),
			]);
			const node = await canvas.openNode(IMAGES);
			await node.execute();
			for (const line of await lines)
				expect(line.text()).toContain(`Task ${[...n8n.emulator.tasks.keys()].join()} `);
		});
	});

	test('Stop below the canvas ends the wait, and cancels the task', async () => {
		const { emulator } = n8n;
		const id = await saved('a cat [stuckInProgress]');
		await browse(async (editor) => {
			const canvas = await editor.openWorkflow(id);
			await canvas.execute();
			await arrived(emulator.statusReads, 2);
			await canvas.stop();
			await arrived(emulator.cancels, 1);
		});
		expect(emulator.creates()).toHaveLength(1);
	});
});
