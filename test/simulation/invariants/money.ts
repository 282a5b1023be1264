import type { Exchange } from '../history';
import type { World } from '../world';
import { createsIn, isLost, knownTasks, runOf, wasStopped } from './facts';

/** No image is paid for twice: every create that follows another for the same item has its excuse. */
export function paidOnce(world: World): string[] {
	const creates = createsIn(world);
	return creates.flatMap((create, index) =>
		creates
			.slice(0, index)
			.filter(({ item }) => item === create.item)
			.filter((earlier) => !mayBeRepeated(world, earlier, create))
			.map((earlier) => {
				const came = earlier.accepted ? `made ${earlier.accepted}` : 'may have been accepted';
				return `Item ${create.item} was created at ${create.at} again, though the create at ${earlier.at} ${came}`;
			}),
	);
}

function mayBeRepeated(world: World, earlier: Exchange, later: Exchange): boolean {
	const { outcome, accepted } = earlier;
	const answeredBefore = (earlier.endedAt ?? Infinity) <= later.at;
	if (!outcome || !answeredBefore) return false;
	if (outcome.kind === 'failed' && !outcome.sent) return true;
	if (outcome.kind === 'answered') {
		const { status } = outcome;
		if (status >= 300 && status < 500) return true;
		if (accepted !== undefined && status < 300 && isLost(world, accepted, later.at)) return true;
	}
	if (earlier.execution === later.execution) return false;
	// "Retry execution" is a person's decision, who has read that a task may exist; and it works on
	// what was saved at the moment of Stop, in which a later answer is not.
	const unanswered = outcome.kind !== 'answered' || outcome.status >= 500;
	const stoppedAt = runOf(world, earlier)?.stoppedAt ?? Infinity;
	return unanswered || (earlier.endedAt ?? Infinity) >= stoppedAt;
}

/**
 * No paid image is lost: whoever runs the workflow can find every task that the node knows of, in the
 * rows or in the error; in the log where it has neither, or where the task leaves nothing to fetch.
 */
export function nothingLost(world: World): string[] {
	return knownTasks(world).flatMap(({ requestId, create }) => {
		const run = runOf(world, create);
		if (!run) return [];
		const { error, runData, logs } = run.result;
		const shown = JSON.stringify([
			runData.Image?.map(({ data }) => data) ?? [],
			error?.message,
			error && 'description' in error ? error.description : '',
		]);
		if (shown.includes(requestId)) return [];
		const logged = logs.some(({ level, text }) => level !== 'debug' && text.includes(requestId));
		if (logged && (wasStopped(run) || isLost(world, requestId))) return [];
		return [`Task ${requestId} of item ${create.item} is nowhere in what the run shows`];
	});
}
