import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import buildWhereStale from '../build';
import { say } from '../n8n/command';
import { manyCreates, manyStatuses } from './besidePlainNode';
import { boundedResponses } from './boundedResponses';
import { Harness } from './harness';
import { linesOfCode } from './linesOfCode';
import * as loads from './loads';
import { keptObjects, largeImages } from './memory';
import { pollScheduleTable } from './pollSchedule';
import { figure, isMissed, pageOf, thisMachine } from './report';
import type { Result } from './report';

const BENCHES: Record<string, (harness: Harness) => Promise<Result>> = {
	'one-item': loads.oneItem,
	'twenty-items': loads.twentyItems,
	'five-hundred-items': loads.fiveHundredItems,
	'get-results': loads.getResults,
	'five-polls': loads.fivePolls,
	'many-creates': manyCreates,
	'many-statuses': manyStatuses,
	'large-images': largeImages,
	'stop-hundred': loads.stopHundred,
	'kept-objects': keptObjects,
	'bounded-responses': boundedResponses,
	'lines-of-code': linesOfCode,
};

const NAMES = Object.keys(BENCHES).join(',');

/**
 * Prints the page of every figure, in about 20 minutes, or of those of `--only a,b`. `--write` puts
 * it into docs/. The exit code is 1 where a bound is missed.
 */
async function main(): Promise<void> {
	const { only = NAMES, write } = parseArgs({
		options: { only: { type: 'string' }, write: { type: 'boolean' } },
	}).values;
	const names = only.split(',');
	const unknown = names.find((name) => !(name in BENCHES));
	if (unknown !== undefined) throw new TypeError(`No bench is called "${unknown}": ${NAMES}`);
	const machine = thisMachine();
	buildWhereStale();
	const results = await measureAll(names);
	const page = await pageOf({ machine, results, pollSchedule: pollScheduleTable() });
	console.log(page);
	if (write) {
		const docs = resolve(__dirname, '..', '..', 'docs');
		const json = JSON.stringify({ machine, results }, null, '\t');
		await writeFile(join(docs, 'benchmarks.json'), `${json}\n`);
		await writeFile(join(docs, 'benchmarks.md'), page);
	}
	if (results.some(({ figures }) => figures.some(isMissed))) process.exitCode = 1;
}

async function measureAll(names: string[]): Promise<Result[]> {
	const harness = new Harness();
	for (const name of ['SIGINT', 'SIGTERM'] as const)
		process.once(name, () => void harness.stop().finally(() => process.exit(130)));
	const results: Result[] = [];
	for (const name of names) {
		say(`${name} …`);
		const result = await BENCHES[name]!(harness).catch((error: Error) => failed(name, error));
		say(`  ${JSON.stringify(result.figures)}`);
		results.push(result);
	}
	await harness.stop();
	return results;
}

/** The other benches continue; it is a bound that is missed. */
function failed(name: string, error: Error): Result {
	say(`  ${error.stack}`);
	const what = `not measured: ${error.message.split('\n')[0]}`;
	const figures = [figure(what, NaN, '', { exactly: 1 })];
	return { work: name, method: 'Not measured.', figures };
}

void main();
