import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import buildWhereStale from '../build';
import { MUTANTS } from '.';
import { runTests } from './jest';
import { isSimulated } from './mutant';
import { runSimulations } from './simulated';

const USAGE = `npm run mutants -- [options] [words]
  words           only the mutants whose name or file has one of them
  --workers N     processes (as many as there are cores)`;

const { values, positionals } = parseArgs({
	options: {
		workers: { type: 'string', default: String(availableParallelism()) },
		help: { type: 'boolean', default: false },
	},
	allowPositionals: true,
});

async function main(): Promise<void> {
	if (values.help) return console.log(USAGE);
	const mutants = MUTANTS.filter(
		({ name, file }) =>
			positionals.length === 0 ||
			positionals.some((word) => name.includes(word) || file.includes(word)),
	);
	if (mutants.length === 0) throw new Error('There is no such mutant');
	buildWhereStale();
	const workers = Number(values.workers);
	const startedAt = Date.now();
	const verdicts = [
		...(await runTests(
			mutants.filter((one) => !isSimulated(one)),
			workers,
		)),
		...(await runSimulations(mutants.filter(isSimulated), workers)),
	];
	const survivors = verdicts.filter(({ survived }) => survived !== undefined);
	for (const { mutant, survived } of survivors) {
		console.log(`\nSURVIVED: ${mutant.name} (${mutant.file})\n    ${survived}`);
	}
	const seconds = Math.round((Date.now() - startedAt) / 1000);
	console.log(
		`\n${verdicts.length - survivors.length} passed, ${survivors.length} failed, ${seconds} s`,
	);
	if (survivors.length > 0) process.exitCode = 1;
}

main().catch((error: Error) => {
	console.error(error.stack);
	process.exitCode = 1;
});
