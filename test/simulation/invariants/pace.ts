import type { World } from '../world';
import { endSeenAt, knownTasks, mayBeGivenUp } from './facts';

const MOST_LOOKS = 10;

/** At most ten looks in any second of one run of the node. */
export function looksAreSpaced(world: World): string[] {
	const looks = world.history.exchanges.filter(({ call }) => call === 'status');
	const crowded = looks.flatMap((first, index) => {
		const eleventh = looks.slice(index + 1).filter(({ nodeRun }) => nodeRun === first.nodeRun)[
			MOST_LOOKS - 1
		];
		return eleventh && eleventh.at - first.at < 1_000
			? [`More than ${MOST_LOOKS} status calls in the second from ${first.at}`]
			: [];
	});
	return crowded.slice(0, 1);
}

/** No look at a task that the node has created once its time is up. */
export function looksEndInTime(world: World): string[] {
	const { scenario, history } = world;
	// Cancelling at the time-out may be followed by looks, and a retry begins its time anew.
	if (scenario.operation !== 'generate' || scenario.onTimeout === 'cancel') return [];
	return knownTasks(world).flatMap(({ requestId, at, create }) => {
		const until = at + scenario.timeout * 1000;
		const asked = history.exchanges.find((o) => o.call === 'result' && o.requestId === requestId);
		return history.exchanges
			.filter((one) => one.call === 'status' && one.requestId === requestId)
			.filter((one) => one.nodeRun === create.nodeRun && one.at > until)
			.filter((one) => one.at < (asked?.at ?? Infinity))
			.map((one) => `A look at ${requestId} at ${one.at}, after its time was up at ${until}`);
	});
}

/** Never more open tasks, as the node can know them, than the user allows. */
export function slotsAreKept(world: World): string[] {
	const { scenario, history } = world;
	if (scenario.operation !== 'generate' || !scenario.wait) return [];
	const tasks = knownTasks(world).map((known) => ({
		...known,
		ended: endSeenAt(world, known.requestId),
	}));
	const creates = history.exchanges.filter(({ call }) => call === 'create');
	return creates.flatMap((create) => {
		const pending = creates.filter(
			(one) =>
				one.nodeRun === create.nodeRun &&
				one.at <= create.at &&
				(one.endedAt ?? Infinity) > create.at,
		);
		const open = tasks.filter(
			({ at, ended, requestId, create: own }) =>
				own.execution === create.execution &&
				at <= create.at &&
				ended > create.at &&
				!mayBeGivenUp(world, requestId, at, create.at),
		);
		const now = pending.length + open.length;
		return now > scenario.inFlight
			? [`${now} tasks were open at ${create.at}, of ${scenario.inFlight} allowed`]
			: [];
	});
}
