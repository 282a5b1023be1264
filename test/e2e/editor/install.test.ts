import { version } from '../../../package.json';
import { startN8n } from '../../n8n/instance';
import type { N8n } from '../../n8n/instance';
import { startRegistry } from '../../n8n/registry';
import type { Registry } from '../../n8n/registry';
import { useEditor } from './browsing';

const PACKAGE = 'n8n-nodes-seaart-gpt-image-1';
const NODE = 'SeaArt GPT Image 1';

/** In an n8n of its own, which has no community node yet. */
describe('Settings > Community nodes', () => {
	let registry: Registry;
	let n8n: N8n;

	beforeAll(async () => {
		registry = await startRegistry();
		n8n = await startN8n({ tarball: false, env: { PATH: registry.path } });
	}, 240_000);
	afterAll(async () => {
		await n8n?.stop();
		await registry?.stop();
	});
	const browse = useEditor(() => n8n);

	test('installs the package by its name; the node is there at once, and gone when it is taken off', async () => {
		await browse(async (editor) => {
			const settings = await editor.communityNodes();
			await settings.install(PACKAGE);
			expect(await settings.installed()).toBe(`${PACKAGE} 1 node: ${NODE} v${version}`);

			const panel = await (await editor.newWorkflow()).addFirstStep();
			await panel.find('seaart', NODE);
			await panel.choose(NODE);
			const node = await panel.add('Generate image');
			expect(await node.shownParameters()).toContain('prompt');

			await (await editor.communityNodes()).uninstall();
		});
		expect(await n8n.client.request('GET', '/community-packages')).toEqual([]);
	});
});
