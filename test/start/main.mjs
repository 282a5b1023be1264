// `npm start`: the First image workflow on n8n's own engine. This file runs in a fresh clone, where
// nothing is installed; what is wrong with the arguments is said before anything is.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies } from '../command.mjs';

const USAGE = `npm start -- ["a prompt"] [options]

Generates images with this package on n8n's own engine, and prints their paths. They come from an
emulator of the service and cost nothing; with SEAART_API_KEY set they come from the real service,
and are charged.

  --images N           1 to 10 images (default 1)
  --size SIZE          auto, 1024x1024, 1024x1536 or 1536x1024
  --quality QUALITY    auto, low, medium or high
  --format FORMAT      png, jpeg or webp
  --compression N      0 to 100, for jpeg and webp
  --background KIND    auto, opaque or transparent
  --moderation LEVEL   auto or low
  --timeout SECONDS    how long to wait for the task (default 600)
  --out DIR            where the images go (default out)
  --help               this page

npm run n8n opens the whole n8n editor.`;

/** The node's parameters that an option sets, and those of its "Options"; the node checks the values. */
const PARAMETERS = { images: 'numberOfImages', size: 'size', quality: 'quality' };
const OPTIONS = {
	format: 'outputFormat',
	compression: 'outputCompression',
	background: 'background',
	moderation: 'moderation',
	timeout: 'timeout',
};

function readArguments() {
	const names = [...Object.keys({ ...PARAMETERS, ...OPTIONS }), 'out'];
	const options = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
	// One run is what this command does anyway.
	for (const name of ['once', 'help']) options[name] = { type: 'boolean' };
	try {
		return parseArgs({ allowPositionals: true, options });
	} catch (error) {
		// What follows the first sentence is advice about parsing.
		console.error(`${error.message.split(/\. |\n/)[0]} (see npm start -- --help).`);
		process.exit(1);
	}
}

const { values, positionals } = readArguments();
if (values.help) {
	console.log(USAGE);
	process.exit();
}
const chosen = (names) => {
	const given = Object.entries(names).filter(([option]) => option in values);
	return Object.fromEntries(given.map(([option, parameter]) => [parameter, values[option]]));
};
const parameters = { ...chosen(PARAMETERS), options: chosen(OPTIONS) };
if (positionals.length > 0) parameters.prompt = positionals.join(' ');

installDependencies();
await import('tsx');
const { default: start } = await import('./main.ts');
process.exit(await start.main(resolve(values.out ?? 'out'), parameters));
