/**
 * `npm run stryker`: mutates files of the node, one place at a time, and runs the tests on each mutant.
 *
 *   npm run stryker -- nodes/GptImage1/timing/rateLimiter.ts     several may be named, and folders
 *   npm run stryker -- nodes/GptImage1/timing/abort.ts:25-30     these lines
 *   npm run stryker -- nodes/GptImage1/timing test/unit/timing   by these tests alone
 *
 * Options behind them go to Stryker. It works on a copy in out/, which it removes.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, installDependencies, installIn, repository, run } from '../command.mjs';

const words = process.argv.slice(2);
const count = words.findIndex((word) => word.startsWith('-'));
const paths = count === -1 ? words : words.splice(0, count);
const options = count === -1 ? [] : words;
const missing = paths.find((path) => !existsSync(join(repository, path.replace(/:\d.*/, ''))));
const sources = paths.filter((path) => !path.startsWith('test/'));
if (missing || sources.length === 0) {
	console.error(missing ? `There is no ${missing}` : 'Name a file or folder to mutate');
	process.exit(2);
}
installDependencies();
const here = join(repository, 'test/stryker');
if (!installIn(here, 'Stryker (65 MB)') || !build()) process.exit(1);
const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const files = sources.map((path) => (path.includes('.ts') ? path : `${path}/**/*.ts`));
const args = ['run', join(here, 'stryker.config.mjs'), '--mutate', files.join(), ...options];
const env = { STRYKER_TESTS: paths.filter((path) => !sources.includes(path)).join() };
if (!run(process.execPath, [stryker, ...args], { env })) process.exitCode = 1;
