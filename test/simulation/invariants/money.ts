import type { Exchange } from '../history';
import type { Simulation } from '../simulation';
import { isLost, knownTasks, runOf, wasKilled, wasStopped } from './facts';

/** No image is paid for twice: every create that follows another for the same item has its excuse. */
export function* paidOnce(sim: Simulation) {
	const creates = sim.history.exchanges.filter(({ call }) => call === 'create');
	for (const [index, create] of creates.entries()) {
		for (const earlier of creates.slice(0, index)) {
			if (earlier.item !== create.item || mayBeRepeated(sim, earlier, create)) continue;
			const { at, accepted = 'one perhaps' } = earlier;
			yield `Item ${create.item} was created at ${create.at} again; at ${at} it made ${accepted}`;
		}
	}
}

/** Where an expression throws, n8n gives the run up: nothing is created of that batch. */
export function* abandonedBatchesCreateNothing({ scenario, history }: Simulation) {
	const { throwsFrom, onError, batchInterval, batchSize, items } = scenario;
	if (throwsFrom === undefined || onError !== 'stopWorkflow') return;
	const size = batchInterval > 0 ? batchSize : items;
	const first = throwsFrom - (throwsFrom % size);
	for (const { call, item, at } of history.exchanges) {
		if (call === 'create' && item !== undefined && item >= first)
			yield `Item ${item} was created at ${at}`;
	}
}

function mayBeRepeated(sim: Simulation, earlier: Exchange, later: Exchange): boolean {
	const { outcome, accepted, endedAt = Infinity } = earlier;
	if (!outcome || endedAt > later.at) return false;
	if (outcome.kind === 'failed' && !outcome.sent) return true;
	// A refusal is one whatever its body has become.
	const status = 'status' in outcome ? outcome.status : 0;
	if (status >= 300 && status < 500) return true;
	if (accepted !== undefined && isLost(sim, accepted, later.at)) return true;
	if (earlier.execution === later.execution) return false;
	// Of what another retry of the same execution has done, nothing is in the data that it starts from.
	if (!sim.history.lineage(later.execution).has(earlier.execution)) return true;
	// "Retry execution" is a person's decision, who has read that a task may exist; and it works on
	// what was saved at the moment of Stop, in which a later answer is not.
	const unconfirmed = outcome.kind !== 'answered' || outcome.status >= 500;
	return unconfirmed || endedAt >= (runOf(sim, earlier)?.stoppedAt ?? Infinity);
}

/**
 * No paid image is lost: whoever runs the workflow can find every task that the node knows of, in the
 * items or in the error; in the log where it has neither, or where the task leaves nothing to fetch.
 */
export function* nothingLost(sim: Simulation) {
	for (const { requestId, create } of knownTasks(sim)) {
		const run = runOf(sim, create);
		if (!run) continue;
		const { error, runData, logs } = run.result;
		const items = Object.values(runData).flatMap((runs) => runs.map(({ data }) => data));
		const description = error && 'description' in error ? error.description : '';
		const shown = JSON.stringify([items, error?.message, description]);
		if (shown.includes(requestId)) continue;
		const logged = logs.some(({ level, text }) => level !== 'debug' && text.includes(requestId));
		// An error lists a hundred of them, and leaves the others to the log.
		const isLong = sim.scenario.items > 100;
		// Where n8n ends the run at an expression of a later item, the error is none of the node's.
		const isN8nsError = sim.scenario.throwsFrom !== undefined && !shown.includes('[item ');
		const isCut = wasKilled(run) || wasStopped(run) || isN8nsError || isLong;
		if (logged && (isCut || isLost(sim, requestId))) continue;
		yield `Task ${requestId} of item ${create.item} is nowhere in what the run shows`;
	}
}
