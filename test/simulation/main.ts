import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import buildWhereStale from '../build';
import { mutantNamed } from '../mutants';
import { add } from './tally';
import type { Tally } from './tally';
import { batchesOf, simulateAll } from './workers';

const USAGE = `npm run simulate -- [options]
  --seeds N       how many seeds (1000)
  --from S        the first seed (1)
  --seed S        this seed alone; its trace, if it fails
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
	const { seed, mutant, change } = values;
	if (mutant !== undefined) mutantNamed(mutant);
	buildWhereStale();
	const [from, count] = seed ? [Number(seed), 1] : [Number(values.from), Number(values.seeds)];
	if (!(count > 0) || !Number.isInteger(from)) throw new Error('No seed to run');
	const given = { ...(mutant && { mutant }), ...(change && { changes: JSON.parse(change) }) };
	const batches = batchesOf(from, count).map((batch) => ({ ...batch, ...given }));
	const results = await simulateAll(batches, Number(values.workers));
	const failures = results.flatMap((result) => result.failures);
	const sum: Tally = {};
	for (const { tally } of results)
		for (const [name, many] of Object.entries(tally)) add(sum, name, many);
	for (const name of Object.keys(sum).sort()) console.log(String(sum[name]).padStart(8), name);
	for (const one of failures)
		console.error(`npm run simulate -- --seed ${one.seed}: ${one.violations[0]}`);
	for (const { seed: failed, violations, trace, scenario } of failures.slice(0, MAX_SHOWN)) {
		console.log(`\nSeed ${failed}\n${scenario}\n${trace}\n`);
		for (const violation of violations) console.log(`  ✗ ${violation}`);
	}
	if (failures.length === 0) console.log(`All invariants held for ${count} seeds.`);
	else process.exitCode = 1;
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
