import { fork } from 'node:child_process';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { npm } from '../n8n/command';
import { isMissed } from './figure';
import type { Work } from './figure';
import { fiveHundredItems } from './fiveHundredItems';
import { Ground } from './ground';
import { hundredOpenTasks } from './hundredOpenTasks';
import { largeImages } from './largeImages';
import { load } from './load';
import { sentence, thisMachine } from './machine';
import { oneItem } from './oneItem';
import { writeReport } from './report';
import { table } from './table';
import { twentyItems } from './twentyItems';

const BENCHES: Record<string, (ground: Ground) => Promise<Work>> = {
	load,
	'one-item': oneItem,
	'twenty-items': twentyItems,
	'five-hundred-items': fiveHundredItems,
	'hundred-open-tasks': hundredOpenTasks,
	'large-images': largeImages,
};

/** Simulated durations and services; see schedule.ts. It has no place in the table. */
const SCHEDULE = 'schedule';
const NAMES = [...Object.keys(BENCHES), SCHEDULE];

const USAGE = `npm run bench                      every figure, in about 15 minutes
npm run bench -- --only load,…     these benches: ${NAMES.join(', ')}
npm run bench -- --check           … and exit 1 when a figure is missed
npm run bench -- --write           … and write docs/benchmarks.md and .json`;

const repository = resolve(__dirname, '..', '..');
const say = (line: string) => console.error(line);

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			check: { type: 'boolean', default: false },
			only: { type: 'string' },
			write: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return 0;
	}
	const names = chosen(values.only);
	const machine = thisMachine();
	await npm(['run', 'build', '--silent'], { doing: 'building the package', cwd: repository, say });
	const ground = await Ground.prepare(say);
	for (const name of ['SIGINT', 'SIGTERM'] as const) {
		process.once(name, () => void ground.leave().finally(() => process.exit(130)));
	}
	const works: Work[] = [];
	try {
		for (const name of names.filter((one) => one !== SCHEDULE)) {
			say(`${name} …`);
			works.push(await BENCHES[name]!(ground).catch((error: Error) => failed(name, error)));
		}
	} finally {
		await ground.leave();
	}
	console.log(`\n${table(works)}\n\n${sentence(machine)}`);
	const schedule = names.includes(SCHEDULE) ? await scheduleTables() : '';
	console.log(schedule);
	if (values.write) await writeReport(join(repository, 'docs'), works, schedule, machine);
	const missed = works.flatMap(({ figures }) => figures).filter(isMissed);
	return values.check && missed.length > 0 ? 1 : 0;
}

/** In a process of its own, as it is run by hand. */
async function scheduleTables(): Promise<string> {
	const child = fork(join(__dirname, 'schedule.ts'), { silent: true });
	return await text(child.stdout!);
}

/** The others go on; for --check it is a figure that is missed. */
function failed(name: string, error: Error): Work {
	say(`  ${error.stack}`);
	const figure = {
		what: `not measured: ${error.message}`,
		measured: NaN,
		unit: '',
		exactly: 1,
	} as const;
	return { work: name, method: 'Not measured.', figures: [figure] };
}

function chosen(only: string | undefined): string[] {
	const names = only?.split(',') ?? NAMES;
	for (const name of names) {
		if (!NAMES.includes(name)) throw new TypeError(`There is no bench "${name}".\n\n${USAGE}`);
	}
	return names;
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		say(error instanceof Error ? (error.stack ?? error.message) : String(error));
		process.exit(2);
	},
);
