import type { Exchange, RunRecord } from '../history';
import type { World } from '../world';

/** What the node can know at a moment, from the answers that have reached it. */

/** A task whose id has reached the node, and when. */
export type Known = { requestId: string; create: Exchange; at: number };

export const isFine = ({ outcome }: Exchange) =>
	outcome?.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;

export const createsIn = (world: World) =>
	world.history.exchanges.filter(({ call }) => call === 'create');

/** The tasks that creates have brought to the node's knowledge. */
export const knownTasks = (world: World): Known[] =>
	createsIn(world)
		.filter((create) => create.accepted !== undefined && isFine(create))
		.map((create) => ({ requestId: create.accepted!, create, at: create.endedAt! }));

function tells({ call, outcome }: Exchange): 'good' | 'bad' | 'some end' | undefined {
	if (outcome?.kind !== 'answered') return undefined;
	const { status, body } = outcome;
	const word = String(body.status).toUpperCase();
	const badly = body.error !== undefined || body.error_type !== undefined;
	if (call === 'status' && status === 200 && word === 'COMPLETED') return badly ? 'bad' : 'good';
	if (call === 'result' && status === 200) return badly ? 'bad' : 'good';
	if (call === 'cancel' && word === 'CANCELLATION_REQUESTED') return 'bad';
	return call === 'cancel' && word === 'ALREADY_COMPLETED' ? 'some end' : undefined;
}

/** Whether the last that the node had heard, in one of its runs or later, is that a task has ended. */
export function isKnownDead(world: World, requestId: string, before: number, since: number) {
	const last = world.history
		.heardOf(requestId, before - 1)
		.filter((one) => one.nodeRun >= since && (isFine(one) || tells(one)))
		.sort((a, b) => a.endedAt! - b.endedAt!)
		.at(-1);
	return last !== undefined && tells(last) !== undefined;
}

/** When the node first heard that a task runs no more. */
export const endSeenAt = (world: World, requestId: string): number =>
	Math.min(
		...world.history
			.heardOf(requestId)
			.filter((one) => tells(one) !== undefined)
			.map(({ endedAt }) => endedAt ?? Infinity),
		Infinity,
	);

/** Whether the node had heard before a moment that a task leaves nothing to fetch. */
export const isLost = (world: World, requestId: string, before = Infinity): boolean =>
	world.history.heardOf(requestId, before).some((one) => tells(one) === 'bad');

export const runOf = (world: World, { execution }: Exchange): RunRecord | undefined =>
	world.history.runs.find((run) => run.execution === execution);

export const wasStopped = ({ result }: RunRecord) => result.status === 'canceled';

/** A wait that has lasted its time, or whose looks have failed for good, is over for the node. */
export function mayBeGivenUp(world: World, requestId: string, known: number, at: number): boolean {
	if (at >= known + world.scenario.timeout * 1000) return true;
	const looks = world.history.exchanges.filter(
		(one) => one.call === 'status' && one.requestId === requestId && (one.endedAt ?? at) <= at,
	);
	if (looks.filter((one) => !isFine(one)).length > 10) return true;
	return looks.some(({ outcome }) => {
		const status = outcome && 'status' in outcome ? outcome.status : 0;
		return status >= 300 && status < 500 && ![408, 425, 429].includes(status);
	});
}
