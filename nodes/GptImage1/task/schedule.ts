/** What was seen of an ended task, in ms since its create: open at `after`, found ended at `by`. */
export type ObservedDuration = { after: number; by: number };

/** Looks that the built-in assumption makes: ms since the create, and the gap to the next look. */
const ASSUMED_GAPS: ReadonlyArray<readonly [at: number, gap: number]> = [
	[100, 2_600],
	[1_500, 1_700],
	[2_500, 750],
	[5_000, 1_000],
	[10_000, 1_250],
	[20_000, 1_200],
	[40_000, 1_500],
	[90_000, 3_500],
	[600_000, 8_000],
	[86_400_000, 120_000],
];

const SHORTEST_GAP = 50;
const LONGEST_GAP = 120_000;
const JITTER = 0.15;
const FIRST_LOOK = 1;
const REMEMBERED = 30;
const SPREADS = [0.03, 0.06, 0.1, 0.16, 0.25, 0.4, 0.6, 0.9];
const SPREAD_PRIOR = [0.5, 0.7, 1, 1, 1.5, 2, 1, 0.3];
const TWO_HUMPS_PRIOR = 0.15;
const STRANGE = 0.02;

/** Cells of equal width in log time, from 0.1 s to a day. */
const FIRST = 100;
const STEP = 0.025;
const CELLS = 548;
const timeOf = (cell: number) => FIRST * Math.exp(cell * STEP);
const cellOf = (time: number) => Math.log(Math.max(time, FIRST) / FIRST) / STEP;

/** Normal distribution function in hundredths of a standard deviation, from -5 to 5. */
const NORMAL = (() => {
	const table = new Float64Array(1001);
	let sum = 0;
	for (let i = 1; i < 1001; i++) {
		const z = (i - 500.5) / 100;
		sum += Math.exp((-z * z) / 2);
		table[i] = sum;
	}
	return table.map((value) => value / sum);
})();
function normal(z: number): number {
	return z <= -5 ? 0 : z >= 5 ? 1 : NORMAL[Math.round(z * 100) + 500]!;
}

function assumedGap(time: number): number {
	let i = 1;
	while (i < ASSUMED_GAPS.length - 1 && ASSUMED_GAPS[i]![0] < time) i++;
	const [t0, g0] = ASSUMED_GAPS[i - 1]!;
	const [t1, g1] = ASSUMED_GAPS[i]!;
	const part = Math.min(Math.max(Math.log(time / t0) / Math.log(t1 / t0), 0), 1);
	return g0 * (g1 / g0) ** part;
}

/** looks[i]: looks due before cell i; with survival, where the distribution is to be mixed. */
const ASSUMED = (() => {
	const survival = new Float64Array(CELLS + 1);
	const looks = new Float64Array(CELLS + 1);
	looks[0] = FIRST / assumedGap(FIRST);
	survival[0] = 1;
	for (let i = 0; i < CELLS; i++) {
		const width = timeOf(i + 1) - timeOf(i);
		const gap = assumedGap(timeOf(i + 0.5));
		looks[i + 1] = looks[i]! + width / gap;
		// n = I √h with I = 3 looks per √s
		survival[i + 1] = survival[i]! * Math.exp((-width * 1_000) / (9 * gap * gap));
	}
	return { survival, looks };
})();

type Hypothesis = { middle: number; spread: number; weight: number };

function survivalAt(survival: Float64Array, cell: number): number {
	const i = Math.min(Math.floor(cell), CELLS - 1);
	return survival[i]! + (survival[i + 1]! - survival[i]!) * Math.min(cell - i, 1);
}

type Bounds = { low: number; high: number; assumed: number };

/** Posterior over one log-normal hump, its total being the evidence. */
function hump(bounds: readonly Bounds[]): { evidence: number; hypotheses: Hypothesis[] } {
	const from = Math.min(...bounds.map(({ low, high }) => Math.max(low, high - 60)));
	const to = Math.max(...bounds.map(({ high }) => high));
	const hypotheses: Hypothesis[] = [];
	let evidence = 0;
	SPREADS.forEach((spread, s) => {
		const cells = spread / STEP;
		const stride = Math.max(1, cells / 3);
		for (let middle = from - cells / 2; middle <= to + cells / 2; middle += stride) {
			let weight = SPREAD_PRIOR[s]! * stride * STEP;
			for (const { low, high, assumed } of bounds) {
				const p = normal((high - middle) / cells) - normal((low - middle) / cells);
				weight *= (1 - STRANGE) * p + STRANGE * assumed;
			}
			hypotheses.push({ middle, spread: cells, weight });
			evidence += weight;
		}
	});
	return { evidence, hypotheses };
}

function add(
	survival: Float64Array,
	{ evidence, hypotheses }: ReturnType<typeof hump>,
	share: number,
) {
	const least = Math.max(...hypotheses.map(({ weight }) => weight)) / 200;
	let kept = 0;
	for (const { weight } of hypotheses) if (weight >= least) kept += weight;
	void evidence;
	for (const { middle, spread, weight } of hypotheses) {
		if (weight < least) continue;
		const part = (share * weight) / kept;
		for (let i = 0; i <= CELLS; i++) survival[i]! += part * (1 - normal((i - middle) / spread));
	}
}

