import { batches, Workers } from '../simulation/workers';
import type { SimulatedMutant } from './mutant';
import type { Verdict } from './jest';

/** A mutant shows within so many seeds. */
const ENOUGH = 60;

/** Simulates each mutant until its invariant is violated. */
export async function runSimulations(
	mutants: SimulatedMutant[],
	workerCount: number,
): Promise<Verdict[]> {
	if (mutants.length === 0) return [];
	const workers = new Workers(Math.min(workerCount, mutants.length));
	const [seeds = []] = batches(1, ENOUGH, ENOUGH);
	return await Promise.all(
		mutants.map(async (mutant): Promise<Verdict> => {
			const { name, seenAs } = mutant;
			const { failures } = await workers.run({ seeds, mutant: name });
			for (const { seed, violations } of failures) {
				const violation = violations.find((one) => one.startsWith(seenAs));
				if (violation) return { mutant, caughtBy: `seed ${seed}: ${violation}` };
			}
			return { mutant, failed: `no violation of ${seenAs} in ${ENOUGH} seeds` };
		}),
	).finally(() => workers.end());
}
