import type { Execution } from '../../n8n/client';
import { itemsOf } from '../executions';
import type { RunningN8n } from '../runningN8n';
import { expectImage } from '../tasks';

/** What an example with this name has to come to, where it says more than that it ran. */
export const OUTCOMES: Record<string, (n8n: RunningN8n, execution: Execution) => unknown> = {
	'first-image': async (n8n, execution) => {
		const [item] = itemsOf(execution, 'SeaArt GPT Image 1');
		await expectImage(n8n, item!);
	},

	/** One image each, and a failed prompt with its reason. */
	'prompt-sheet': (_, execution) => {
		expect(itemsOf(execution, 'Images')).toHaveLength(2);
		const failed = itemsOf(execution, 'Prompts That Failed').map(({ json }) => json);
		expect(failed).toEqual([
			expect.objectContaining({
				prompt: 'A red bicycle [failsWithContentBlocked] leaning on a white wall',
				why: expect.stringContaining('CONTENT_BLOCKED'),
				what_to_do: expect.stringContaining("Change 'Prompt'"),
				request_id: expect.stringMatching(/^mmsu_/),
			}),
		]);
	},

	/** Three sizes of one prompt, gathered in one item. */
	'sizes-in-one-item': (_, execution) => {
		const items = itemsOf(execution, 'All in One Item');
		const files = items.map(({ binary = {} }) =>
			Object.fromEntries(Object.entries(binary).map(([name, { mimeType }]) => [name, mimeType])),
		);
		expect(files).toEqual([
			{
				image_1024x1024: 'image/webp',
				image_1024x1536: 'image/webp',
				image_1536x1024: 'image/webp',
			},
		]);
	},

	/** The ID alone brings the image. */
	'create-now-collect-later': async (n8n, execution) => {
		const [item] = itemsOf(execution, 'Collect the Image');
		await expectImage(n8n, item!);
		expect(n8n.emulator.creates()).toHaveLength(1);
	},

	/** The agent draws, and tells the address. */
	'agent-with-tool': ({ emulator }, execution) => {
		const [item] = itemsOf(execution, 'AI Agent');
		expect(emulator.creates().map(({ body }) => body)).toEqual([
			{ prompt: 'A fox in the snow', size: '1536x1024' },
		]);
		expect(String(item!.json.output)).toContain(`${emulator.imagesOrigin}/`);
	},
};
