import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build';
import { say } from './command';
import { interactive } from './interactive';
import { once } from './once';
import { stopSignal } from './stopSignal';

const USAGE = `npm run n8n                            n8n in the browser, with this package in it
npm run n8n -- --fresh                 the same, with a clean n8n database
npm run n8n -- --once "a red apple"    one run without a browser; the images go to out/
npm run n8n -- --once "…" --out DIR    … or to another folder`;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			once: { type: 'string' },
			out: { type: 'string', default: 'out' },
			fresh: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return 0;
	}
	const signal = stopSignal();
	try {
		await build({ say, signal });
		if (values.once === undefined) {
			await interactive({ fresh: values.fresh, say, signal });
			return 0;
		}
		const paths = await once({ prompt: values.once, out: resolve(values.out), say, signal });
		for (const path of paths) console.log(path);
		return 0;
	} catch (error) {
		if (!signal.aborted) throw error;
		return values.once === undefined ? 0 : 130;
	}
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		const wrongUsage = error instanceof TypeError && 'code' in error;
		say(error instanceof Error ? error.message : String(error));
		if (wrongUsage) say(USAGE);
		process.exit(1);
	},
);
