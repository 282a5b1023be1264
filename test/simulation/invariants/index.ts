import type { MemoryStorage } from '../storage';
import type { Simulation } from '../simulation';
import { costIsLinear, nothingIsLeft, responsesAreBounded, turnsAreShort } from './cost';
import { wellIsDelivered } from './delivery';
import { nothingLost, paidOnce } from './money';
import {
	callsAreLimited,
	callsEndInTime,
	callsInFlightAreLimited,
	pollsEndInTime,
	refusalsAreHonoured,
	tasksInFlightAreLimited,
	timeoutsAreKept,
} from './limits';
import { itemsAreTrue } from './items';
import { keyIsKept } from './secrets';
import { deadAreLeftAlone, stopMeansStop } from './stop';

/** What must hold in every simulation, each by its name. */
export const INVARIANTS: Record<string, (sim: Simulation, storage: MemoryStorage) => string[]> = {
	paidOnce,
	nothingLost,
	stopMeansStop,
	deadAreLeftAlone,
	keyIsKept,
	itemsAreTrue,
	wellIsDelivered,
	callsAreLimited,
	refusalsAreHonoured,
	callsInFlightAreLimited,
	callsEndInTime,
	pollsEndInTime,
	tasksInFlightAreLimited,
	timeoutsAreKept,
	costIsLinear,
	turnsAreShort,
	responsesAreBounded,
	nothingIsLeft,
};

/** @returns what does not hold, each with the name of its invariant */
export const check = (sim: Simulation, storage: MemoryStorage): string[] =>
	Object.entries(INVARIANTS).flatMap(([name, invariant]) =>
		invariant(sim, storage).map((what) => `${name}: ${what}`),
	);
