// `npm start`: the First image workflow on n8n's own engine. This file runs in a fresh clone, where
// nothing is installed; what is wrong with the arguments is said before anything is.

import { installDependencies } from '../dependencies.mjs';

const { readArguments, USAGE } = await import('./arguments.mjs');
const given = readArguments(process.argv.slice(2));
if (given.help) {
	console.log(USAGE);
} else if (given.error) {
	console.error(given.error);
	process.exitCode = 1;
} else {
	await installDependencies();
	await import('tsx');
	const { default: start } = await import('./main.ts');
	process.exit(await start.main(given));
}
