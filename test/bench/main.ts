import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../n8n/build';
import { say } from '../n8n/command';
import { manyCreates, manyStatuses } from './besidePlainNode';
import { boundedResponses } from './boundedResponses';
import { figure, isMissed } from './figure';
import type { Result } from './figure';
import { fiveHundredItems } from './fiveHundredItems';
import { Harness } from './harness';
import { keptObjects } from './keptObjects';
import { largeImages } from './largeImages';
import { fivePolls, getResults } from './limitedReads';
import { linesOfCode } from './linesOfCode';
import { sentence, thisMachine } from './machine';
import { oneItem } from './oneItem';
import { pollScheduleTable } from './pollSchedule';
import { writeReport } from './report';
import { stopHundred } from './stopHundred';
import { figuresTable } from './table';
import { twentyItems } from './twentyItems';

const BENCHES: Record<string, (harness: Harness) => Promise<Result>> = {
	'one-item': oneItem,
	'twenty-items': twentyItems,
	'five-hundred-items': fiveHundredItems,
	'get-results': getResults,
	'five-polls': fivePolls,
	'many-creates': manyCreates,
	'many-statuses': manyStatuses,
	'large-images': largeImages,
	'stop-hundred': stopHundred,
	'kept-objects': keptObjects,
	'bounded-responses': boundedResponses,
	'lines-of-code': linesOfCode,
};

/** Simulated, in a table of its own. */
const POLL_SCHEDULE = 'poll-schedule';
const NAMES = [...Object.keys(BENCHES), POLL_SCHEDULE];

const USAGE = `npm run bench                      every figure, in about 20 minutes
npm run bench -- --only a,b        some of them: ${NAMES.join(', ')}
npm run bench -- --check           … and exit 1 where a bound is missed
npm run bench -- --write           … and write docs/benchmarks.md and docs/benchmarks.json`;

const repository = resolve(__dirname, '..', '..');

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
	await build({ say });
	const results = await measureAll(names.filter((name) => name !== POLL_SCHEDULE));
	const pollSchedule = names.includes(POLL_SCHEDULE) ? pollScheduleTable() : '';
	console.log(`\n${figuresTable(results)}\n\n${sentence(machine)}\n\n${pollSchedule}`);
	if (values.write) await writeReport(join(repository, 'docs'), { machine, results, pollSchedule });
	const missed = results.flatMap(({ figures }) => figures).filter(isMissed);
	return values.check && missed.length > 0 ? 1 : 0;
}

async function measureAll(names: string[]): Promise<Result[]> {
	const harness = await Harness.prepare(say);
	for (const name of ['SIGINT', 'SIGTERM'] as const)
		process.once(name, () => void harness.stopAll().finally(() => process.exit(130)));
	const results: Result[] = [];
	try {
		for (const name of names) {
			say(`${name} …`);
			results.push(await BENCHES[name]!(harness).catch((error: Error) => failed(name, error)));
			await harness.stopServices();
		}
	} finally {
		await harness.stopAll();
	}
	return results;
}

/** The other benches go on; for --check it is a bound that is missed. */
function failed(name: string, error: Error): Result {
	say(`  ${error.stack}`);
	const what = `not measured: ${error.message.split('\n')[0]}`;
	const figures = [figure(what, NaN, '', { exactly: 1 })];
	return { work: name, method: 'Not measured.', figures };
}

function chosen(only: string | undefined): string[] {
	const names = only?.split(',') ?? NAMES;
	for (const name of names)
		if (!NAMES.includes(name)) throw new TypeError(`There is no bench "${name}".\n\n${USAGE}`);
	return names;
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		say(error instanceof Error ? (error.stack ?? error.message) : String(error));
		process.exit(2);
	},
);
