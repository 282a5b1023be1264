import { pollDelayMs } from '../../nodes/GptImage1/timing/schedule';
import { meanOf } from './figure';
import { seeded } from '../seeded';
import { markdownTable } from './table';

/**
 * The poll schedule beside fixed intervals, on simulated durations, without network or n8n. Seeded,
 * so that it comes to the same figures on every machine.
 */

type Random = () => number;
type Duration = (random: Random) => number;
type Poll = { foundMs: number; delayMs: number; polls: number };

const EXECUTIONS = 2000;
const LEARNED = 10;

const even =
	(fromMs: number, toMs: number): Duration =>
	(random) =>
		fromMs + (toMs - fromMs) * random();

const logNormal =
	(medianMs: number, sigma: number): Duration =>
	(random) => {
		const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
		return medianMs * Math.exp(sigma * normal);
	};

const oneOf =
	(one: Duration, other: Duration): Duration =>
	(random) =>
		(random() < 0.5 ? one : other)(random);

/** How long tasks take; `before` says how long the ten before took where that differs. */
const CASES: Array<{ name: string; duration: Duration; before?: Duration }> = [
	{ name: 'about 20 s (log-normal, sigma 0.5)', duration: logNormal(20_000, 0.5) },
	{ name: '2.5 to 3.5 s', duration: even(2_500, 3_500) },
	{ name: '4 to 8 s', duration: even(4_000, 8_000) },
	{
		name: 'about 5 s or about 40 s (sigma 0.3)',
		duration: oneOf(logNormal(5_000, 0.3), logNormal(40_000, 0.3)),
	},
	{ name: 'about 10 minutes (sigma 0.3)', duration: logNormal(600_000, 0.3) },
	{
		name: '5 s, after ten of a minute',
		duration: even(4_500, 5_500),
		before: even(57_000, 63_000),
	},
	{
		name: '20 s, after ten of 10 minutes',
		duration: even(18_000, 22_000),
		before: even(570_000, 630_000),
	},
];

/** Polls one task until it is found ended; `gapMs` says how long to wait at an age. */
function poll(durationMs: number, gapMs: (ageMs: number) => number): Poll {
	let [ageMs, polls] = [0, 0];
	do {
		ageMs += gapMs(ageMs);
		polls++;
	} while (ageMs < durationMs);
	return { foundMs: ageMs, delayMs: ageMs - durationMs, polls };
}

/** The last task of an execution, after so many that the same schedule has polled. */
function pollAfter(learned: number, duration: Duration, before: Duration, random: Random): Poll {
	const foundEndedMs: number[] = [];
	const next = (durationMs: number) =>
		poll(durationMs, (ageMs) => pollDelayMs(ageMs, foundEndedMs, random()));
	for (let task = 0; task < learned; task++) foundEndedMs.push(next(before(random)).foundMs);
	return next(duration(random));
}

/** Mean delay and mean number of polls, as a cell of the table. */
function cell(pollOne: (random: Random) => Poll): string {
	const polled = Array.from({ length: EXECUTIONS }, (_, index) => pollOne(seeded(index + 1)));
	const delayMs = meanOf(polled.map((one) => one.delayMs));
	const polls = meanOf(polled.map((one) => one.polls));
	return `${(delayMs / 1000).toFixed(2)} s, ${polls.toFixed(1)}`;
}

/** Seconds from the end of a task to the poll that finds it, and polls, as Markdown. */
export function pollScheduleTable(): string {
	const head = ['Tasks of', 'first of a run', 'after ten', 'every 3 s', 'every 5 s'];
	const rows = CASES.map(({ name, duration, before = duration }) => [
		name,
		...[0, LEARNED].map((learned) =>
			cell((random) => pollAfter(learned, duration, before, random)),
		),
		...[3_000, 5_000].map((gap) => cell((random) => poll(duration(random), () => gap))),
	]);
	return markdownTable(head, rows);
}
