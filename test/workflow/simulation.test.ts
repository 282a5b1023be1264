import { requireFreshBuild } from '../simulation/build';
import { MUTANTS } from '../simulation/mutants';
import { batches, Workers } from '../simulation/workers';

/**
 * The simulation (`npm run simulate`) in short: 200 seeds for which every invariant must hold, and the
 * proof that each can be violated. It runs in processes of its own, under their own clock, on dist/.
 */
jest.setTimeout(300_000);

let workers: Workers;

beforeAll(() => {
	requireFreshBuild();
	workers = new Workers(2);
});

afterAll(() => workers?.end());

/** Seeds beyond the first two hundred, and the fault that each has found. */
const REMEMBERED: Record<number, string> = {
	224: 'a task that was known to have ended was cancelled',
};

const shown = (failures: Array<{ seed: number; violations: string[] }>) =>
	failures.map(({ seed, violations }) => `npm run simulate -- --seed ${seed}: ${violations[0]}`);

test('every invariant holds for 200 seeds, and for those that have found a fault before', async () => {
	const results = await Promise.all(
		[...batches(1, 200), Object.keys(REMEMBERED).map(Number)].map(
			async (seeds) => await workers.run({ seeds }),
		),
	);
	expect(shown(results.flatMap(({ failures }) => failures))).toEqual([]);
});

/** A mutant shows within so many seeds. */
const ENOUGH = 60;

test.each(MUTANTS)('a mutant is seen: $name', async ({ name, seenAs }) => {
	const [seeds = []] = batches(1, ENOUGH, ENOUGH);
	const { failures } = await workers.run({ seeds, mutant: name });
	expect(failures.flatMap(({ violations }) => violations).join('\n')).toContain(seenAs);
});
