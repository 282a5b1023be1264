import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { npm } from './command';
import { interactive } from './interactive';
import { once } from './once';

const USAGE = `npm start                            n8n in the browser, with this package in it
npm start -- --fresh                 the same, without what earlier starts have left
npm start -- --once "a red apple"    one run without a browser; the images go to out/
npm start -- --once "…" --out <dir>  … or to another folder`;

const repository = resolve(__dirname, '..', '..');
const say = (line: string) => console.error(line);

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
		await npm(['run', 'build', '--silent'], {
			doing: 'building the package',
			cwd: repository,
			say,
			signal,
		});
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

/** Aborts at the first Ctrl-C or request to end; a second one ends everything at once. */
function stopSignal(): AbortSignal {
	const stopping = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(name, () => {
			if (stopping.signal.aborted) process.exit(130);
			say('\nStopping n8n and everything else …');
			stopping.abort();
		});
	return stopping.signal;
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
