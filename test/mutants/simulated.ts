import { simulateAll } from '../simulation/workers';
import type { Verdict } from './jest';
import type { Mutant } from './mutant';

/** A mutant shows within so many seeds, of which its own comes first. */
const ENOUGH = 60;
const SEEDS = Array.from({ length: ENOUGH }, (_, index) => index + 1);

/** Simulates each mutant until its invariant is violated. */
export async function runSimulations(mutants: Mutant[], workers: number): Promise<Verdict[]> {
	const batches = mutants.map(({ name, seed = 1 }) => ({
		seeds: [...new Set([seed, ...SEEDS])],
		mutant: name,
	}));
	const results = await simulateAll(batches, workers);
	return mutants.map((mutant, index): Verdict => {
		const { caughtBy } = mutant;
		const violations = results[index]!.failures.flatMap((failure) => failure.violations);
		if (violations.some((violation) => violation.startsWith(caughtBy))) return { mutant };
		return { mutant, survived: `no violation of ${caughtBy} in ${ENOUGH} seeds` };
	});
}
