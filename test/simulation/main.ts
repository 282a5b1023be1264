import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Statistics } from './statistics';
import { add, shown } from './statistics';
import type { Failure } from './worker';
import { handfuls, Workers } from './workers';

const USAGE = `npm run simulate -- [options]
  --seeds N       how many worlds (1000)
  --from S        the first seed (1)
  --seed S        this world alone, with its trace
  --plant NAME    with a planted fault (see test/simulation/plants.ts)
  --package DIR   another build of the package than dist/
  --workers N     processes (as many as there are cores)`;

const { values } = parseArgs({
	options: {
		seeds: { type: 'string', default: '1000' },
		from: { type: 'string', default: '1' },
		seed: { type: 'string' },
		plant: { type: 'string' },
		package: { type: 'string' },
		workers: { type: 'string', default: String(availableParallelism()) },
		help: { type: 'boolean', default: false },
	},
});

/** So many failures are told in full. */
const MOST_TOLD = 3;

async function main(): Promise<void> {
	if (values.help) return console.log(USAGE);
	const single = values.seed !== undefined;
	const [from, count] = single ? [Number(values.seed), 1] : [+values.from, +values.seeds];
	const began = Date.now();
	const workers = new Workers(single ? 1 : Math.min(Number(values.workers), Math.ceil(count / 20)));
	const failures: Failure[] = [];
	const statistics: Statistics = {};
	let done = 0;
	const order = { ...(values.plant && { fault: values.plant }), packageFolder: values.package };
	await Promise.all(
		handfuls(from, count).map(async (seeds) => {
			const lived = await workers.live({ seeds, ...order });
			failures.push(...lived.failures);
			add(statistics, lived.statistics);
			done += seeds.length;
			const seconds = (Date.now() - began) / 1000;
			const line = `${done} of ${count} worlds, ${failures.length} bad, ${seconds.toFixed(0)} s`;
			if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
			else if (done % 1000 < seeds.length) console.error(line);
		}),
	).finally(() => workers.end());
	const seconds = (Date.now() - began) / 1000;
	console.log(
		`\nWhat happened in ${done} worlds, in ${seconds.toFixed(1)} s:\n${shown(statistics)}`,
	);
	failures.sort((a, b) => a.seed - b.seed);
	for (const failure of failures.slice(0, MOST_TOLD)) tell(failure);
	for (const { seed, violations } of failures.slice(MOST_TOLD)) {
		console.log(`Seed ${seed}: ${violations[0]} (${violations.length} in all)`);
	}
	if (failures.length > 0) process.exitCode = 1;
	else console.log('\nWhat must hold held in all of them.');
}

function tell({ seed, violations, trace, scenario }: Failure): void {
	const planted = values.plant ? ` --plant '${values.plant}'` : '';
	console.log(`\nSeed ${seed}\n${scenario}\n${trace}\n`);
	for (const violation of violations) console.log(`  ✗ ${violation}`);
	console.log(`\nAgain: npm run simulate -- --seed ${seed}${planted}`);
}

void main();
