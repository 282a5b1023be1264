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
 *   looks: two looks for a quick task, at 2.8 and 3.5 s, few up to 10 s, dense where an
 *   image usually ends, then growing slowly. A fast-growing tail would waste less on a task of ten
 *   minutes but double its delay × calls: gaps ∝ t^a give 1/(1-a) times a fixed interval's.
 * - An ended task is known by two looks, the last that found it open and the one that did not.
 *   Every log-normal hump (middle × spread) is weighed by the probability that it gives to these
 *   spans, so a span that a rate limit has made wide teaches less but nothing false. If two groups
 *   are the better explanation, each has a hump of its own. The looks follow from the f and S that
 *   the weighted humps predict, in which n(t) is the best for what is known; how little is known
 *   shows as wider tails. A small part of the assumption stays in, so that a task like no other is
 *   still looked for.
 *
 * I is about 3.2 looks per √s for durations about 20 s (14 calls, a delay of 3 %) and falls with
 * the fourth root of their length: a longer task may be found a little later, and costs some more
 * calls. A steeper fall would make I follow every chance in what has been seen.
 */

/** What was seen of an ended task, in ms since its create: open at `after`, ended at `by`. */
export type ObservedDuration = { after: number; by: number };

/** The built-in assumption: at this age, the gap to the next look; in ms, straight in log-log. */
const ASSUMED_GAPS: ReadonlyArray<readonly [age: number, gap: number]> = [
	[100, 2_800],
	[2_800, 2_800],
	[2_801, 700],
	[3500, 700],
	[3501, 1500],
	[5_500, 1900],
	[9_000, 1900],
	[15_000, 1480],
	[25_000, 1250],
	[45_000, 1350],
	[75_000, 2_800],
	[600_000, 4_800],
	[100_000_000, 60_000],
];

/**
 * In ms. Far below a round trip a look could not even be answered before the next; between this and
 * that the run's own bound on its looks decides (`pace.ts`), which one task alone hardly feels.
 */
const SHORTEST_GAP = 50;
const LONGEST_GAP = 600_000;
/** Looks come this part of a gap early or late; the first, whose gap is long, a fifth of it. */
const JITTER = 0.1;
/** An execution's latest durations say the most, and are all that is kept with it. */
const REMEMBERED = 30;

const INTENSITY = 3.2;
const INTENSITY_AT = 22_000;

/** Standard deviations of the log duration that are thought of, and how likely each is at first. */
const SPREADS = [
	[0.03, 0.1],
	[0.06, 0.3],
	[0.1, 1],
	[0.16, 2],
	[0.25, 3],
	[0.4, 3],
	[0.6, 0.5],
	[0.9, 0.1],
] as const;
const TWO_HUMPS = 0.1;
/** The part of the tasks that may be like none of the others. */
const STRANGERS = 0.01;

/** Ages are cut into cells of equal width in log time, from 0.1 s to a day. */
const FIRST_AGE = 100;
const CELL = 0.025;
const CELLS = 548;
/** The lower bound of a span that starts with the create, and the widest that such a span can be. */
const BEFORE_ALL = -1_000;
const WIDEST = 60;

const ageAt = (cell: number) => FIRST_AGE * Math.exp(cell * CELL);
const cellOf = (age: number) => Math.log(Math.max(age, FIRST_AGE) / FIRST_AGE) / CELL;
const widthOf = (cell: number) => ageAt(cell + 1) - ageAt(cell);

/** The normal distribution function at hundredths of a standard deviation, from -5 to 5. */
const NORMAL = (() => {
	const table = new Float64Array(1_001);
	let sum = 0;
	for (let at = 1; at <= 1_000; at++) {
		sum += Math.exp(-(((at - 500.5) / 100) ** 2) / 2);
		table[at] = sum;
	}
	return table.map((value) => value / sum);
})();

const normal = (z: number) => (z <= -5 ? 0 : z >= 5 ? 1 : NORMAL[(z * 100 + 500.5) | 0]!);

/** A value between those of two cells. */
function between(values: Float64Array, cell: number): number {
	const below = Math.min(Math.floor(cell), CELLS - 1);
	return values[below]! + (values[below + 1]! - values[below]!) * Math.min(cell - below, 1);
}

function assumedGap(age: number): number {
	const above = ASSUMED_GAPS.findIndex(([at]) => at >= age);
	const [[at0, gap0], [at1, gap1]] = [ASSUMED_GAPS[above - 1]!, ASSUMED_GAPS[above]!];
	return gap0 * (gap1 / gap0) ** (Math.log(age / at0) / Math.log(at1 / at0));
}

