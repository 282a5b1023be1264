import { ageAt, between, CELLS, cellOf, FIRST_AGE, widthOf } from './ages';
import { assumed, INTENSITY, INTENSITY_AT } from './assumption';
import { survivalAfter } from './durations';
import type { ObservedDuration } from './durations';

/**
 * When to look next: pure arithmetic, without a clock and without n8n.
 *
 * Looking often finds an ended task soon but costs calls. With n(t) looks a second at age t, f the
 * density of the durations and S their survival, the mean delay is ∫ f/(2n) and the mean number of
 * calls ∫ nS. For any price of a call the best is n(t) = I √(f/S), a constant I times the square
 * root of the hazard (R. E. Barlow, L. C. Hunter, F. Proschan, "Optimum checking procedures",
 * J. SIAM 11, 1963; as a density: J. B. Keller, "Optimum checking schedules for systems subject to
 * random failure", Management Science 21, 1974). Delay × calls is then (∫√(fS))²/2, whatever I is,
 * against half the mean duration for a fixed interval. A look is due whenever ∫n has grown by 1.
 *
 * f is not known, so it is assumed, and then learned:
 * - The first task of an execution is watched by a built-in assumption, written as the gaps between
 *   looks: two looks for a quick task, at 2.9 and 3.5 s, few up to 10 s, dense where an
 *   image usually ends, then growing slowly. A fast-growing tail would waste less on a task of ten
 *   minutes but double its delay × calls: gaps ∝ t^a give 1/(1-a) times a fixed interval's.
 * - An ended task is known by two looks, the last that found it open and the one that did not.
 *   Every log-normal hump (middle × spread) is weighed by the probability that it gives to these
 *   spans, so a span that a rate limit has made wide teaches less but nothing false. If two groups
 *   are the better explanation, each has a hump of its own, of one spread. The looks follow from the
 *   f and S that the weighted humps predict, in which n(t) is the best for what is known; how little
 *   is known shows as wider tails. A small part of the assumption stays in, so that a task like no
 *   other is still looked for.
 *
 * I is about 3.2 looks per √s for durations about 20 s (14 calls, a delay of 3 %) and falls with
 * the fourth root of their length: a longer task may be found a little later, and costs some more
 * calls. A steeper fall would make I follow every chance in what has been seen.
 */

/**
 * In ms. Far below a round trip a look could not even be answered before the next; between this and
 * that the run's own bound on its looks decides (`lookPace.ts`), which one task alone hardly feels.
 */
const SHORTEST_GAP = 50;
const LONGEST_GAP = 600_000;
/** Looks come this part of a gap early or late; the first, whose gap is long, a fifth of it. */
const JITTER = 0.1;
/** An execution's latest durations say the most, and are all that is kept with it. */
const REMEMBERED = 30;

/** The looks due by each cell: I ∫√h. Only nine tenths of the tasks set I, for its steadiness. */
function looksFor(survival: Float64Array): Float64Array {
	const looks = new Float64Array(CELLS + 1);
	let length = FIRST_AGE;
	for (let cell = 0; cell < CELLS; cell++) {
		const [before, after] = [survival[cell]!, survival[cell + 1]!].map((s) => Math.max(s, 1e-12));
		const hazard = Math.log(before! / after!);
		looks[cell + 1] = looks[cell]! + Math.sqrt((hazard * widthOf(cell)) / 1_000);
		if (before! > 0.1) length += before! * widthOf(cell);
	}
	const intensity = INTENSITY * (INTENSITY_AT / length) ** 0.25;
	return looks.map((value) => value * intensity);
}

/** What a list of observations has taught, so that it is worked out once for all its looks. */
const learned = new WeakMap<readonly ObservedDuration[], Float64Array>();

function looksAfter(observed: readonly ObservedDuration[]): Float64Array {
	let looks = learned.get(observed);
	if (looks === undefined) {
		const survival = survivalAfter(observed.slice(-REMEMBERED));
		looks = survival ? looksFor(survival) : assumed().looks;
		learned.set(observed, looks);
	}
	return looks;
}

/**
 * Milliseconds from now to a task's next look; `elapsed` is ms since its create. `observed` is what
 * this execution's ended tasks have shown; the array must not be changed once it has been given.
 * `random` in [0, 1) is the jitter: many items do not ask in step.
 */
export function delayUntilNextLook(
	elapsed: number,
	observed: readonly ObservedDuration[],
	random: number,
): number {
	const looks = looksAfter(observed);
	const age = Math.max(elapsed, 0);
	const step = 1 + (age > 0 ? JITTER : JITTER / 5) * (2 * random - 1);
	const due =
		(age < FIRST_AGE ? looks[0]! * (age / FIRST_AGE) : between(looks, cellOf(age))) + step;
	let [low, high] = [0, CELLS];
	if (!(looks[high]! > due)) return LONGEST_GAP * step;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (looks[middle]! > due) high = middle;
		else low = middle;
	}
	const part = (due - looks[low]!) / (looks[high]! - looks[low]!);
	return Math.min(Math.max(ageAt(low + part) - age, SHORTEST_GAP), LONGEST_GAP);
}

/**
 * Milliseconds to the next look where the user has set the interval (ms): never less than it, and up
 * to a tenth more, so that many items do not ask in step. `random` is in [0, 1).
 */
export function fixedDelay(pollInterval: number, random: number): number {
	return pollInterval * (1 + 0.1 * random);
}

/** The observations with one more, the latest thirty, in whole ms; the list given is left as it is. */
export function remember(
	observed: readonly ObservedDuration[],
	{ after, by }: ObservedDuration,
): ObservedDuration[] {
	return [...observed, { after: Math.floor(after), by: Math.ceil(by) }].slice(-REMEMBERED);
}
