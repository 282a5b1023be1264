/** How many ages of ended tasks are worth remembering. */
export const MAX_REMEMBERED = 10;
const FIRST_POLL_MS = 2_500;
const MIN_GAP_MS = 250;

/** Until the next poll, by the ages at which the last tasks of its kind were found ended. */
export function pollDelayMs(ageMs: number, foundEndedMs: readonly number[], random: number) {
	const usual = Math.min(Math.max(ageMs / 40, 1_500), 5_000);
	const margin = 1 + 1 / foundEndedMs.length;
	const earliest = Math.min(...foundEndedMs) / margin;
	const latest = Math.max(...foundEndedMs) * margin;
	const dense = Math.min((latest - earliest) / 20, (usual * 2) / 3);
	// The last of many tasks lies just beyond `latest`: the gap grows slowly from there.
	let gapMs = Math.min(Math.max((ageMs - latest) / 3, dense), usual);
	if (ageMs < earliest) gapMs = Math.min(4 * usual, earliest - ageMs);
	if (foundEndedMs.length === 0)
		gapMs = Math.max(FIRST_POLL_MS - ageMs, Math.min(ageMs / 4, usual));
	return Math.max(MIN_GAP_MS, gapMs) * (0.9 + random / 5);
}

/** The user's own interval, up to a tenth longer so that items do not poll in step. */
export function fixedDelayMs(pollIntervalMs: number, random: number) {
	return pollIntervalMs * (1 + random / 10);
}
