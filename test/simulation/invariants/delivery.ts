import type { RunRecord } from '../history';
import type { MemoryStorage } from '../storage';
import type { Task } from '../task';
import type { World } from '../world';
import { knownTasks } from './facts';
import { rowsOf } from './rows';

/**
 * What goes well is delivered: an item that no misfortune has met, whose task ended well and in
 * time, has its images. Without this, a node that fails everything would pass.
 */
export function wellIsDelivered(world: World, storage: MemoryStorage): string[] {
	const { scenario, history } = world;
	const [run, ...others] = history.runs;
	if (!run || others.length > 0 || run.stoppedAt !== undefined || storage.failures > 0) return [];
	if (scenario.operation !== 'generate' || !scenario.wait) return [];
	return knownTasks(world)
		.map(({ requestId, at }) => ({ task: world.service.tasks.get(requestId)!, at }))
		.filter(({ task, at }) => isLucky(world, task, at))
		.flatMap(({ task }) => missing(world, run, task));
}

function isLucky(world: World, task: Task, known: number): boolean {
	const { requestId } = task;
	// A look or a result that was refused as one too many holds back those of all.
	const met = world.history.exchanges.filter(
		(one) =>
			one.fault !== 'none' &&
			(one.requestId === requestId ||
				one.accepted === requestId ||
				(one.fault.startsWith('tooMany') && one.call !== 'create' && one.call !== 'image')),
	);
	const deadline = known + world.scenario.timeout * 1000;
	const wellInTime = task.ending === 'good' && task.endsAt < deadline - lastLooks(world, deadline);
	const visible = task.knownFrom < task.born + 5_000 && task.resultFrom < task.endsAt + 30_000;
	const whole = task.pictures.every(({ lasting }) => lasting === 'none');
	return met.length === 0 && wellInTime && visible && whole;
}

/** How long the last looks at all tasks of about one deadline may take, one after the other; ms. */
function lastLooks(world: World, deadline: number): number {
	const deadlines = knownTasks(world).map(({ at }) => at + world.scenario.timeout * 1000);
	const shared = deadlines.filter(
		(one) => Math.abs(one - deadline) < world.scenario.inFlight * 110,
	);
	return 1_000 + shared.length * 110;
}

function missing({ scenario }: World, run: RunRecord, task: Task): string[] {
	// One failure ends a run under "Stop Workflow", and with it the rows of all.
	if (run.result.status !== 'success') {
		return scenario.onError === 'stopWorkflow' ? [] : [`The run ended as ${run.result.status}`];
	}
	const rows = rowsOf(run).filter(({ row }) => row.json.request_id === task.requestId);
	const files = rows.flatMap(({ row }) => Object.keys(row.binary ?? {})).length;
	const wanted = scenario.download ? task.pictures.length : 0;
	if (rows.length > 0 && files >= wanted) return [];
	return [`Item ${task.item} met no misfortune, and got ${files} of ${wanted} images`];
}
