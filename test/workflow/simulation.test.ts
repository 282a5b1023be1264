import { PLANTS } from '../simulation/plants';
import { handfuls, Workers } from '../simulation/workers';

/**
 * The simulated world (`npm run simulate`), in short: 200 seeds in which everything must hold, and
 * the proof that it can fail. Each runs in a process of its own, under its own clock.
 */
jest.setTimeout(300_000);

let workers: Workers;

beforeAll(() => {
	workers = new Workers(2);
});

afterAll(() => workers.end());

/** Seeds beyond the first two hundred that have shown a fault once. */
const REMEMBERED = [533, 570, 667, 973, 1203, 2947, 2990, 3432, 9202, 11148, 13259];

const told = (failures: Array<{ seed: number; violations: string[] }>) =>
	failures.map(({ seed, violations }) => `npm run simulate -- --seed ${seed}: ${violations[0]}`);

test('what must hold holds in 200 worlds', async () => {
	const lived = await Promise.all(
		[...handfuls(1, 200), REMEMBERED].map(async (seeds) => await workers.live({ seeds })),
	);
	expect(told(lived.flatMap(({ failures }) => failures))).toEqual([]);
});

/** A planted fault shows within so many worlds. */
const ENOUGH = 200;

test.each(PLANTS)('a planted fault is seen: $name', async ({ name, seenAs }) => {
	const [seeds = []] = handfuls(1, ENOUGH, ENOUGH);
	const { failures } = await workers.live({ seeds, fault: name });
	const [first] = failures;
	expect(first?.violations.join('\n')).toContain(seenAs);
});
