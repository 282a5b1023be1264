import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { exampleWorkflow, withCredential } from '../../n8n/trial';
import { useEditor } from '../editor/browsing';
import { takePicture } from '../editor/picture';
import { withSecret } from '../headerAuth';
import { useWorld } from '../world';

const NAMES = readdirSync(resolve(__dirname, '..', '..', 'examples')).map((file) =>
	file.replace(/\.json$/, ''),
);

/** The pictures of docs/examples.md. */
describe('The canvas of the example', () => {
	const world = useWorld();
	const browse = useEditor('light');

	test.each(NAMES)('%s', async (name) => {
		const example = exampleWorkflow(name);
		// With the credentials chosen; without one each node wears a warning.
		const chosen = await withSecret(world.client, withCredential(example, world.credential));
		const { id } = await world.client.createWorkflow(chosen);
		await browse(async (editor) => {
			const canvas = await editor.openWorkflow(id);
			const shown = example.nodes.filter(({ type }) => !type.endsWith('stickyNote'));
			expect((await canvas.nodes()).filter(Boolean)).toEqual(
				expect.arrayContaining(shown.map((node) => node.name)),
			);
			await canvas.fitIntoView();
			await takePicture(`example-${name}`, 'light', canvas.whole);
		});
	});
});
