import type { Exchange } from '../history';
import type { Simulation } from '../simulation';
import { createsIn, isLost, knownTasks, runOf, wasKilled, wasStopped } from './facts';

/** No image is paid for twice: every create that follows another for the same item has its excuse. */
export function paidOnce(sim: Simulation): string[] {
	const creates = createsIn(sim);
	return creates.flatMap((create, index) =>
		creates
			.slice(0, index)
			.filter(({ item }) => item === create.item)
			.filter((earlier) => !mayBeRepeated(sim, earlier, create))
			.map((earlier) => {
				const came = earlier.accepted ? `made ${earlier.accepted}` : 'may have been accepted';
				return `Item ${create.item} was created at ${create.at} again, though the create at ${earlier.at} ${came}`;
			}),
	);
}

function mayBeRepeated(sim: Simulation, earlier: Exchange, later: Exchange): boolean {
	const { outcome, accepted } = earlier;
	const answeredBefore = (earlier.endedAt ?? Infinity) <= later.at;
	if (!outcome || !answeredBefore) return false;
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
	const stoppedAt = runOf(sim, earlier)?.stoppedAt ?? Infinity;
	return unconfirmed || (earlier.endedAt ?? Infinity) >= stoppedAt;
}

/**
 * No paid image is lost: whoever runs the workflow can find every task that the node knows of, in the
 * items or in the error; in the log where it has neither, or where the task leaves nothing to fetch.
 */
export function nothingLost(sim: Simulation): string[] {
	return knownTasks(sim).flatMap(({ requestId, create }) => {
		const run = runOf(sim, create);
		if (!run) return [];
		const { error, runData, logs } = run.result;
		const shown = JSON.stringify([
			Object.values(runData).flatMap((runs) => runs.map(({ data }) => data)),
			error?.message,
			error && 'description' in error ? error.description : '',
		]);
		if (shown.includes(requestId)) return [];
		const logged = logs.some(({ level, text }) => level !== 'debug' && text.includes(requestId));
		// An error lists a hundred of them, and leaves the others to the log.
		const isLong = sim.scenario.items > 100;
		// Where n8n ends the run at an expression of a later item, the error is none of the node's.
		const isN8nsError = sim.scenario.throwsFrom !== undefined && !shown.includes('[item ');
		if (
			logged &&
			(wasKilled(run) || wasStopped(run) || isLost(sim, requestId) || isN8nsError || isLong)
		)
			return [];
		return [`Task ${requestId} of item ${create.item} is nowhere in what the run shows`];
	});
}
