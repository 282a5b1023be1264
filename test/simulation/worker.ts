import { prepareGround } from './ground';
import { plant, PLANTS } from './plants';
import type { Ground } from './simulate';
import { simulate } from './simulate';
import type { Statistics } from './statistics';
import { add, countIn } from './statistics';

/** A process that lives through worlds; a message is a handful of seeds, the answer what became of them. */

export type Handful = {
	seeds: number[];
	/** Name of a planted fault; then the first seed that shows it ends the handful. */
	fault?: string;
	packageFolder?: string;
};

export type Failure = { seed: number; violations: string[]; trace: string; scenario: string };

/** What a worker sends where it could not live through its handful. */
export type Broken = { broken: string };

export type Lived = { failures: Failure[]; statistics: Statistics };

let ground: Ground | undefined;
let planted: string | undefined;

async function liveThrough({ seeds, fault, packageFolder }: Handful): Promise<Lived> {
	if (!ground || planted !== fault) {
		await ground?.engine.stop();
		plant(
			PLANTS.find(({ name }) => name === fault),
			packageFolder,
		);
		ground = await prepareGround(packageFolder);
		planted = fault;
	}
	const lived: Lived = { failures: [], statistics: {} };
	for (const seed of seeds) {
		const { violations, world } = await simulate(seed, ground);
		add(lived.statistics, countIn(world));
		if (violations.length === 0) continue;
		const { history, scenario } = world;
		const { key: _, ...told } = scenario;
		const trace = history.trace();
		lived.failures.push({ seed, violations, trace, scenario: JSON.stringify(told) });
		if (fault !== undefined) break;
	}
	return lived;
}

process.on('message', (handful: Handful) => {
	liveThrough(handful).then(
		(lived) => process.send?.(lived),
		(error: Error) => process.send?.({ broken: error.stack ?? error.message }),
	);
});
