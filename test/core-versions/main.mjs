/**
 * `npm run engines`: the workflow tests on the engines of several n8n, one after the other.
 *
 *   npm run engines                        on all of them
 *   npm run engines -- 1.122 2.0           on these
 *   npm run engines -- 2.0 test/workflow/stop.test.ts -t "Stop"
 *   npm run engines -- 1.122 --selectProjects unit
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, installDependencies, installIn, repository, run } from '../command.mjs';

const isEngine = (word) => /^\d+\.\d+$/.test(word);

const folder = join(repository, 'test/core-versions');
const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
/** That of the development dependencies, which needs no folder here. */
const [own] = /^\d+\.\d+/.exec(devDependencies['n8n-core']);
const engines = [...readdirSync(folder).filter(isEngine), own];

const words = process.argv.slice(2);
const chosen = words.filter(isEngine);
const unknown = chosen.find((engine) => !engines.includes(engine));
if (unknown) {
	console.error(`No engine "${unknown}" is set up here: ${engines.join(', ')}.`);
	process.exit(2);
}
const jest = ['node_modules/jest/bin/jest.js', ...words.filter((word) => !isEngine(word))];
// It takes all words that follow: a path behind it would be one more project.
if (!jest.some((word) => word.startsWith('--selectProjects')))
	jest.push('--selectProjects', 'workflow');

installDependencies();
if (!build()) process.exit(1);
for (const engine of chosen.length > 0 ? chosen : engines) {
	console.log(`\n=== n8n-core ${engine}`);
	const isThere =
		engine === own || installIn(join(folder, engine), 'its n8n-core (some 250 MB, a minute)');
	const env = engine === own ? {} : { ENGINE: engine };
	if (!isThere || !run(process.execPath, jest, { env })) process.exitCode = 1;
}
