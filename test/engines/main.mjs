/**
 * `npm run engines`: the workflow tests on the engine of n8n 2.41 and on that of n8n 1.123, one after
 * the other; `-- 2.41` or `-- 1.122` for one of them. What else follows `--` goes to Jest.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, '..', '..');

function run(command, args, { cwd = repository, env = {} } = {}) {
	const { status } = spawnSync(command, args, {
		cwd,
		env: { ...process.env, ...env },
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	return status === 0;
}

const older = join(here, '1.122');
// npm writes this file at the end of an installation: without it there is none, or half of one.
if (!existsSync(join(older, 'node_modules', '.package-lock.json'))) {
	console.log('Installing the engine of n8n 1.123 (some 250 MB, usually under a minute) …');
	const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	if (!run('npm', args, { cwd: older })) process.exit(1);
}

const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', 'workflow'];
const ENGINES = { 2.41: {}, 1.122: { ENGINE: '1.122' } };
const [first, ...rest] = process.argv.slice(2);
const isEngine = first !== undefined && first in ENGINES;
const chosen = isEngine ? rest : process.argv.slice(2);
const results = (isEngine ? [first] : ['2.41', '1.122']).map((engine) => {
	console.log(`\n=== n8n-core ${engine}`);
	return run(process.execPath, [...jest, ...chosen], { env: ENGINES[engine] });
});
process.exit(results.every(Boolean) ? 0 : 1);
