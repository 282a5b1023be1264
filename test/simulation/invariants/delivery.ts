import type { RunRecord } from '../history';
import type { Scenario } from '../scenario';
import type { Simulation } from '../simulation';
import type { DrawnTask } from '../plan';
import { itemOf } from '../workflow';
import { knownTasks, outputsOf, wasKilled } from './facts';

/** More tasks than these, where calls fail, may keep each other from their turns. */
const FEW = 40;

/** How long the service may be behind itself: for tasks of this execution, and for IDs that a user gave. */
const NOT_FOUND_GRACE_MS = 30_000;
const RESULT_GRACE_MS = 150_000;

/**
 * What goes well is delivered: an item that no fault has met, whose task succeeded and in time, has
 * its images. Without this, a node that fails everything would pass.
 */
export function* wellIsDelivered(sim: Simulation) {
	const { scenario, history, service, faults, engine } = sim;
	const { operation, wait, items, collects } = scenario;
	const [run, ...others] = history.runs;
	if (collects) return yield* savedIsDelivered(sim);
	if (!run || others.length > 0 || run.stoppedAt !== undefined) return;
	if (engine.storage.failures > 0) return;
	if (!wait || (faults.faultRate > 0 && items > FEW)) return;
	if (operation === 'generate') {
		for (const { requestId, at } of knownTasks(sim)) {
			const task = service.tasks.get(requestId)!;
			if (isLucky(sim, task, at)) yield* missing(sim, run, task);
		}
	} else if (operation === 'getResult' && !isShifted(scenario)) {
		for (const task of service.tasks.values()) {
			if (!isKnown(task, run) || !isLucky(sim, task, run.startedAt)) continue;
			yield* missing(sim, run, task);
		}
	}
}

/** An ID that the user gave must be known from the beginning; n8n starts the items all at once. */
const isKnown = ({ createdAt, plan }: DrawnTask, { startedAt }: RunRecord) =>
	createdAt + plan.knownFrom <= startedAt;

const isShifted = ({ batchInterval, wallClock }: Scenario) =>
	batchInterval > 0 || wallClock.length > 0;

/**
 * "Retry execution" of one that was killed while Get Result waited brings every image, where n8n had
 * saved what Generate has put out.
 */
function* savedIsDelivered(sim: Simulation): Iterable<string> {
	const { scenario, history, service, engine } = sim;
	const [killed, run] = history.runs;
	if (!killed || !run || !wasKilled(killed) || !history.lineage(2).has(1)) return;
	if (engine.storage.failures > 0 || isShifted(scenario)) return;
	const tasks = knownTasks(sim).map(({ requestId }) => service.tasks.get(requestId)!);
	// One failure ends the run, and with it the items of all.
	if (!tasks.every((task) => isKnown(task, run) && isLucky(sim, task, run.startedAt))) return;
	const { status, error } = run.result;
	if (status !== 'success')
		return yield `The retry of a killed execution failed: ${error?.message}`;
	for (const task of tasks) yield* missing(sim, run, task);
}

function isLucky(sim: Simulation, task: DrawnTask, from: number): boolean {
	const { id: requestId, plan, createdAt, endsAt } = task;
	const met = sim.history.exchanges.some(({ fault, call, accepted, requestId: about }) => {
		if (fault === 'none') return false;
		// What was refused as one too many holds back all calls of its kind.
		const holdsAll = fault.startsWith('tooMany') && call !== 'create';
		return about === requestId || accepted === requestId || holdsAll;
	});
	const deadline = from + sim.scenario.timeout * 1000;
	const wellInTime =
		plan.ending.how === 'succeeded' && endsAt < deadline - lastPolls(sim, deadline);
	const visibleFrom = createdAt + plan.knownFrom;
	const isVisible =
		visibleFrom < Math.min(createdAt + NOT_FOUND_GRACE_MS - 3_000, deadline - 20_000) &&
		createdAt + plan.resultFrom < endsAt + RESULT_GRACE_MS;
	const isRead = itemOf(task) < (sim.scenario.throwsFrom ?? Infinity);
	return !met && wellInTime && isVisible && isRead && plan.isWhole;
}

/** How long the last polls of all tasks of about one deadline may take, one after the other; ms. */
function lastPolls(sim: Simulation, deadline: number): number {
	const { scenario } = sim;
	if (scenario.operation !== 'generate' || scenario.collects) return 1_000 + scenario.items * 110;
	const near = Math.min(scenario.inFlight, scenario.items) * 110;
	const shared = knownTasks(sim).filter(
		({ at }) => Math.abs(at + scenario.timeout * 1000 - deadline) < near,
	);
	return 1_000 + shared.length * 110;
}

function* missing({ scenario }: Simulation, run: RunRecord, task: DrawnTask) {
	// One failure ends a run under "Stop Workflow", and with it the items of all.
	if (run.result.status !== 'success') {
		if (scenario.onError !== 'stopWorkflow') yield `The run ended as ${run.result.status}`;
		return;
	}
	const outputs = outputsOf(run).filter(({ item }) => item.json.request_id === task.id);
	const files = outputs.flatMap(({ item }) => Object.keys(item.binary ?? {})).length;
	const wanted = scenario.download ? task.images.length : 0;
	if (outputs.length > 0 && files >= wanted) return;
	yield `Item ${itemOf(task)} met no fault, and got ${files} of ${wanted} images`;
}
