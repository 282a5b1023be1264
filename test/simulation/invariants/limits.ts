import type { Call, Exchange } from '../history';
import type { Simulation } from '../simulation';
import { endSeenAt, knownTasks, mayBeGivenUp } from './facts';

/** Promises about how many calls leave, and for how long they may last. */

const SECOND = 1_000;
const MAX_CALLS_PER_SECOND = 10;
const FIRST_CREATES_PER_SECOND = 20;
const MAX_IN_FLIGHT = { status: 50, result: 50, cancel: 50, image: 3 };
/** The shortest hold after a 429, and the longest Retry-After that is honoured. */
const MIN_HOLD_MS = 250;
const MAX_RETRY_AFTER_MS = 86_400_000;
/** How long one call may be open, images aside; ms. */
const MAX_CALL_MS: Partial<Record<Call, number>> = {
	create: 120_000,
	status: 30_000,
	result: 30_000,
	cancel: 10_000,
};
/** An image: until its headers come, and without progress after that. */
const MAX_IMAGE_MS = 180_000;
/** A last poll is sent at the deadline, and may be repeated for a moment. */
const LAST_POLL_MS = 1_000;

/** Polls and the operation Cancel share a limiter; results, creates, and cancels of what is given up, have their own. */
const limiterOf = ({ scenario }: Simulation, { call }: Exchange): string => {
	if (call === 'create' || call === 'result') return call;
	return call === 'cancel' && scenario.operation !== 'cancel' ? 'cancels' : 'reads';
};

/** The calls of one limiter of a node in one execution. */
const perLimiter = (sim: Simulation): Exchange[][] => {
	const groups = new Map<string, Exchange[]>();
	for (const one of sim.history.exchanges) {
		if (one.call === 'image' || one.call === 'other') continue;
		const name = `${one.execution} ${one.node} ${limiterOf(sim, one)}`;
		const group = groups.get(name);
		if (group) group.push(one);
		else groups.set(name, [one]);
	}
	return [...groups.values()];
};

/** Never more calls in a second than promised; creates may grow with what is accepted. */
export function callsAreLimited(sim: Simulation): string[] {
	return perLimiter(sim).flatMap((calls) => {
		let from = 0;
		let allowed = calls[0]?.call === 'create' ? FIRST_CREATES_PER_SECOND : 0;
		for (const [index, { at, call }] of calls.entries()) {
			while (calls[from]!.at <= at - SECOND) from++;
			if (call === 'create') allowed = Math.max(allowed, 2 * acceptedBefore(calls, at));
			else allowed = MAX_CALLS_PER_SECOND;
			const count = index - from + 1;
			if (count > allowed) return [`${count} ${call} calls in the second up to ${at}`];
		}
		return [];
	});
}

const acceptedBefore = (creates: Exchange[], at: number) =>
	creates.filter(
		({ endedAt = Infinity, outcome }) =>
			endedAt <= at && endedAt > at - SECOND && !isRefusal(outcome),
	).length;

const isRefusal = (outcome: Exchange['outcome']) =>
	outcome !== undefined && 'status' in outcome && outcome.status === 429;

/** After a 429 nothing of its kind leaves for as long as it asks, and for a moment in any case. */
export function refusalsAreHonoured(sim: Simulation): string[] {
	return perLimiter(sim).flatMap((calls) =>
		calls
			.filter(({ outcome }) => isRefusal(outcome))
			.flatMap(({ endedAt = 0, retryAfterMs = 0, call }) => {
				const hold = Math.min(MAX_RETRY_AFTER_MS, Math.max(MIN_HOLD_MS, retryAfterMs));
				const early = calls.find(({ at }) => at > endedAt && at < endedAt + hold - 1);
				return early
					? [
							`A ${early.call} call left at ${early.at}, though ${call} was refused at ${endedAt} for ${hold} ms`,
						]
					: [];
			})
			.slice(0, 1),
	);
}

/** Never more calls at once than promised. */
export function callsInFlightAreLimited({ history, scenario }: Simulation): string[] {
	return Object.entries(MAX_IN_FLIGHT).flatMap(([call, max]) => {
		if (scenario.items * scenario.images <= max) return [];
		const these = history.exchanges.filter((one) => one.call === call);
		const countOpen = ({ at, nodeRun }: Exchange) =>
			these.filter(
				(one) => one.nodeRun === nodeRun && one.at <= at && (one.endedAt ?? Infinity) > at,
			).length;
		const tooMany = these.find((one) => countOpen(one) > max);
		return tooMany ? [`${countOpen(tooMany)} ${call} calls were open at ${tooMany.at}`] : [];
	});
}

