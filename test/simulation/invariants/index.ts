import type { MemoryStorage } from '../storage';
import type { World } from '../world';
import { wellIsDelivered } from './delivery';
import { nothingLost, paidOnce } from './money';
import { looksAreSpaced, looksEndInTime, slotsAreKept } from './pace';
import { rowsAreTrue } from './rows';
import { keyIsKept } from './secrets';
import { deadAreLeftAlone, stopMeansStop } from './stop';

/** What must hold in every world, each by its name. */
export const INVARIANTS: Record<string, (world: World, storage: MemoryStorage) => string[]> = {
	paidOnce,
	nothingLost,
	stopMeansStop,
	deadAreLeftAlone,
	keyIsKept,
	rowsAreTrue,
	wellIsDelivered,
	looksAreSpaced,
	looksEndInTime,
	slotsAreKept,
};

/** @returns what does not hold, each with the name of its invariant */
export const check = (world: World, storage: MemoryStorage): string[] =>
	Object.entries(INVARIANTS).flatMap(([name, invariant]) =>
		invariant(world, storage).map((what) => `${name}: ${what}`),
	);
