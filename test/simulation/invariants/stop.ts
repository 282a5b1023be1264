import type { Exchange, RunRecord } from '../history';
import type { Simulation } from '../simulation';
import { endSeenAt, isFine, isKnownDead, knownTasks, wasStopped, type Known } from './facts';

/** How long an item stays pending after Stop for its task to be seen to; ms. */
const STOP_GRACE_MS = 10_000;
/** Cancels after Stop: so many a second, repeated for so long, and for so long against 404. */
const CANCELS_PER_SECOND = 10;
const CANCEL_BUDGET_MS = 600_000;
const NOT_FOUND_GRACE_MS = 30_000;

/** Stop means stop, here and in the cloud; and a run that has ended is quiet. */
export const stopMeansStop = (sim: Simulation): string[] =>
	sim.history.runs.flatMap((run) => [
		...isQuiet(sim, run),
		...(wasStopped(run) ? [...endsSoon(sim, run), ...cancelsOpenTasks(sim, run)] : []),
		...(!wasStopped(run) && run.stoppedAt !== undefined && run.stoppedAt < run.endedAt
			? [`Stopped at ${run.stoppedAt}, but the run ended as ${run.result.status}`]
			: []),
	]);

const exchangesOf = (sim: Simulation, { execution }: RunRecord) =>
	sim.history.exchanges.filter((one) => one.execution === execution);

const cancelsAfterStop = (sim: Simulation, run: RunRecord) =>
	exchangesOf(sim, run).filter(({ call, at }) => call === 'cancel' && at >= run.stoppedAt!);

function isQuiet(sim: Simulation, run: RunRecord): string[] {
	const stopped = wasStopped(run);
	const quietFrom = stopped ? run.stoppedAt! : run.endedAt;
	return exchangesOf(sim, run)
		.filter(({ at, call }) => at > quietFrom && !(stopped && call === 'cancel'))
		.map(({ call, at, url }) => `A ${call} call left at ${at}, after the end: ${url}`);
}

/** n8n's own pauses, between tries and between batches, outlast a Stop; nothing of the node does. */
function endsSoon(sim: Simulation, run: RunRecord): string[] {
	const { batchInterval, waitBetweenTries, items, tries } = sim.scenario;
	const stop = run.stoppedAt!;
	const cancels = cancelsAfterStop(sim, run);
	const open = exchangesOf(sim, run).filter(
		({ call, at, endedAt = Infinity }) => call === 'create' && at <= stop && endedAt > stop,
	);
	const smooth = open.length === 0 && cancels.every((one) => isFine(one) && one.fault === 'none');
	const pauses = tries * (items * batchInterval + waitBetweenTries);
	const each = 1_000 / CANCELS_PER_SECOND;
	const most = Math.min(smooth ? 1_000 + 1.1 * each * cancels.length : Infinity, STOP_GRACE_MS);
	const took = run.endedAt - stop;
	return took > most + pauses + 100 ? [`The run ended ${took} ms after Stop`] : [];
}

/**
 * Whatever this execution has open is cancelled: items that wait, that have failed, that n8n drops,
 * creates that are still under way.
 */
function cancelsOpenTasks(sim: Simulation, run: RunRecord): string[] {
	const { cancelOnStop, operation } = sim.scenario;
	if (operation === 'cancel') return [];
	const cancels = cancelsAfterStop(sim, run);
	if (!cancelOnStop) {
		return cancels
			.filter(({ at }) => at > run.stoppedAt!)
			.map(({ requestId }) => `${requestId} was cancelled, though that is off`);
	}
	if (operation !== 'generate') return [];
	// A long hold keeps back the cancels of all.
	if (cancels.some(({ retryAfterMs = 0 }) => retryAfterMs > CANCEL_BUDGET_MS)) return [];
	return openAtStop(sim, run).flatMap((known) => {
		const own = cancels.filter(({ requestId }) => requestId === known.requestId);
		return own.length === 0
			? [`Task ${known.requestId} was open at Stop (${run.stoppedAt}) and was never cancelled`]
			: [...beginsSoon(known, own, cancels, run.stoppedAt!), ...isSeenThrough(known, own)];
	});
}

function openAtStop(sim: Simulation, { execution, stoppedAt }: RunRecord): Known[] {
	const lineage = sim.history.lineage(execution);
	// A try knows of a task from before its execution once its item has been started.
	const isHeld = ({ create }: Known) =>
		create.execution === execution ||
		(sim.scenario.batchInterval === 0 && lineage.has(create.execution));
	return knownTasks(sim).filter(
		(known) => isHeld(known) && endSeenAt(sim, known.requestId) > stoppedAt!,
	);
}

/** Where nothing holds the cancels back, each leaves in its turn. */
function beginsSoon(known: Known, own: Exchange[], all: Exchange[], stop: number): string[] {
	const smooth = all.every(({ fault }) => fault === 'none');
	const from = Math.max(stop, known.at);
	const most = 1_000 + (all.length * 1_100) / CANCELS_PER_SECOND;
	const took = own[0]!.at - from;
	return smooth && took > most
		? [`Task ${known.requestId} was cancelled ${took} ms after Stop`]
		: [];
}

/** It continues until the task is cancelled or has ended, or the service says no for good. */
function isSeenThrough({ requestId, at }: Known, own: Exchange[]): string[] {
	const last = own.at(-1)!;
	const lasted = (last.endedAt ?? Infinity) - own[0]!.at;
	return lasted >= budgetFor(last)
		? []
		: [`The cancels of ${requestId} (created ${at}) were given up after ${lasted} ms`];
}

/**
 * How long cancels go on whose last answer is this one; 0 where it settles the matter. A success has to
 * be read as a whole. Of an error the status is enough, however large its body is: 400 says that the
 * task has ended already.
 */
function budgetFor({ outcome }: Exchange): number {
	// A pause that would end past the budget is not begun, so some of it may be left.
	const most = CANCEL_BUDGET_MS - 40_000;
	if (outcome === undefined || outcome.kind === 'failed') return most;
	const status = outcome.kind === 'aborted' ? outcome.begunWith : outcome.status;
	if (status === undefined || (status < 300 && outcome.kind !== 'answered')) return most;
	if (status === 404) return NOT_FOUND_GRACE_MS;
	return status >= 500 || [408, 425, 429].includes(status) ? most : 0;
}

/** No cancel for a task of which the node knows that it has ended. */
export function deadAreLeftAlone(sim: Simulation): string[] {
	if (sim.scenario.operation === 'cancel') return [];
	return sim.history.exchanges.flatMap((one) => {
		const { call, requestId, nodeRun, at } = one;
		if (call !== 'cancel' || requestId === undefined) return [];
		// Of a task that the user has named, a try does not know what an earlier one has heard.
		const since = sim.scenario.operation === 'generate' ? 0 : nodeRun;
		if (!isKnownDead(sim, one, since)) return [];
		return [`Task ${requestId} was known to have ended, and cancelled at ${at}`];
	});
}
