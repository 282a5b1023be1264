import { tmpdir } from 'node:os';
import buildWhereStale from '../build';
import { say } from '../n8n/command';
import { asN8nVersion } from '../n8n/install';
import { startN8n } from '../n8n/instance';
import type { Session } from './runningN8n';

/** Builds and packs the package and starts the n8n that all tests share; `tearDown` ends it. */
export default async function setUp(): Promise<void> {
	const version = asN8nVersion(process.env.E2E_N8N ?? '2.41');
	buildWhereStale();
	// Where "Read/Write Files from Disk" may write.
	const env = { N8N_RESTRICT_FILE_ACCESS_TO: tmpdir(), N8N_LOG_LEVEL: 'info' };
	const { url, client, stop } = await startN8n({ version, say, env });
	const session: Session = { url, cookie: client.cookie };
	process.env.E2E_SESSION = JSON.stringify(session);
	Object.assign(globalThis, { stopN8n: stop });
}
