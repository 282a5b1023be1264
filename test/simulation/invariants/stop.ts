import type { Exchange, RunRecord } from '../history';
import type { Simulation } from '../simulation';
import { endSeenAt, isFine, isKnownDead, knownTasks, wasStopped } from './facts';
import type { Known } from './facts';

/** How long an item stays pending after Stop for its task to be seen to; ms. */
const STOP_GRACE_MS = 10_000;
/** Cancels after Stop: so many a second, repeated for so long, and for so long against 404. */
const CANCELS_PER_SECOND = 10;
const CANCEL_BUDGET_MS = 600_000;
const NOT_FOUND_GRACE_MS = 30_000;

/** Stop means stop, here and in the cloud; and a run that has ended is quiet. */
export function* stopMeansStop(sim: Simulation) {
	for (const run of sim.history.runs) {
		const { stoppedAt, endedAt, result } = run;
		yield* isQuiet(sim, run);
		if (wasStopped(run)) {
			yield* endsSoon(sim, run);
			yield* cancelsOpenTasks(sim, run);
		} else if (stoppedAt !== undefined && stoppedAt < endedAt) {
			yield `Stopped at ${stoppedAt}, but the run ended as ${result.status}`;
		}
	}
}

const exchangesOf = (sim: Simulation, { execution }: RunRecord) =>
	sim.history.exchanges.filter((one) => one.execution === execution);

const cancelsAfterStop = (sim: Simulation, run: RunRecord) =>
	exchangesOf(sim, run).filter(({ call, at }) => call === 'cancel' && at >= run.stoppedAt!);

function* isQuiet(sim: Simulation, run: RunRecord) {
	const stopped = wasStopped(run);
	const quietFrom = stopped ? run.stoppedAt! : run.endedAt;
	for (const { at, call, url } of exchangesOf(sim, run)) {
		if (at <= quietFrom || (stopped && call === 'cancel')) continue;
		yield `A ${call} call left at ${at}, after the end: ${url}`;
	}
}

/** n8n's own pauses, between tries and between batches, outlast a Stop; nothing of the node does. */
function* endsSoon(sim: Simulation, run: RunRecord) {
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
	if (took > most + pauses + 100) yield `The run ended ${took} ms after Stop`;
}

/**
 * Whatever this execution has open is cancelled: items that wait, that have failed, that n8n drops,
 * creates that are still under way.
 */
function* cancelsOpenTasks(sim: Simulation, run: RunRecord) {
	const { cancelOnStop, operation } = sim.scenario;
	const stop = run.stoppedAt!;
	if (operation === 'cancel') return;
	const cancels = cancelsAfterStop(sim, run);
	if (!cancelOnStop) {
		for (const { at, requestId } of cancels) {
			if (at > stop) yield `${requestId} was cancelled, though that is off`;
		}
		return;
	}
	if (operation !== 'generate') return;
	// A long hold keeps back the cancels of all.
	if (cancels.some(({ retryAfterMs = 0 }) => retryAfterMs > CANCEL_BUDGET_MS)) return;
	for (const { requestId, at } of openAtStop(sim, run)) {
		const own = cancels.filter((one) => one.requestId === requestId);
		const [first, last] = [own[0], own.at(-1)];
		if (!first || !last) {
			yield `Task ${requestId} was open at Stop (${stop}) and was never cancelled`;
			continue;
		}
		// Where nothing holds the cancels back, each leaves in its turn.
		const smooth = cancels.every(({ fault }) => fault === 'none');
		const took = first.at - Math.max(stop, at);
		const most = 1_000 + (cancels.length * 1_100) / CANCELS_PER_SECOND;
		if (smooth && took > most) yield `Task ${requestId} was cancelled ${took} ms after Stop`;
		// It continues until the task is cancelled or has ended, or the service says no for good.
		const lasted = (last.endedAt ?? Infinity) - first.at;
		if (lasted >= budgetFor(last)) continue;
		yield `The cancels of ${requestId} (created ${at}) were given up after ${lasted} ms`;
	}
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
export function* deadAreLeftAlone(sim: Simulation) {
	const { operation } = sim.scenario;
	if (operation === 'cancel') return;
	for (const one of sim.history.exchanges) {
		const { call, requestId, nodeRun, at } = one;
		if (call !== 'cancel' || requestId === undefined) continue;
		// Of a task that the user has named, a try does not know what an earlier one has heard.
		const since = operation === 'generate' ? 0 : nodeRun;
		if (!isKnownDead(sim, one, since)) continue;
		yield `Task ${requestId} was known to have ended, and cancelled at ${at}`;
	}
}
