/**
 * `npm run e2e`: the tests in a running n8n.
 *
 *   npm run e2e                           all of them, in n8n 2.41
 *   npm run e2e -- --n8n 1.123            those that need no editor, in n8n 1.123
 *   npm run e2e -- money/stop -t "wait"   what else is given goes to Jest
 */
import { run } from '../command.mjs';

const words = process.argv.slice(2);
const at = words.indexOf('--n8n');
const [, version] = at === -1 ? [] : words.splice(at, 2);
if (at !== -1 && !version) {
	console.error('Which n8n? npm run e2e -- --n8n 1.123');
	process.exit(2);
}
const jest = ['node_modules/jest/bin/jest.js', '--config=test/e2e/jest.config.js', ...words];
const env = version ? { E2E_N8N: version } : {};
if (!run(process.execPath, jest, { env })) process.exitCode = 1;
