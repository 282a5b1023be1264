import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../n8n/build';
import { say } from '../n8n/command';
import { asN8nVersion } from '../n8n/install';
import { startN8n } from '../n8n/instance';
import { installedBrowser } from './browser';
import { begin } from './session';

/** Builds and packs the package and starts the n8n that all tests share. */
export default async function setUp(): Promise<void> {
	const version = asN8nVersion(process.env.E2E_N8N ?? '2.41');
	if (version === '2.41') installedBrowser();
	await build({ say });
	const files = await mkdtemp(join(tmpdir(), 'e2e-files-'));
	const n8n = await startN8n({
		version,
		say,
		env: {
			// Where "Read/Write Files from Disk" may write.
			N8N_RESTRICT_FILE_ACCESS_TO: files,
			N8N_LOG_LEVEL: 'info',
		},
	});
	begin({ url: n8n.url, signIn: n8n.signIn, cookie: n8n.client.signedInWith, files }, n8n.stop);
}
