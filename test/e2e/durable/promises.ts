import type { Mode } from '../processes';
import { useDurablePair } from './durablePair';
import { killedInEachPhase } from './killing';
import { orders } from './ordering';
import { recoveringFromLog } from './recovering';
import { retrying } from './retrying';

/** Kills n8n in every phase of an order of the durable workflows, and counts what was created and delivered. */
export function durablePromises(mode: Mode): void {
	jest.setTimeout(15 * 60_000);
	describe(`In ${mode} mode`, () => {
		const pair = useDurablePair(mode);
		killedInEachPhase(pair);
		orders(pair);
		retrying(pair);
		recoveringFromLog(pair);
	});
}
