import type { Call, Exchange } from '../history';
import type { Simulation } from '../simulation';
import { endSeenAt, isRefusal, knownTasks, mayBeGivenUp, runOf } from './facts';

/** Promises about how many calls leave, and for how long they may last. */

const SECOND = 1_000;
const MAX_CALLS_PER_SECOND = 10;
const FIRST_CREATES_PER_SECOND = 20;
const MAX_IN_FLIGHT = { status: 50, result: 50, cancel: 50, image: 3 };
/** The shortest hold after a 429, and the longest Retry-After that is honoured. */
const MIN_HOLD_MS = 250;
const MAX_RETRY_AFTER_MS = 86_400_000;
/** How long one call may be open; an image until its headers come, and without progress after that. */
const MAX_CALL_MS: Record<Call, number> = {
	...{ create: 120_000, status: 30_000, result: 30_000, cancel: 10_000 },
	...{ image: 180_000, other: 180_000 },
};
/** A last poll is sent at the deadline, and may be repeated for a moment. */
const LAST_POLL_MS = 1_000;

/**
 * The calls of one limiter of a node in one execution. Polls and the operation Cancel share one; results,
 * creates, and cancels of what is given up, have their own.
 */
function perLimiter({ history, scenario }: Simulation): Exchange[][] {
	const groups: Record<string, Exchange[]> = {};
	for (const one of history.exchanges) {
		const { call, execution, node } = one;
		if (call === 'image' || call === 'other') continue;
		const isRead = call === 'status' || (call === 'cancel' && scenario.operation === 'cancel');
		(groups[`${execution} ${node} ${isRead ? 'reads' : call}`] ??= []).push(one);
	}
	return Object.values(groups);
}

/** Those of some calls that were open at a moment. */
const openAt = (calls: Exchange[], moment: number) =>
	calls.filter(({ at, endedAt = Infinity }) => at <= moment && endedAt > moment);

/** Never more calls in a second than promised; creates may grow with what is accepted. */
export const callsAreLimited = (sim: Simulation): string[] =>
	perLimiter(sim).flatMap((calls) => {
		let from = 0;
		let allowed = calls[0]?.call === 'create' ? FIRST_CREATES_PER_SECOND : MAX_CALLS_PER_SECOND;
		for (const [index, { at, call }] of calls.entries()) {
			while (calls[from]!.at <= at - SECOND) from++;
			if (call === 'create') allowed = Math.max(allowed, 2 * acceptedBefore(calls, at));
			const count = index - from + 1;
			if (count > allowed) return [`${count} ${call} calls in the second up to ${at}`];
		}
		return [];
	});

const acceptedBefore = (creates: Exchange[], at: number) =>
	creates.filter(
		({ endedAt = Infinity, outcome }) =>
			endedAt <= at && endedAt > at - SECOND && !isRefusal(outcome),
	).length;

/** After a 429 nothing of its kind leaves for as long as it asks, and for a moment in any case. */
export function* refusalsAreHonoured(sim: Simulation) {
	for (const calls of perLimiter(sim)) {
		for (const { outcome, endedAt = 0, retryAfterMs = 0, call } of calls) {
			if (!isRefusal(outcome)) continue;
			const hold = Math.min(MAX_RETRY_AFTER_MS, Math.max(MIN_HOLD_MS, retryAfterMs));
			const early = calls.find(({ at }) => at > endedAt && at < endedAt + hold - 1);
			const refused = `${call} was refused at ${endedAt} for ${hold} ms`;
			if (early) yield `A ${early.call} call left at ${early.at}, though ${refused}`;
		}
	}
}

/** Never more calls at once than promised. */
export function* callsInFlightAreLimited({ history, scenario }: Simulation) {
	for (const [call, max] of Object.entries(MAX_IN_FLIGHT)) {
		if (scenario.items * scenario.images <= max) continue;
		const these = history.exchanges.filter((one) => one.call === call);
		const tooMany = these.find(
			({ at, nodeRun }) => openAt(these, at).filter((one) => one.nodeRun === nodeRun).length > max,
		);
		if (tooMany) yield `More than ${max} ${call} calls were open at ${tooMany.at}`;
	}
}

