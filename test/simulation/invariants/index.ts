import type { Simulation } from '../simulation';
import type { MemoryStorage } from '../storage';
import * as cost from './cost';
import * as delivery from './delivery';
import * as items from './items';
import * as limits from './limits';
import * as money from './money';
import * as secrets from './secrets';
import * as stop from './stop';

type Invariant = (sim: Simulation, storage: MemoryStorage) => string[];

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
export const check = (sim: Simulation, storage: MemoryStorage): string[] =>
	Object.entries(INVARIANTS).flatMap(([name, invariant]) =>
		invariant(sim, storage).map((what) => `${name}: ${what}`),
	);
