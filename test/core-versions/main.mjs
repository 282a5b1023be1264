/**
 * `npm run engines`: the workflow tests on the engines of several n8n, one after the other.
 *
 *   npm run engines                        on all of them
 *   npm run engines -- 1.122               on this one; several may be named
 *   npm run engines -- 2.0 test/workflow/stop.test.ts -t "Stop"
 *   npm run engines -- 1.122 unit          another project of Jest than `workflow`
 *
 * What stands behind engines and projects goes to Jest. It builds first: part of the tests load the package from dist/.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, installIn, run } from '../command.mjs';
import { installDependencies } from '../dependencies.mjs';
import { readArguments } from './arguments.js';

const here = dirname(fileURLToPath(import.meta.url));

/** The engine of the development dependencies is the repository's own. */
function runOn({ name, isOwn }, jestArgs) {
	console.log(`\n=== n8n-core ${name}`);
	const folder = join(here, name);
	if (!isOwn && !installIn(folder, `n8n-core ${name} (some 250 MB, usually under a minute)`))
		return false;
	const env = isOwn ? {} : { ENGINE: name };
	return run(process.execPath, ['node_modules/jest/bin/jest.js', ...jestArgs], { env });
}

/** Ends with the message alone where there is no such engine. */
function readCommandLine() {
	try {
		return readArguments(process.argv.slice(2));
	} catch (error) {
		console.error(error.message);
		process.exit(2);
	}
}

const { engines, jest } = readCommandLine();
await installDependencies();
if (!build()) {
	console.error('The package could not be built; nothing was tested.');
	process.exit(1);
}
const failed = engines.filter((engine) => !runOn(engine, jest));
const names = (list) => list.map(({ name }) => name).join(', ');
console.log(
	`\nn8n-core ${names(engines)}: ${failed.length ? `failed on ${names(failed)}` : 'all passed'}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
