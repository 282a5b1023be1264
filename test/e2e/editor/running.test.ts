import { arrived } from '../money/stopping';
import { IMAGES, imageWorkflow } from '../workflow';
import { useN8n } from '../runningN8n';
import { useEditor } from './browsing';
import type { Canvas } from './pages/canvas';

describe('Running the node in the editor', () => {
	const n8n = useN8n({ progress: { byTime: 800 } });
	const browse = useEditor();

	const withWorkflow = async (prompt: string, work: (canvas: Canvas) => Promise<void>) => {
		const { id } = await n8n.save(imageWorkflow(`In the editor: ${prompt}`, { prompts: [prompt] }));
		await browse(async (editor) => await work(await editor.openWorkflow(id)));
	};

	test('a blocked prompt: an error that says what happened and what to do', async () => {
		await withWorkflow('something [failsWithContentBlocked]', async (canvas) => {
			const node = await canvas.openNode(IMAGES);
			await node.execute();
			const { message, description } = await node.output.error();
			const [id] = [...n8n.emulator.tasks.keys()];
			expect(message).toContain(id);
			expect(message).toContain('blocked by the safety policy');
			expect(description).toContain("Change 'Prompt'");
			expect(description).toContain('Your request was rejected by the safety system');
		});
	});

	test("the browser's console tells how far the task is, while the node runs", async () => {
		await withWorkflow('a cat [slow]', async (canvas) => {
			const { page } = canvas;
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
			const node = await canvas.openNode(IMAGES);
			await node.execute();
			const texts = (await lines).map((line) => line.text());
			const [id] = [...n8n.emulator.tasks.keys()];
			for (const text of texts) expect(text).toContain(`Task ${id} `);
		});
	});

	test('Stop in the opened node ends the wait, and cancels the task', async () => {
		const { emulator } = n8n;
		await withWorkflow('a cat [stuckInProgress]', async (canvas) => {
			const node = await canvas.openNode(IMAGES);
			await node.execute();
			await node.output.executing();
			await arrived(emulator.statusReads, 2);
			await node.stop();
			await node.idle();
			await arrived(emulator.cancels, 1);
		});
	});

	test('Stop below the canvas ends the wait, and cancels the task', async () => {
		const { emulator } = n8n;
		await withWorkflow('a cat [stuckInProgress]', async (canvas) => {
			await canvas.execute();
			await arrived(emulator.statusReads, 2);
			await canvas.stop();
			await arrived(emulator.cancels, 1);
		});
		expect(emulator.creates()).toHaveLength(1);
	});

	test('Get Result takes the id of a task, and shows its picture', async () => {
		const task = n8n.emulator.addTask({ size: '1536x1024' });
		n8n.emulator.end(task.id);
		await withWorkflow('a cat', async (canvas) => {
			const node = await canvas.openNode(IMAGES);
			await node.choose('operation', 'Get Result');
			await node.fill('requestId', task.id);
			await node.execute();
			await node.output.files();
			expect(await node.output.viewPicture()).toEqual({ width: 1536, height: 1024 });
		});
		expect(n8n.emulator.creates()).toHaveLength(0);
	});
});
