import { batches, Workers } from '../simulation/workers';
import type { Verdict } from './jest';
import type { Mutant } from './mutant';

/** A mutant shows within so many seeds. */
const ENOUGH = 60;

/** Simulates each mutant until its invariant is violated. */
export async function runSimulations(mutants: Mutant[], workerCount: number): Promise<Verdict[]> {
	const workers = new Workers(Math.min(workerCount, mutants.length));
	const [others = []] = batches(1, ENOUGH, ENOUGH);
	return await Promise.all(
		mutants.map(async (mutant): Promise<Verdict> => {
			const { name, caughtBy, seed } = mutant;
			const seeds = seed === undefined ? others : [seed, ...others];
			const { failures } = await workers.run({ seeds, mutant: name });
			const violations = failures.flatMap((failure) => failure.violations);
			if (violations.some((violation) => violation.startsWith(caughtBy))) return { mutant };
			return { mutant, survived: `no violation of ${caughtBy} in ${ENOUGH} seeds` };
		}),
	).finally(() => workers.end());
}
