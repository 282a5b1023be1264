import { between, CELL, cellOf, CELLS } from './ages';
import { assumed } from './assumption';

/** How long tasks take, learned from those that have ended; see `schedule.ts`. */

/** What was seen of an ended task, in ms since its create: open at `after`, ended at `by`. */
export type ObservedDuration = { after: number; by: number };

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
const SPREADS_TOTAL = SPREADS.reduce((sum, [, prior]) => sum + prior, 0);
/**
 * How likely two groups are at first, by the room between them: as likely as one where the least of
 * the longer is some 1.9 times the most of the shorter, hardly at all where the room is small.
 */
const AS_LIKELY_AT = 25;
const LIKELIER_BY = 8;
const LIKELIEST = 10;
/** The part of the tasks that may be like none of the others. */
const STRANGERS = 0.003;

/** The lower bound of a span that starts with the create, and the widest that such a span can be. */
const BEFORE_ALL = -1_000;
const WIDEST = 60;

/** The normal distribution function at hundredths of a standard deviation, from -5 to 5. */
let normals: Float64Array | undefined;

function workOutNormals(): Float64Array {
	const table = new Float64Array(1_001);
	let sum = 0;
	for (let at = 1; at <= 1_000; at++) {
		sum += Math.exp(-(((at - 500.5) / 100) ** 2) / 2);
		table[at] = sum;
	}
	return table.map((value) => value / sum);
}

function normal(z: number): number {
	if (z <= -5) return 0;
	if (z >= 5) return 1;
	return (normals ??= workOutNormals())[(z * 100 + 500.5) | 0]!;
}

/** An observed duration in cells, with the probability that the assumption gave it. */
type Span = { low: number; high: number; assumed: number };

function spanOf({ after, by }: ObservedDuration): Span {
	const low = after > 0 ? Math.min(cellOf(after), CELLS - 1) : BEFORE_ALL;
	const high = Math.min(Math.max(cellOf(by), low + 0.2), CELLS);
	const { survival } = assumed();
	const part = between(survival, Math.max(low, 0)) - between(survival, high);
	return { low, high, assumed: Math.max(part, 1e-7) };
}

const startOf = ({ low, high }: Span) => Math.max(low, high - WIDEST);

/** A log-normal hump, in cells, and how well it explains the spans. */
type Hump = { middle: number; spread: number; weight: number };

/** Every hump of a spread (in cells) that may explain the spans. */
function humpsOf(spread: number, spans: readonly Span[]): Hump[] {
	const from = Math.min(...spans.map(startOf));
	const to = Math.max(...spans.map(({ high }) => high));
	const humps: Hump[] = [];
	const step = Math.max(1, spread / 3);
	for (let middle = from - spread / 2; middle <= to + spread / 2; middle += step) {
		let weight = step * CELL;
		for (const { low, high, assumed } of spans) {
			const given = normal((high - middle) / spread) - normal((low - middle) / spread);
			weight *= (1 - STRANGERS) * given + STRANGERS * assumed;
		}
		humps.push({ middle, spread, weight });
	}
	return humps;
}

const evidenceOf = (humps: readonly Hump[]) => humps.reduce((sum, { weight }) => sum + weight, 0);

const weighed = (humps: readonly Hump[], by: number) =>
	humps.map((hump) => ({ ...hump, weight: hump.weight * by }));

/**
 * The humps that may explain each group, and how well all groups are explained. Groups are of one
 * spread: kinds of tasks differ in how long they take more than in how much that varies.
 */
function humpsFor(groups: ReadonlyArray<readonly Span[]>): { evidence: number; humps: Hump[][] } {
	const humps = groups.map((): Hump[] => []);
	let evidence = 0;
	for (const [deviation, prior] of SPREADS) {
		const own = groups.map((spans) => humpsOf(deviation / CELL, spans));
		const evidences = own.map(evidenceOf);
		const joint = evidences.reduce((product, one) => product * one, prior / SPREADS_TOTAL);
		own.forEach((list, group) => {
			if (joint > 0) humps[group]!.push(...weighed(list, joint / evidences[group]!));
		});
		evidence += joint;
	}
	return { evidence, humps };
}

/** Takes off the survival of each cell what the humps let end by it; the unlikeliest are left out. */
function subtractHumps(survival: Float64Array, humps: readonly Hump[], share: number): void {
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

/**
 * The survival, by cells of age, of a task of which nothing is known but what others have shown;
 * undefined where they have shown nothing.
 */
export function survivalAfter(observed: readonly ObservedDuration[]): Float64Array | undefined {
	const spans = observed
		.filter(({ after, by }) => after >= 0 && by >= after && by < Infinity)
		.map(spanOf)
		.sort((one, other) => startOf(one) + one.high - startOf(other) - other.high);
	if (spans.length === 0) return undefined;
	const survival = new Float64Array(CELLS + 1).fill(1);
	const all = humpsFor([spans]);
	const split = widestRoom(spans);
	const count = spans.length;
	let two = 0;
	if (split > 0) {
		const groups = humpsFor([spans.slice(0, split), spans.slice(split)]);
		// That these spans and no others are the lower group, the groups' shares being unknown.
		let chance = 1 / (count + 1);
		for (let at = 1; at <= split; at++) chance *= at / (count - split + at);
		const room = startOf(spans[split]!) - spans[split - 1]!.high;
		const likely = Math.min((room / AS_LIKELY_AT) ** LIKELIER_BY, LIKELIEST);
		const odds = (likely * chance * groups.evidence) / all.evidence;
		two = odds / (1 + odds);
		const share = (split + 2) / (count + 4);
		subtractHumps(survival, groups.humps[0]!, two * share);
		subtractHumps(survival, groups.humps[1]!, two * (1 - share));
	}
	subtractHumps(survival, all.humps[0]!, 1 - two);
	// That the next task is of a kind that none of them was.
	const doubt = 0.8 / (0.8 + count ** 2);
	const { survival: before } = assumed();
	return survival.map((value, cell) => value + doubt * (before[cell]! - value));
}
