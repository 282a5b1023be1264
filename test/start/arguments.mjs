import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm start -- ["a prompt"] [options]

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

/** The node's parameters that an option sets; values are checked by the node itself. */
const PARAMETERS = { images: 'numberOfImages', size: 'size', quality: 'quality' };
const OPTIONS = {
	format: 'outputFormat',
	compression: 'outputCompression',
	background: 'background',
	moderation: 'moderation',
	timeout: 'timeout',
};

const text = { type: 'string' };
const flag = { type: 'boolean' };

/** @returns what `main` gets, or `{ help: true }`, or `{ error }` with what is wrong in one sentence */
export function readArguments(args) {
	try {
		const { values, positionals } = parseArgs({
			args,
			allowPositionals: true,
			options: {
				...Object.fromEntries(
					Object.keys({ ...PARAMETERS, ...OPTIONS }).map((name) => [name, text]),
				),
				out: { ...text, default: 'out' },
				// One run is what this command does anyway.
				once: flag,
				help: { ...flag, short: 'h' },
			},
		});
		if (values.help) return { help: true };
		const prompt = positionals.join(' ');
		if (positionals.length > 0 && prompt.trim() === '') return { error: 'The prompt is empty.' };
		const chosen = (names) =>
			Object.entries(names)
				.filter(([option]) => values[option] !== undefined)
				.map(([option, parameter]) => [parameter, values[option]]);
		return {
			out: resolve(values.out),
			parameters: {
				...(prompt && { prompt }),
				...Object.fromEntries(chosen(PARAMETERS)),
				options: Object.fromEntries(chosen(OPTIONS)),
			},
		};
	} catch (error) {
		// What follows the first sentence is advice about parsing.
		const [sentence] = error.message.split(/\. |\n/);
		return { error: `${sentence.replace(/\.$/, '')} (see npm start -- --help).` };
	}
}
