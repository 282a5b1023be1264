import { pollDelayMs } from '../../nodes/GptImage1/timing/schedule';
import { seeded } from '../seeded';
import { markdownTable, meanOf } from './report';

/**
 * The poll schedule beside fixed intervals, on simulated durations, without network or n8n. Seeded,
 * so that it comes to the same figures on every machine.
 */

type Random = () => number;
type Duration = (random: Random) => number;

const EXECUTIONS = 2000;

function even(fromMs: number, toMs: number): Duration {
	return (random) => fromMs + (toMs - fromMs) * random();
}

function logNormal(medianMs: number, sigma: number): Duration {
	return (random) => {
		const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
		return medianMs * Math.exp(sigma * normal);
	};
}

const quickOrSlow: Duration = (random) =>
	(random() < 0.5 ? logNormal(5_000, 0.3) : logNormal(40_000, 0.3))(random);

/** How long tasks take, and how long the ten before took where that differs. */
const CASES: Array<[name: string, duration: Duration, before?: Duration]> = [
	['about 20 s (log-normal, sigma 0.5)', logNormal(20_000, 0.5)],
	['2.5 to 3.5 s', even(2_500, 3_500)],
	['4 to 8 s', even(4_000, 8_000)],
	['about 5 s or about 40 s (sigma 0.3)', quickOrSlow],
	['about 10 minutes (sigma 0.3)', logNormal(600_000, 0.3)],
	['5 s, after ten of a minute', even(4_500, 5_500), even(57_000, 63_000)],
	['20 s, after ten of 10 minutes', even(18_000, 22_000), even(570_000, 630_000)],
];

/** Polls one task until it is found ended; `gapMs` says how long to wait at an age. */
function poll(durationMs: number, gapMs: (ageMs: number) => number) {
	let [ageMs, polls] = [gapMs(0), 1];
	for (; ageMs < durationMs; polls++) ageMs += gapMs(ageMs);
	return { foundMs: ageMs, delayMs: ageMs - durationMs, polls };
}

/** The last task of an execution, after so many that the same schedule has polled. */
function pollAfter(learned: number, duration: Duration, before: Duration, random: Random) {
	const foundEndedMs: number[] = [];
	const next = (durationMs: number) =>
		poll(durationMs, (ageMs) => pollDelayMs(ageMs, foundEndedMs, random()));
	for (let task = 0; task < learned; task++) foundEndedMs.push(next(before(random)).foundMs);
	return next(duration(random));
}

/** Mean delay and mean number of polls, as a cell of the table. */
function cell(pollOne: (random: Random) => ReturnType<typeof poll>): string {
	const polled = Array.from({ length: EXECUTIONS }, (_, index) => pollOne(seeded(index + 1)));
	const delayMs = meanOf(polled.map((one) => one.delayMs));
	const polls = meanOf(polled.map((one) => one.polls));
	return `${(delayMs / 1000).toFixed(2)} s, ${polls.toFixed(1)}`;
}

/** Seconds from the end of a task to the poll that finds it, and polls, as Markdown. */
export const pollScheduleTable = (): string =>
	markdownTable([
		['Tasks of', 'first of a run', 'after ten', 'every 3 s', 'every 5 s'],
		...CASES.map(([name, duration, before = duration]) => [
			name,
			cell((random) => pollAfter(0, duration, before, random)),
			cell((random) => pollAfter(10, duration, before, random)),
			cell((random) => poll(duration(random), () => 3_000)),
			cell((random) => poll(duration(random), () => 5_000)),
		]),
	]);
