import { errorsOf, errorTextOf, linksOf, itemsOf } from '../executions';
import { BAD, GOOD, IMAGES, imageWorkflow } from '../workflow';
import { useN8n } from '../runningN8n';
import { tasksFor } from '../tasks';

const PROMPTS = ['a cat', 'a dog [failsWithContentBlocked]', 'a cow'];

describe('Partial success', () => {
	const n8n = useN8n();

	const taskOf = (prompt: string) => tasksFor(n8n, prompt)[0]!;

	/** What is known of the item that fails. */
	const blocked = () => {
		const { id } = taskOf(PROMPTS[1]!);
		return {
			message: expect.stringContaining(id),
			description: expect.stringContaining('safety'),
			request_id: id,
			state: 'failed',
			error_type: 'CONTENT_BLOCKED',
		};
	};

	test('Continue: the failed item stands in its place, linked, with the request ID', async () => {
		const execution = await n8n.run(
			imageWorkflow('Continue', {
				prompts: PROMPTS,
				settings: { onError: 'continueRegularOutput' },
			}),
		);
		expect(execution.status).toBe('success');
		const items = itemsOf(execution, IMAGES);
		expect(linksOf(items)).toEqual([0, 1, 2]);
		expect(items.map(({ json }) => json.request_id)).toEqual([
			taskOf(PROMPTS[0]!).id,
			undefined,
			taskOf(PROMPTS[2]!).id,
		]);
		expect(errorsOf(items)[1]).toEqual(blocked());
		expect(itemsOf(execution, GOOD)).toHaveLength(3);
	});

	test('Continue (using error output): good items here, the failed item there, all linked', async () => {
		const execution = await n8n.run(
			imageWorkflow('Continue using error output', {
				prompts: PROMPTS,
				settings: { onError: 'continueErrorOutput' },
			}),
		);
		expect(execution.status).toBe('success');
		const [good, bad] = [itemsOf(execution, IMAGES, 0), itemsOf(execution, IMAGES, 1)];
		expect(linksOf(good)).toEqual([0, 2]);
		expect(good.map(({ binary }) => binary?.data?.mimeType)).toEqual(['image/png', 'image/png']);
		expect(linksOf(bad)).toEqual([1]);
		expect(errorsOf(bad)).toEqual([blocked()]);
		expect(itemsOf(execution, GOOD)).toHaveLength(2);
		expect(errorsOf(itemsOf(execution, BAD))).toEqual([blocked()]);
	});

	test('Continue (using error output): nine of ten images are kept, the tenth has its URL', async () => {
		const execution = await n8n.run(
			imageWorkflow('Nine of ten', {
				prompts: ['ten cats [tenthImageGone]'],
				parameters: { numberOfImages: 10 },
				settings: { onError: 'continueErrorOutput' },
			}),
		);
		expect(execution.status).toBe('success');
		expect(itemsOf(execution, GOOD).map(({ json }) => json.index)).toEqual([
			0, 1, 2, 3, 4, 5, 6, 7, 8,
		]);
		const { id, images } = taskOf('ten cats [tenthImageGone]');
		expect(errorsOf(itemsOf(execution, BAD))).toEqual([
			expect.objectContaining({
				request_id: id,
				state: 'succeeded',
				http_code: 410,
				url: `${n8n.emulator.imagesOrigin}${images[9]!.path}`,
			}),
		]);
		expect(n8n.emulator.creates()).toHaveLength(1);
	});

	test('Stop Workflow: the error names the request IDs of the other items', async () => {
		const execution = await n8n.run(imageWorkflow('Default mode', { prompts: PROMPTS }));
		expect(execution.status).toBe('error');
		const text = errorTextOf(execution);
		for (const prompt of PROMPTS) expect(text).toContain(taskOf(prompt).id);
		expect(n8n.emulator.cancels()).toHaveLength(0);
	});

	test('a parameter that cannot be: nothing is created for any item', async () => {
		const execution = await n8n.run(
			imageWorkflow('Bad parameter', {
				prompts: ['a cat', '', 'a cow'],
			}),
		);
		expect(execution.status).toBe('error');
		expect(errorTextOf(execution)).toMatch(/'Prompt'/);
		expect(n8n.emulator.creates()).toHaveLength(0);
	});
});
