import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import buildWhereStale from '../build';
import { mutantNamed } from '../mutants';
import type { Scenario } from './scenario';
import type { Statistics } from './statistics';
import { add, shown } from './statistics';
import type { Failure } from './worker';
import { batches, Workers } from './workers';

const USAGE = `npm run simulate -- [options]
  --seeds N       how many seeds (1000)
  --from S        the first seed (1)
  --seed S        this seed alone, with its trace
  --mutant NAME   with a mutant (see test/mutants)
  --change JSON   changes to the scenario of each seed, for example '{"items": 300}'
  --workers N     processes (as many as there are cores)`;

const { values } = parseArgs({
	options: {
		seeds: { type: 'string', default: '1000' },
		from: { type: 'string', default: '1' },
		seed: { type: 'string' },
		mutant: { type: 'string' },
		change: { type: 'string' },
		workers: { type: 'string', default: String(availableParallelism()) },
		help: { type: 'boolean', default: false },
	},
});

/** So many failures are shown in full. */
const MAX_SHOWN = 3;

async function main(): Promise<void> {
	if (values.help) return console.log(USAGE);
	const { mutant } = values;
	if (mutant !== undefined) mutantNamed(mutant);
	buildWhereStale();
	const single = values.seed !== undefined;
	const [from, count] = single ? [Number(values.seed), 1] : [+values.from, +values.seeds];
	if (!(count > 0) || !Number.isInteger(from)) throw new Error('No seed to run');
	const startedAt = Date.now();
	const workers = new Workers(single ? 1 : Math.min(Number(values.workers), Math.ceil(count / 20)));
	const failures: Failure[] = [];
	const statistics: Statistics = {};
	let done = 0;
	const options = {
		...(mutant && { mutant }),
		...(values.change && { changes: JSON.parse(values.change) as Partial<Scenario> }),
	};
	await Promise.all(
		batches(from, count).map(async (seeds) => {
			const result = await workers.run({ seeds, ...options });
			failures.push(...result.failures);
			for (const { seed, violations } of result.failures) {
				console.error(`Seed ${seed}: ${violations[0]} (${violations.length} in all)`);
			}
			add(statistics, result.statistics);
			done += seeds.length;
			const seconds = (Date.now() - startedAt) / 1000;
			const line = `${done} of ${count} seeds, ${failures.length} failed, ${seconds.toFixed(0)} s`;
			if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
			else if (done % 200 < seeds.length) console.error(line);
		}),
	).finally(() => workers.end());
	const seconds = (Date.now() - startedAt) / 1000;
	console.log(`\nStatistics (${done} seeds, ${seconds.toFixed(1)} s):\n${shown(statistics)}`);
	failures.sort((a, b) => a.seed - b.seed);
	for (const failure of failures.slice(0, MAX_SHOWN)) show(failure);
	for (const { seed, violations } of failures.slice(MAX_SHOWN)) {
		console.log(`Seed ${seed}: ${violations[0]} (${violations.length} in all)`);
	}
	if (failures.length > 0) process.exitCode = 1;
	else console.log('\nAll invariants held.');
}

function show({ seed, violations, trace, scenario }: Failure): void {
	const mutant = values.mutant ? ` --mutant '${values.mutant}'` : '';
	const change = values.change ? ` --change '${values.change}'` : '';
	console.log(`\nSeed ${seed}\n${scenario}\n${trace}\n`);
	for (const violation of violations) console.log(`  ✗ ${violation}`);
	console.log(`\nReproduce: npm run simulate -- --seed ${seed}${mutant}${change}`);
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
