import type { IRunExecutionData } from 'n8n-workflow';
import type { Execution } from '../harness/execution';
import { storedAndRead } from '../harness/run';
import type { Run, RunOptions } from '../harness/run';
import { aftermathLimitMs, executionLimitMs } from './executionLimit';
import type { RunRecord } from './history';
import { check } from './invariants';
import { wasKilled } from './invariants/facts';
import { Leftovers } from './leftovers';
import { Random } from './random';
import { drawBatchSize, drawCrash, drawScenario } from './scenario';
import type { Scenario } from './scenario';
import { Simulation } from './simulation';
import type { SimulationEngine } from './simulationEngine';
import { installTransport } from './transport';
import { itemsOf, TRIGGER, workflowOf } from './workflow';

/**
 * One simulation: a workflow that is set up, run, stopped and retried, and then checked against the
 * invariants; `history.violations` says what does not hold.
 *
 * @param changes to what the seed draws, to look into a fault
 */
export async function simulate(
	seed: number,
	engine: SimulationEngine,
	changes: Partial<Scenario> = {},
): Promise<Simulation> {
	const random = new Random(seed);
	const drawn = drawScenario(random);
	// From a source of its own: what else a seed draws stays as it was.
	const crash = drawCrash(drawn, new Random(seed + 2));
	const batches = drawBatchSize(drawn, new Random(seed + 3));
	const scenario = { ...drawn, ...crash, ...batches, ...changes };
	const simulation = new Simulation(scenario, random, engine);
	const { history, clock } = simulation;
	const uninstallTransport = installTransport(simulation);
	const systemRandom = Math.random;
	// What the node draws is drawn from the seed, too.
	const nodeRandom = new Random(seed + 1);
	Math.random = () => nodeRandom.next();
	engine.storage.empty(() => simulation.faults.faultRate > 0 && random.chance(0.01));
	engine.keyOutlivesItem = !scenario.keyFromExpression;
	for (const { atMs, byMs } of scenario.wallClock) {
		clock.after(atMs, () => {
			history.note(clock.now, `the system's clock is set by ${Math.round(byMs / 1000)} s`);
			clock.moveWallClock(byMs);
		});
	}
	const leftovers = new Leftovers();
	try {
		await runAll(simulation, leftovers);
		history.violations.push(...check(simulation));
		for (const reason of leftovers.unhandled) {
			history.violations.push(`Nobody handled ${String((reason as Error)?.stack ?? reason)}`);
		}
	} finally {
		leftovers.end();
		Math.random = systemRandom;
		uninstallTransport();
		clock.end();
	}
	return simulation;
}

async function runAll(simulation: Simulation, leftovers: Leftovers): Promise<void> {
	const { scenario, history, random } = simulation;
	const { engine } = simulation.engine;
	const { operation, items, key, retriesFirst } = scenario;
	const tasks = operation === 'generate' ? 0 : items;
	const requestIds = Array.from({ length: tasks }, (_, item) => simulation.addTask(item).id);
	const credential = { apiKey: key, baseUrl: simulation.baseUrl };
	const options = { items: itemsOf(scenario, requestIds), credential };
	let retried: RunRecord | undefined;
	for (let retries = 0; ; retries++) {
		simulation.execution++;
		if (retried && hasTasks(retried)) {
			history.retryOf.set(simulation.execution, retried.execution);
		}
		const start: Start = (onHooks) =>
			retried === undefined
				? engine.start(workflowOf(scenario), { ...options, onHooks })
				: engine.retry(retried.result, { credential });
		const record = await observe(simulation, leftovers, start);
		if (!record) return;
		history.runs.push(record);
		const { result } = record;
		// Of a stopped execution n8n has saved nothing to go on with: a retry runs no node.
		const isOver = result.saved.finished || result.status === 'canceled';
		if (isOver || retries >= scenario.retryExecution) return;
		if (!retriesFirst || !retried) retried = record;
		await simulation.clock.pass(random.magnitude(1_000, 100_000));
	}
}

/** Whether what n8n has saved can say of a task: all, or where it was killed, what its nodes have put out. */
const hasTasks = (run: RunRecord) =>
	!wasKilled(run) || Object.keys(run.result.runData).some((node) => node !== TRIGGER);

