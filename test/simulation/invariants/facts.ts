import type { INodeExecutionData } from 'n8n-workflow';
import { saysFailed } from '../../service/endings';
import type { Exchange, RunRecord } from '../history';
import type { Simulation } from '../simulation';
import { NODE } from '../workflow';

/** What the node can know at a moment, from the answers that have reached it; what it has put out. */

/** A task whose id has reached the node, and when. */
export type Known = { requestId: string; create: Exchange; at: number };

/** The status of what came, as a whole or not; 0 where nothing did. */
const statusOf = ({ outcome }: Exchange) => (outcome && 'status' in outcome ? outcome.status : 0);

export const isFine = (one: Exchange) =>
	one.outcome?.kind === 'answered' && statusOf(one) >= 200 && statusOf(one) < 300;

export const isRefusal = (outcome: Exchange['outcome']) =>
	outcome !== undefined && 'status' in outcome && outcome.status === 429;

/** The tasks that creates have brought to the node's knowledge. */
export const knownTasks = (sim: Simulation): Known[] =>
	sim.history.exchanges
		.filter((one) => one.call === 'create' && one.accepted !== undefined && isFine(one))
		.map((create) => ({ requestId: create.accepted!, create, at: create.endedAt! }));

function tells({ call, outcome }: Exchange): 'good' | 'bad' | 'some end' | undefined {
	if (outcome?.kind !== 'answered') return undefined;
	const { status, body } = outcome;
	const word = String(body.status).toUpperCase();
	const failed = saysFailed(body);
	if (call === 'status' && status === 200 && failed) return 'bad';
	if (call === 'status' && status === 200 && word === 'COMPLETED') return 'good';
	if (call === 'result' && status === 200) return failed ? 'bad' : 'good';
	if (call === 'cancel' && word === 'CANCELLATION_REQUESTED') return 'bad';
	return call === 'cancel' && word === 'ALREADY_COMPLETED' ? 'some end' : undefined;
}

/**
 * Whether the last that an execution had heard of a task by a moment is that it has ended.
 *
 * @param since the run of the node that remembers it
 */
export function isKnownDead(
	sim: Simulation,
	{ requestId, at, execution, nodeRun }: Exchange,
	since: number,
) {
	const lineage = sim.history.lineage(execution);
	const last = sim.history
		.heardOf(requestId!, at - 1)
		.filter((one) => one.nodeRun >= since && lineage.has(one.execution))
		// That a cancel came too late does not say how the task ended: the next try asks again, and where
		// no status is to be had before its time-out either, it cancels again.
		.filter((one) => one.call !== 'cancel' || one.nodeRun === nodeRun)
		.filter((one) => isFine(one) || tells(one))
		.sort((a, b) => a.endedAt! - b.endedAt!)
		.at(-1);
	return last !== undefined && tells(last) !== undefined;
}

/** When the node first heard that a task has ended. */
export const endSeenAt = (sim: Simulation, requestId: string): number =>
	Math.min(
		...sim.history.heardOf(requestId).map((one) => (tells(one) ? one.endedAt! : Infinity)),
		Infinity,
	);

/** Whether the node had heard before a moment that a task leaves nothing to fetch. */
export const isLost = (sim: Simulation, requestId: string, before = Infinity): boolean =>
	sim.history.heardOf(requestId, before).some((one) => tells(one) === 'bad');

export const runOf = (sim: Simulation, { execution }: Exchange): RunRecord | undefined =>
	sim.history.runs.find((run) => run.execution === execution);

export const wasKilled = ({ result }: RunRecord) => result.status === 'crashed';

export const wasStopped = ({ result }: RunRecord) => result.status === 'canceled';

/** A wait that has lasted its time, or whose polls have failed for good, is over for its item. */
export function mayBeGivenUp(sim: Simulation, requestId: string, known: number, at: number) {
	if (at >= known + sim.scenario.timeout * 1000) return true;
	const polls = sim.history
		.about(requestId)
		.filter(({ call, endedAt = at }) => call === 'status' && endedAt <= at);
	const isFinal = (status: number) =>
		status >= 300 && status < 500 && ![408, 425, 429].includes(status);
	return polls.filter((one) => !isFine(one)).length > 10 || polls.map(statusOf).some(isFinal);
}

export type Output = { item: INodeExecutionData; output: number };

/** The items of a run, and on which output each is. */
export const outputsOf = ({ result }: RunRecord): Output[] =>
	(result.runData[NODE]?.at(-1)?.data?.main ?? []).flatMap((items, output) =>
		(items ?? []).map((item) => ({ item, output })),
	);
