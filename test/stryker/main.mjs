/**
 * `npm run stryker`: mutates files of the node, one place at a time, and runs the tests on each mutant.
 *
 *   npm run stryker -- nodes/GptImage1/timing/rateLimiter.ts     several may be named, and folders
 *   npm run stryker -- nodes/GptImage1/timing/abort.ts:25-30     these lines
 *   npm run stryker -- nodes/GptImage1/timing test/unit/timing   by these tests alone
 *
 * Options behind them go to Stryker. It works on a copy in out/, which it removes.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, installIn, repository, run } from '../command.mjs';
import { installDependencies } from '../dependencies.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const words = process.argv.slice(2);
const options = words.findIndex((word) => word.startsWith('-'));
const paths = options === -1 ? words : words.slice(0, options);
const onDisk = (path) => join(repository, path.replace(/:\d.*/, ''));
const missing = paths.find((path) => !existsSync(onDisk(path)));
const tests = paths.filter((path) => path.startsWith('test/'));
const sources = paths.filter((path) => !tests.includes(path));
if (missing !== undefined || sources.length === 0) {
	console.error(missing ? `There is no ${missing}` : 'Name a file or folder to mutate');
	process.exit(2);
}
const files = (path) => (statSync(onDisk(path)).isDirectory() ? `${path}/**/*.ts` : path);

await installDependencies();
if (!installIn(here, 'Stryker (65 MB)') || !build()) process.exit(1);
const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const args = ['run', join(here, 'stryker.config.mjs'), '--mutate', sources.map(files).join()];
const env = { STRYKER_TESTS: tests.join() };
if (!run(process.execPath, [stryker, ...args, ...words.slice(paths.length)], { env }))
	process.exitCode = 1;