type Start = (onHooks: RunOptions['onHooks']) => Run;

/** @returns undefined where the run did not end */
async function observe(
	simulation: Simulation,
	leftovers: Leftovers,
	start: Start,
): Promise<RunRecord | undefined> {
	const { clock, history, execution, scenario } = simulation;
	const stop = scenario.stop?.execution === execution ? scenario.stop : undefined;
	const crash = execution === 1 ? scenario.crash : undefined;
	const startedAt = clock.now;
	const nodeRuns: number[] = [];
	let stoppedAt: number | undefined;
	let requests = 0;
	let result: Execution | undefined;
	let saved: IRunExecutionData | undefined;
	let killed: { at: number; execution: Execution; promises: number } | undefined;
	let longestTurnMs = 0;
	let isN8nsTurn = true;
	clock.onTurn = (cpuMs) => {
		if (!isN8nsTurn) longestTurnMs = Math.max(longestTurnMs, cpuMs);
		isN8nsTurn = false;
	};
	simulation.engine.onNodeRun = (name) => {
		simulation.node = name;
		isN8nsTurn = true;
		nodeRuns.push(++simulation.nodeRun);
		history.note(clock.now, `the node is run (execution ${execution})`);
	};
	const stopNow = () => {
		if (result) return;
		stoppedAt = clock.now;
		history.note(clock.now, 'STOP');
		run.stop();
	};
	const kill = () => {
		if (result) return;
		history.note(clock.now, 'n8n is KILLED');
		const { promises } = leftovers;
		killed = { at: clock.now, execution: run.killed(saved!), promises };
		simulation.isDead = true;
		for (const one of history.inFlight) history.end(one, clock.now, { kind: 'aborted' });
		// What it still does is cut off from service and clock; so it ends.
		run.stop();
	};
	simulation.onRequest = () => {
		requests++;
		if (requests === stop?.afterRequests) clock.after(stop.plusMs, stopNow);
		if (requests === crash?.afterRequests) clock.after(crash.plusMs, kill);
	};
	const promisesBefore = leftovers.promises;
	const run = start((hooks) => {
		if (!crash) return;
		const save = (data: IRunExecutionData) => void (saved = storedAndRead(data));
		hooks.addHandler('workflowExecuteBefore', (_, data) => data && save(data));
		if (scenario.savesProgress) hooks.addHandler('nodeExecuteAfter', (_n, _d, data) => save(data));
	});
	if (stop?.afterRequests === 0) clock.after(stop.plusMs, stopNow);
	void run.ended.then((ended) => {
		isN8nsTurn = true;
		result = ended;
	});
	const limit = startedAt + executionLimitMs(scenario);
	if (!(await clock.until(() => result !== undefined, limit))) {
		const why = clock.now > limit ? 'in its time' : 'although nothing is left to happen';
		history.violations.push(`Execution ${execution} has not ended ${why}`);
		return undefined;
	}
	const endedAt = clock.now;
	if (killed) result = killed.execution;
	const { status, error } = result!;
	history.note(endedAt, `execution ${execution} ended: ${status} ${error?.message ?? ''}`);
	const isAbandoned = scenario.throwsFrom !== undefined;
	if (stoppedAt === undefined && !killed && !isAbandoned && clock.foreignTimers > 0) {
		history.violations.push(`${clock.foreignTimers} timers were left when the run had ended`);
	}
	const quiet = () => clock.foreignTimers === 0 && history.inFlight.size === 0;
	await clock.until(quiet, endedAt + aftermathLimitMs(scenario));
	if (clock.foreignTimers > 0) history.violations.push('A timer outlives the run for minutes');
	// A moment more, for what is done with the last response.
	await clock.pass(1);
	simulation.isDead = false;
	return {
		...{ execution, startedAt, endedAt: killed?.at ?? endedAt, stoppedAt, nodeRuns },
		...{ result: result!, longestTurnMs, abortListeners: leftovers.abortListeners },
		promises: (killed ?? leftovers).promises - promisesBefore,
	};
}
