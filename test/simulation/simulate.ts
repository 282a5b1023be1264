import type { Engine } from '../engine/engine';
import type { Execution } from '../engine/execution';
import type { Run } from '../engine/run';
import { deadlineOf } from './deadline';
import type { RunRecord } from './history';
import { check } from './invariants';
import { layWires } from './network';
import { Random } from './random';
import { drawScenario, itemsOf, NODE, workflowOf } from './scenario';
import type { MemoryStorage } from './storage';
import { World } from './world';

/** One whole history: a workflow set up, run, stopped, retried, and judged. */

export type Judged = { seed: number; violations: string[]; world: World };

export type Ground = {
	engine: Engine;
	storage: MemoryStorage;
	/** Set by whoever wants to hear when the node is run again. */
	onNodeRun: { tell: () => void };
	/** Rejections that nobody has handled, since the last look. */
	rejections: unknown[];
};

/** Calls that outlive Stop may go on so long after the end: a create of two minutes, then a cancel. */
const AFTERMATH = 300_000;

export async function simulate(seed: number, ground: Ground): Promise<Judged> {
	const random = new Random(seed);
	const scenario = drawScenario(random);
	const world = new World(scenario, random);
	const { history, time } = world;
	const tearDownWires = layWires(world);
	const chance = Math.random;
	// The node's own dice are cast from the seed too.
	const dice = new Random(seed + 1);
	Math.random = () => dice.next();
	ground.rejections.length = 0;
	ground.storage.empty(() => world.weather.roughness > 0 && random.chance(0.01));
	try {
		await live(world, ground, random);
		history.violations.push(...check(world, ground.storage));
		for (const reason of ground.rejections) {
			history.violations.push(`Nobody handled a rejection: ${String(reason)}`);
		}
	} finally {
		Math.random = chance;
		tearDownWires();
		time.end();
	}
	return { seed, violations: history.violations, world };
}

async function live(world: World, ground: Ground, random: Random): Promise<void> {
	const { scenario, history } = world;
	const { operation, items, key } = scenario;
	const requestIds = Array.from({ length: operation === 'generate' ? 0 : items }, (_, item) => {
		const body = { prompt: `Picture ${item}`, n: scenario.images };
		return world.service.accept(item, body, 0).requestId;
	});
	const credential = { apiKey: key, baseUrl: world.baseUrl };
	const options = { items: itemsOf(scenario, requestIds), credential };
	let last: Execution | undefined;
	for (let retries = 0; ; retries++) {
		world.execution++;
		const stop = retries === 0 || random.chance(0.2) ? scenario.stop : undefined;
		const start = () =>
			last === undefined
				? ground.engine.start(workflowOf(scenario), options)
				: ground.engine.retry(last, { credential });
		const record = await observe(world, ground, start, stop);
		if (!record) return;
		history.runs.push(record);
		last = record.result;
		// Of a stopped execution n8n has saved nothing to go on with: a retry runs no node.
		const over = last.saved.finished || last.status === 'canceled';
		if (over || retries >= scenario.retryExecution) return;
		await world.time.sleep(random.magnitude(1_000, 100_000));
	}
}

/** @returns undefined where the run did not end */
async function observe(
	world: World,
	ground: Ground,
	start: () => Run,
	stop: World['scenario']['stop'],
): Promise<RunRecord | undefined> {
	const { time, history } = world;
	const startedAt = time.now;
	const nodeRuns: RunRecord['nodeRuns'] = [];
	let stoppedAt: number | undefined;
	let departures = 0;
	let result: Execution | undefined;
	ground.onNodeRun.tell = () => {
		world.nodeRun++;
		nodeRuns.push({ nodeRun: world.nodeRun, at: time.now });
		history.note(time.now, `the node is run (execution ${world.execution})`);
	};
	world.onDeparture = () => {
		if (++departures !== stop?.afterRequests) return;
		time.after(stop.plus, () => {
			if (result) return;
			stoppedAt = time.now;
			history.note(time.now, 'STOP');
			run.stop();
		});
	};
	const run = start();
	void run.ended.then((execution) => {
		result = execution;
	});
	const deadline = startedAt + deadlineOf(world.scenario);
	if (!(await time.pass(() => result !== undefined, deadline))) {
		const why = time.now > deadline ? 'by its deadline' : 'although nothing is left to happen';
		history.violations.push(`Execution ${world.execution} has not ended ${why}`);
		return undefined;
	}
	const endedAt = time.now;
	const { status, error } = result!;
	history.note(endedAt, `execution ${world.execution} ended: ${status} ${error?.message ?? ''}`);
	if (stoppedAt === undefined && time.foreignTimers > 0) {
		history.violations.push(`${time.foreignTimers} timers were left when the run had ended`);
	}
	await time.pass(() => time.foreignTimers === 0 && inFlight(world) === 0, endedAt + AFTERMATH);
	if (time.foreignTimers > 0) history.violations.push('A timer outlives the run for minutes');
	// A moment more, for what is done with the last answer.
	await time.sleep(1);
	return { execution: world.execution, startedAt, endedAt, stoppedAt, nodeRuns, result: result! };
}

const inFlight = ({ history }: World) =>
	history.exchanges.filter(({ endedAt }) => endedAt === undefined).length;

/** Counts the runs of the node, which n8n's hooks do not tell of. */
export function tellOfNodeRuns(engine: Engine): Ground['onNodeRun'] {
	const listener = { tell: () => {} };
	const type = engine.packages.nodeTypes.getByNameAndVersion(
		'n8n-nodes-seaart-gpt-image-1.gptImage1',
	);
	const { execute } = type;
	type.execute = async function (...given) {
		if (this.getNode().name === NODE) listener.tell();
		return await execute!.apply(this, given);
	};
	return listener;
}