/** No call stays open past its deadline. */
export function* callsEndInTime({ history }: Simulation) {
	for (const { call, at, endedAt = Infinity, url } of history.exchanges) {
		// A timer may be a millisecond late.
		if (endedAt - at > MAX_CALL_MS[call] + 2) yield `${url} of ${at} was open until ${endedAt}`;
	}
}

/** No poll of a task that the node has created once its time is up. */
export function* pollsEndInTime(sim: Simulation) {
	const { scenario, history } = sim;
	// Cancelling at the time-out may be followed by polls, and a retry begins its time again.
	if (scenario.operation !== 'generate' || scenario.onTimeout === 'cancel') return;
	for (const { requestId, at: known, create } of knownTasks(sim)) {
		const until = known + scenario.timeout * 1000 + LAST_POLL_MS;
		const about = history.about(requestId);
		const asked = about.find(({ call }) => call === 'result')?.at ?? Infinity;
		for (const { call, nodeRun, at } of about) {
			const isPoll = call === 'status' && nodeRun === create.nodeRun;
			if (isPoll && at > until && at < asked) {
				yield `A poll of ${requestId} at ${at}, after its time was up at ${until}`;
			}
		}
	}
}

/** How much later than its time-out a wait may end: the last poll, and its turn. */
const TIMEOUT_SLACK_MS = LAST_POLL_MS + 200;

/** The time-out of a wait is kept to the second: by then its task is cancelled, or the run has ended. */
export function* timeoutsAreKept(sim: Simulation) {
	const { scenario, history } = sim;
	const { operation, wait, items, tries, timeout } = scenario;
	if (operation !== 'generate' || !wait || items > 1 || tries > 1) return;
	// A refused poll holds back the cancel, too.
	if (history.exchanges.some(({ outcome }) => isRefusal(outcome))) return;
	for (const { requestId, at, create } of knownTasks(sim)) {
		const until = at + timeout * 1000 + TIMEOUT_SLACK_MS;
		const isBusy = ({ call }: Exchange) => call === 'result' || call === 'cancel';
		const next = history.about(requestId).find(isBusy)?.at ?? Infinity;
		const endedAt = Math.min(next, runOf(sim, create)?.endedAt ?? 0);
		if (endedAt > until) yield `The wait for ${requestId} ended at ${endedAt}, not ${until}`;
	}
}

/** Never more open tasks, as the node can know them, than the user allows. */
export function* tasksInFlightAreLimited(sim: Simulation) {
	const { scenario, history } = sim;
	if (scenario.operation !== 'generate' || !scenario.wait) return;
	const tasks = knownTasks(sim).map((known) => {
		// The node reads a response that never ends as far as it has come, and may see in it that a task has ended.
		const partly = history.about(known.requestId).filter(({ call, outcome }) => {
			return call === 'status' && outcome?.kind === 'aborted' && outcome.begunWith === 200;
		});
		const ends = partly.map(({ endedAt }) => endedAt!);
		return { ...known, ended: Math.min(endSeenAt(sim, known.requestId), ...ends) };
	});
	const creates = history.exchanges.filter(({ call }) => call === 'create');
	for (const { at: now, nodeRun, execution } of creates) {
		const pending = openAt(creates, now).filter((one) => one.nodeRun === nodeRun);
		const open = tasks
			.filter(({ at, ended, create }) => create.execution === execution && at <= now && ended > now)
			.filter(({ at, requestId }) => !mayBeGivenUp(sim, requestId, at, now));
		const count = pending.length + open.length;
		const allowed = scenario.inFlight;
		if (count > allowed) yield `${count} tasks were open at ${now}, of ${allowed} allowed`;
	}
}
