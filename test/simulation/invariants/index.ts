import type { Simulation } from '../simulation';
import * as cost from './cost';
import * as delivery from './delivery';
import * as items from './items';
import * as limits from './limits';
import * as money from './money';
import * as secrets from './secrets';
import * as stop from './stop';

/** Says what does not hold. */
type Invariant = (sim: Simulation) => Iterable<string>;

/** What must hold in every simulation, each by its name: all that these files export. */
export const INVARIANTS: Record<string, Invariant> = {
	...money,
	...stop,
	...secrets,
	...items,
	...delivery,
	...limits,
	...cost,
};

/** @returns what does not hold, each with the name of its invariant */
export const check = (sim: Simulation): string[] =>
	Object.entries(INVARIANTS).flatMap(([name, invariant]) =>
		[...invariant(sim)].map((what) => `${name}: ${what}`),
	);