/** No call is open past its deadline. */
export function callsEndInTime({ history }: Simulation): string[] {
	return history.exchanges.flatMap(({ call, at, endedAt, url, method }) => {
		if (endedAt === undefined) return [`${method} ${url} of ${at} was still open at the end`];
		const most = MAX_CALL_MS[call] ?? MAX_IMAGE_MS;
		// A timer may be a millisecond late.
		return endedAt - at > most + 2
			? [`The ${call} call of ${at} was open for ${endedAt - at} ms`]
			: [];
	});
}

/** No poll of a task that the node has created once its time is up. */
export function pollsEndInTime(sim: Simulation): string[] {
	const { scenario, history } = sim;
	// Cancelling at the time-out may be followed by polls, and a retry begins its time again.
	if (scenario.operation !== 'generate' || scenario.onTimeout === 'cancel') return [];
	return knownTasks(sim).flatMap(({ requestId, at, create }) => {
		const until = at + scenario.timeout * 1000 + LAST_POLL_MS;
		const asked = history.exchanges.find((o) => o.call === 'result' && o.requestId === requestId);
		return history.exchanges
			.filter((one) => one.call === 'status' && one.requestId === requestId)
			.filter((one) => one.nodeRun === create.nodeRun && one.at > until)
			.filter((one) => one.at < (asked?.at ?? Infinity))
			.map((one) => `A poll of ${requestId} at ${one.at}, after its time was up at ${until}`);
	});
}

/** How much later than its time-out a wait may end: the last poll, and its turn. */
const TIMEOUT_SLACK_MS = LAST_POLL_MS + 200;

/** The time-out of a wait is kept to the second: by then its task is cancelled, or the run has ended. */
export function timeoutsAreKept(sim: Simulation): string[] {
	const { scenario, history } = sim;
	const { operation, wait, items, tries, timeout } = scenario;
	if (operation !== 'generate' || !wait || items > 1 || tries > 1) return [];
	// A refused poll holds back the cancel, too.
	if (history.exchanges.some(({ outcome }) => isRefusal(outcome))) return [];
	return knownTasks(sim).flatMap(({ requestId, at, create }) => {
		const run = history.runs.find(({ execution }) => execution === create.execution);
		const until = at + timeout * 1000 + TIMEOUT_SLACK_MS;
		const isBusy = (one: Exchange) => one.call === 'result' || one.call === 'cancel';
		const next = history.about(requestId).find(isBusy)?.at ?? Infinity;
		const endedAt = Math.min(next, run?.endedAt ?? 0);
		return endedAt > until ? [`The wait for ${requestId} ended at ${endedAt}, not ${until}`] : [];
	});
}

/** Never more open tasks, as the node can know them, than the user allows. */
export function tasksInFlightAreLimited(sim: Simulation): string[] {
	const { scenario, history } = sim;
	if (scenario.operation !== 'generate' || !scenario.wait) return [];
	const tasks = knownTasks(sim).map((known) => ({
		...known,
		ended: endSeenAt(sim, known.requestId),
	}));
	const creates = history.exchanges.filter(({ call }) => call === 'create');
	// The node reads a response that never ends as far as it has come, and may see in it that a task has ended.
	const partlyRead = history.exchanges.filter(
		({ call, outcome }) =>
			call === 'status' && outcome?.kind === 'aborted' && outcome.begunWith === 200,
	);
	return creates.flatMap((create) => {
		const pending = creates.filter(
			(one) =>
				one.nodeRun === create.nodeRun &&
				one.at <= create.at &&
				(one.endedAt ?? Infinity) > create.at,
		);
		const open = tasks.filter(
			({ at, ended, requestId, create: own }) =>
				own.execution === create.execution &&
				at <= create.at &&
				ended > create.at &&
				!partlyRead.some((one) => one.requestId === requestId && one.endedAt! <= create.at) &&
				!mayBeGivenUp(sim, requestId, at, create.at),
		);
		const now = pending.length + open.length;
		return now > scenario.inFlight
			? [`${now} tasks were open at ${create.at}, of ${scenario.inFlight} allowed`]
			: [];
	});
}
