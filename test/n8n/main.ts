import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import buildWhereStale from '../build';
import { say, stopSignal } from './command';
import { interactive } from './interactive';
import { once } from './once';

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
	const { once: prompt, out, fresh, help } = values;
	if (help) {
		console.log(USAGE);
		return 0;
	}
	const terminal = { say, signal: stopSignal() };
	try {
		buildWhereStale();
		if (prompt === undefined) await interactive({ fresh }, terminal);
		else for (const path of await once({ prompt, out: resolve(out) }, terminal)) console.log(path);
		return 0;
	} catch (error) {
		if (!terminal.signal.aborted) throw error;
		return prompt === undefined ? 0 : 130;
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
