import { version } from '../../../package.json';
import { startN8n } from '../../n8n/instance';
import type { N8n } from '../../n8n/instance';
import { startRegistry } from './registry';
import { connectN8n } from '../runningN8n';
import { imageWorkflow } from '../workflow';

const PACKAGE = 'n8n-nodes-seaart-gpt-image-1';

/** In an n8n of its own, which has no community node yet: what its page "Community nodes" asks for. */
test('n8n installs the package by its name; the node runs at once, and is gone when taken off', async () => {
	const registry = await startRegistry();
	let n8n: N8n | undefined;
	try {
		n8n = await startN8n({ tarball: false, env: { PATH: registry.path } });
		const { client } = n8n;
		const installed = await client.request('POST', '/community-packages', { name: PACKAGE });
		expect(installed).toMatchObject({
			packageName: PACKAGE,
			installedVersion: version,
			installedNodes: [{ name: 'SeaArt GPT Image 1' }],
		});
		const { emulator, run } = await connectN8n({}, client);
		const { status } = await run(imageWorkflow('Installed', { prompts: ['an apple'] }));
		await emulator.stop();
		expect(status).toBe('success');

		await client.request('DELETE', `/community-packages?name=${PACKAGE}`);
		expect(await client.request('GET', '/community-packages')).toEqual([]);
	} finally {
		await n8n?.stop();
		await registry.stop();
	}
}, 240_000);