function learn(observed: readonly ObservedDuration[]): Float64Array {
	const bounds = observed
		.filter(({ after, by }) => after >= 0 && by >= after && by < Infinity)
		.slice(-REMEMBERED)
		.map(({ after, by }) => {
			const low = after > 0 ? Math.min(cellOf(after), CELLS) : -1_000;
			const high = Math.max(Math.min(cellOf(by), CELLS), low + 0.2);
			const assumed =
				survivalAt(ASSUMED.survival, Math.max(low, 0)) - survivalAt(ASSUMED.survival, high);
			return { low, high, assumed: Math.max(assumed, 1e-7) };
		})
		.sort((a, b) => a.low + a.high - b.low - b.high);
	if (bounds.length === 0) return ASSUMED.looks;
	const n = bounds.length;
	const survival = new Float64Array(CELLS + 1);
	const one = hump(bounds);
	let split = 0;
	let widest = 0;
	for (let i = 1; i < n; i++) {
		const gap = Math.max(bounds[i]!.low, bounds[i]!.high - 60) - bounds[i - 1]!.high;
		if (gap > widest) [split, widest] = [i, gap];
	}
	let twoHumps = 0;
	if (split > 0) {
		const lower = hump(bounds.slice(0, split));
		const upper = hump(bounds.slice(split));
		// the chance of this very split, its share being unknown: split! (n - split)! / (n + 1)!
		let chance = 1 / (n + 1);
		for (let i = 1; i <= split; i++) chance *= i / (n - split + i);
		const odds = (TWO_HUMPS_PRIOR * chance * lower.evidence * upper.evidence) / one.evidence;
		twoHumps = odds / (1 + odds);
		const share = (split + 0.5) / (n + 1);
		add(survival, lower, twoHumps * share);
		add(survival, upper, twoHumps * (1 - share));
	}
	add(survival, one, 1 - twoHumps);
	const doubt = 1 / (1 + n * n * 0.3);
	for (let i = 0; i <= CELLS; i++) {
		survival[i] = (1 - doubt) * survival[i]! + doubt * ASSUMED.survival[i]!;
	}
	return looksOf(survival);
}

function looksOf(survival: Float64Array): Float64Array {
	const looks = new Float64Array(CELLS + 1);
	let mean = 0;
	for (let i = 0; i < CELLS; i++) {
		const width = (timeOf(i + 1) - timeOf(i)) / 1_000;
		const before = Math.max(survival[i]!, 1e-12);
		const after = Math.max(survival[i + 1]!, 1e-12);
		const density = Math.sqrt(Math.log(before / after) * width);
		looks[i + 1] = looks[i]! + density;
		mean += (density * (before + after)) / 2;
	}
	const intensity = (7 * mean ** 0.38) / mean;
	return looks.map((value) => value * intensity);
}

const learned = new WeakMap<readonly ObservedDuration[], Float64Array>();

/**
 * Milliseconds from now to a task's next look. `elapsed` is ms since its create; `observed` is what
 * this execution's ended tasks were seen to take, and must not be changed afterwards: what it
 * teaches is kept beside it. `random` in [0, 1) sets the jitter.
 */
export function delayUntilNextLook(
	elapsed: number,
	observed: readonly ObservedDuration[],
	random: number,
): number {
	let looks = learned.get(observed);
	if (looks === undefined) {
		looks = learn(observed);
		learned.set(observed, looks);
	}
	const now = Math.max(elapsed, 0);
	const cell = cellOf(now);
	const due =
		survivalAt(looks, cell) +
		(now === 0 ? FIRST_LOOK : 1) * (1 + JITTER * (2 * random - 1)) -
		(now < FIRST ? looks[0]! * (1 - now / FIRST) : 0);
	let low = Math.min(Math.floor(cell), CELLS);
	let high = CELLS;
	if (looks[high]! <= due) return LONGEST_GAP * (1 + JITTER * (2 * random - 1));
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (looks[middle]! <= due) low = middle;
		else high = middle;
	}
	const part = (due - looks[low]!) / (looks[high]! - looks[low]!);
	return Math.min(Math.max(timeOf(low + part) - now, SHORTEST_GAP), LONGEST_GAP);
}

/**
 * Milliseconds to the next look where the user has set the interval (ms): never below it, and up to
 * a tenth above, so that many items do not ask in step. `random` is in [0, 1).
 */
export function fixedDelay(pollInterval: number, random: number): number {
	return pollInterval * (1 + 0.1 * random);
}

/** The observations with one more, the latest thirty, in whole ms; the array given is left alone. */
export function remember(
	observed: readonly ObservedDuration[],
	{ after, by }: ObservedDuration,
): ObservedDuration[] {
	return [...observed, { after: Math.round(after), by: Math.round(by) }].slice(-REMEMBERED);
}