/** The looks due by each cell under the assumption, and the survival for which they are the best. */
const ASSUMED = (() => {
	const looks = new Float64Array(CELLS + 1).fill(FIRST_AGE / assumedGap(FIRST_AGE + 1));
	const survival = new Float64Array(CELLS + 1).fill(1);
	for (let cell = 0; cell < CELLS; cell++) {
		const due = widthOf(cell) / assumedGap(ageAt(cell + 0.5));
		const hazard = (due / INTENSITY) ** 2 / (widthOf(cell) / 1_000);
		looks[cell + 1] = looks[cell]! + due;
		survival[cell + 1] = survival[cell]! * Math.exp(-hazard);
	}
	return { looks, survival };
})();

/** An observed duration in cells, with the probability that the assumption gave it. */
type Span = { low: number; high: number; assumed: number };

function spanOf({ after, by }: ObservedDuration): Span {
	const low = after > 0 ? Math.min(cellOf(after), CELLS - 1) : BEFORE_ALL;
	const high = Math.min(Math.max(cellOf(by), low + 0.2), CELLS);
	const assumed = between(ASSUMED.survival, Math.max(low, 0)) - between(ASSUMED.survival, high);
	return { low, high, assumed: Math.max(assumed, 1e-7) };
}

const startOf = ({ low, high }: Span) => Math.max(low, high - WIDEST);

/** A log-normal hump, in cells, and how much it is believed in. */
type Hump = { middle: number; spread: number; weight: number };
type Humps = { evidence: number; humps: Hump[] };

/** Every hump that may explain the spans, each weighed by how well it does. */
function humpsFor(spans: readonly Span[]): Humps {
	const from = Math.min(...spans.map(startOf));
	const to = Math.max(...spans.map(({ high }) => high));
	const humps: Hump[] = [];
	let evidence = 0;
	for (const [deviation, prior] of SPREADS) {
		const spread = deviation / CELL;
		const step = Math.max(1, spread / 3);
		for (let middle = from - spread / 2; middle <= to + spread / 2; middle += step) {
			let weight = prior * step * CELL;
			for (const { low, high, assumed } of spans) {
				const given = normal((high - middle) / spread) - normal((low - middle) / spread);
				weight *= (1 - STRANGERS) * given + STRANGERS * assumed;
			}
			humps.push({ middle, spread, weight });
			evidence += weight;
		}
	}
	return { evidence, humps };
}

/** Takes off the survival of each cell what the humps let end by it; the unlikeliest are left out. */
function subtractHumps(survival: Float64Array, { humps }: Humps, share: number): void {
	const least = Math.max(...humps.map(({ weight }) => weight)) / 200;
	const likely = humps.filter(({ weight }) => weight >= least);
	const total = likely.reduce((sum, { weight }) => sum + weight, 0);
	const endsBefore = new Float64Array(CELLS + 1);
	for (const { middle, spread, weight } of likely) {
		const part = (share * weight) / total;
		const from = Math.max(0, Math.floor(middle - 5 * spread));
		const to = Math.min(CELLS, Math.ceil(middle + 5 * spread));
		let before = 0;
		for (let cell = from; cell <= to; cell++) {
			const ended = normal((cell - middle) / spread);
			endsBefore[cell]! += part * (ended - before);
			before = ended;
		}
	}
	let ended = 0;
	for (let cell = 0; cell <= CELLS; cell++) {
		ended += endsBefore[cell]!;
		survival[cell]! -= ended;
	}
}

/** Where the spans, in their order, leave the widest room between two groups; 0 for nowhere. */
function widestRoom(spans: readonly Span[]): number {
	let [split, widest] = [0, 0];
	for (let at = 1; at < spans.length; at++) {
		const room = startOf(spans[at]!) - spans[at - 1]!.high;
		if (room > widest) [split, widest] = [at, room];
	}
	return split;
}

function survivalAfter(spans: readonly Span[]): Float64Array {
	const survival = new Float64Array(CELLS + 1).fill(1);
	const all = humpsFor(spans);
	const split = widestRoom(spans);
	const count = spans.length;
	let two = 0;
	if (split > 0) {
		const [lower, upper] = [humpsFor(spans.slice(0, split)), humpsFor(spans.slice(split))];
		// That these spans and no others are the lower group, the groups' shares being unknown.
		let chance = 1 / (count + 1);
		for (let at = 1; at <= split; at++) chance *= at / (count - split + at);
		const odds = (TWO_HUMPS * chance * lower.evidence * upper.evidence) / all.evidence;
		two = odds / (1 + odds);
		const share = (split + 0.5) / (count + 1);
		subtractHumps(survival, lower, two * share);
		subtractHumps(survival, upper, two * (1 - share));
	}
	subtractHumps(survival, all, 1 - two);
	const doubt = 1 / (1 + 10 * count ** 2);
	return survival.map((value, cell) => value + doubt * (ASSUMED.survival[cell]! - value));
}

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
		const spans = observed
			.slice(-REMEMBERED)
			.filter(({ after, by }) => after >= 0 && by >= after && by < Infinity)
			.map(spanOf)
			.sort((one, other) => startOf(one) + one.high - startOf(other) - other.high);
		looks = spans.length > 0 ? looksFor(survivalAfter(spans)) : ASSUMED.looks;
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
