import type { RunRecord } from '../history';
import type { World } from '../world';
import {
	endSeenAt,
	isFine,
	isKnownDead,
	isLost,
	knownTasks,
	mayBeGivenUp,
	wasStopped,
} from './facts';

/** Stop means stop, here and in the cloud; and a run that has ended is quiet. */
export const stopMeansStop = (world: World): string[] =>
	world.history.runs.flatMap((run) => [
		...isQuiet(world, run),
		...(wasStopped(run) ? [...endsSoon(world, run), ...cancelsOpenTasks(world, run)] : []),
		...(!wasStopped(run) && run.stoppedAt !== undefined && run.stoppedAt < run.endedAt
			? [`Stopped at ${run.stoppedAt}, but the run ended as ${run.result.status}`]
			: []),
	]);

const exchangesOf = (world: World, { execution }: RunRecord) =>
	world.history.exchanges.filter((one) => one.execution === execution);

function isQuiet(world: World, run: RunRecord): string[] {
	const stopped = wasStopped(run);
	const quietFrom = stopped ? run.stoppedAt! : run.endedAt;
	return exchangesOf(world, run)
		.filter(({ at, call }) => at > quietFrom && !(stopped && call === 'cancel'))
		.map(({ call, at, url }) => `A ${call} call left at ${at}, after the end: ${url}`);
}

/** n8n's own pauses, between tries and between batches, outlast a Stop; nothing of the node does. */
function endsSoon(world: World, run: RunRecord): string[] {
	const { batchInterval, waitBetweenTries, items, tries } = world.scenario;
	const cancels = exchangesOf(world, run).filter(
		({ call, at }) => call === 'cancel' && at >= run.stoppedAt!,
	);
	const smooth = cancels.every((one) => isFine(one) && one.fault === 'none');
	const pauses = tries * (items * batchInterval + waitBetweenTries);
	const most = (smooth ? 2_000 : 35_000) + pauses;
	const took = run.endedAt - run.stoppedAt!;
	return took > most ? [`The run ended ${took} ms after Stop`] : [];
}

function cancelsOpenTasks(world: World, run: RunRecord): string[] {
	const { cancelOnStop, wait, operation } = world.scenario;
	if (operation === 'cancel') return [];
	const stop = run.stoppedAt!;
	const cancels = exchangesOf(world, run).filter(({ call, at }) => call === 'cancel' && at >= stop);
	if (wait && !cancelOnStop) {
		return cancels.map(({ requestId }) => `${requestId} was cancelled, though that is off`);
	}
	if (operation !== 'generate') return [];
	return knownTasks(world)
		.filter(({ create, at }) => create.execution === run.execution || (wait && at < run.startedAt))
		.filter(({ requestId }) => endSeenAt(world, requestId) > stop || cancelledBy(requestId))
		.flatMap(({ requestId, at }) => {
			// Without waiting, a task is handed on, and no longer the node's, as soon as it is known.
			if (!wait && at <= stop) return [];
			if (at <= stop && isLost(world, requestId, stop)) return [];
			const from = Math.max(stop, at);
			if (cancels.some((one) => one.requestId === requestId && one.at <= from + 1_000)) return [];
			if (at <= stop && mayBeGivenUp(world, requestId, at, stop)) return [];
			return [`Task ${requestId} was open at Stop (${stop}) and got no cancel within a second`];
		});

	function cancelledBy(requestId: string): boolean {
		return cancels.some((one) => one.requestId === requestId);
	}
}

/** No cancel for a task of which the node has heard that it runs no more. */
export function deadAreLeftAlone(world: World): string[] {
	if (world.scenario.operation === 'cancel') return [];
	return world.history.exchanges
		.filter(({ call, requestId, at, nodeRun }) => {
			if (call !== 'cancel' || requestId === undefined) return false;
			// Of a task that the user has named, a try does not know what an earlier one has heard.
			const since = world.scenario.operation === 'generate' ? 0 : nodeRun;
			return isKnownDead(world, requestId, at, since);
		})
		.map(
			({ requestId, at }) => `Task ${requestId} was known to have ended, and cancelled at ${at}`,
		);
}
