/**
 * What the schedule and the pace come to on simulated durations and services, without a node:
 * `npx tsx test/bench/schedule.ts`. Seeded, so that it prints the same table on every machine.
 */
import { Pace } from '../../nodes/GptImage1/task/pace';
import { delayUntilNextLook, remember } from '../../nodes/GptImage1/task/schedule';
import type { ObservedDuration } from '../../nodes/GptImage1/task/durations';

type Random = () => number;

/** mulberry32: the same numbers in [0, 1) from the same seed. */
export function seeded(seed: number): Random {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** How long tasks take, in ms. */
export type Durations = { density(age: number): number; draw(random: Random): number };

export function logNormal(median: number, sigma: number): Durations {
	return {
		density: (age) =>
			Math.exp(-((Math.log(age / median) / sigma) ** 2) / 2) /
			(age * sigma * Math.sqrt(2 * Math.PI)),
		draw: (random) => {
			const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
			return median * Math.exp(sigma * normal);
		},
	};
}

export const uniform = (from: number, to: number): Durations => ({
	density: (age) => (age >= from && age < to ? 1 / (to - from) : 0),
	draw: (random) => from + (to - from) * random(),
});

export const half = (one: Durations, other: Durations): Durations => ({
	density: (age) => (one.density(age) + other.density(age)) / 2,
	draw: (random) => (random() < 0.5 ? one : other).draw(random),
});

export const CASES = {
	'log-normal, 20 s, sigma 0.5': logNormal(20_000, 0.5),
	'log-normal, 20 s, sigma 0.3': logNormal(20_000, 0.3),
	'2.5 to 3.5 s': uniform(2_500, 3_500),
	'4 to 8 s': uniform(4_000, 8_000),
	'half about 5 s, half about 40 s, sigma 0.3': half(logNormal(5_000, 0.3), logNormal(40_000, 0.3)),
	'half about 5 s, half about 40 s, sigma 0.5': half(logNormal(5_000, 0.5), logNormal(40_000, 0.5)),
	'about 10 minutes, sigma 0.1': logNormal(600_000, 0.1),
	'about 10 minutes, sigma 0.3': logNormal(600_000, 0.3),
	'9 to 11 minutes': uniform(540_000, 660_000),
} satisfies Record<string, Durations>;

/** Walks the ages from 0.1 s to three hours, with the part of the tasks that end in each step. */
function* steps({ density }: Durations) {
	const log = 0.001;
	let survival = 1;
	for (let at = Math.log(100); at < Math.log(1e7); at += log) {
		const age = Math.exp(at + log / 2);
		const ends = density(age) * age * log;
		survival -= ends;
		yield { age, width: age * log, ends, survival: Math.max(survival + ends / 2, 0) };
	}
}

/** The least that delay × calls can be, relative to a fixed interval: (∫√(fS) dt)² / mean. */
export function limitOf(durations: Durations): number {
	let [mean, root] = [0, 0];
	for (const { age, width, ends, survival } of steps(durations)) {
		root += Math.sqrt(ends * survival * width);
		mean += age * ends;
	}
	return root ** 2 / mean;
}

/** So many durations that stand for all, in order. */
function quantilesOf(durations: Durations, count: number): number[] {
	const quantiles: number[] = [];
	for (const { age, survival } of steps(durations)) {
		while (quantiles.length < count && 1 - survival > (quantiles.length + 0.5) / count) {
			quantiles.push(age);
		}
	}
	return quantiles;
}

/** Watches one task of so many ms by itself. */
function watch(duration: number, observed: readonly ObservedDuration[], random: Random) {
	let [after, by] = [0, delayUntilNextLook(0, observed, random())];
	while (by < duration) [after, by] = [by, by + delayUntilNextLook(by, observed, random())];
	return { after, by };
}

export type Measured = { delay: number; calls: number; share: number; relative: number };

/**
 * Mean delay (ms; `share` of the mean duration), mean calls and delay × calls relative to a fixed
 * interval, once `ended` tasks have been watched by the same schedule, over so many executions.
 */
export function measure(durations: Durations, ended: number, executions: number): Measured {
	const sample = quantilesOf(durations, 500);
	let [delay, calls, total] = [0, 0, 0];
	for (let execution = 1; execution <= executions; execution++) {
		const random = seeded(execution);
		let observed: ObservedDuration[] = [];
		for (let task = 0; task < ended; task++) {
			observed = remember(observed, watch(durations.draw(random), observed, random));
		}
		// One run through the looks serves the whole sample, since it is in order.
		let [age, looks] = [0, 0];
		for (const duration of sample) {
			for (; age < duration; looks++) age += delayUntilNextLook(age, observed, random());
			delay += age - duration;
			calls += looks;
			total += duration;
		}
	}
	const count = sample.length * executions;
	return {
		delay: delay / count,
		calls: calls / count,
		share: delay / total,
		relative: ((delay / count) * calls * 2) / total,
	};
}

/** When a create that arrives now may be repeated, in ms; undefined where it is accepted. */
export type Limiter = (now: number) => number | undefined;

/** So many creates at once, and so many a second after. */
export function tokenBucket(capacity: number, rate: number): Limiter {
	let [tokens, last] = [capacity, 0];
	return (now) => {
		tokens = Math.min(capacity, tokens + ((now - last) / 1_000) * rate);
		last = now;
		if (tokens < 1) return ((1 - tokens) / rate) * 1_000;
		tokens--;
		return undefined;
	};
}

/** So many creates in each span of so many ms, which begins at `phase`. */
export function fixedWindow(most: number, span: number, phase: number): Limiter {
	let [current, count] = [-1, 0];
	return (now) => {
		const window = Math.floor((now + phase) / span);
		if (window !== current) [current, count] = [window, 0];
		return count++ < most ? undefined : (window + 1) * span - now - phase;
	};
}

export type Run = {
	items: number;
	slots: number;
	/** Of a call, there and back, in ms. */
	latency: number;
	duration(random: Random): number;
	mostOpen?: number;
	limiter?: Limiter;
	/** Whether a 429 says when to come back, in whole seconds. */
	saysWhen?: boolean;
	/** Every create is refused from the one to the other, in ms. */
	storm?: readonly [from: number, to: number];
	seed: number;
};

/** One node run against a simulated service, in virtual ms from its start. */
export function simulateRun(run: Run) {
	const random = seeded(run.seed);
	const pace = new Pace();
	const events: Array<{ at: number; happen(): void }> = [];
	const looks: number[] = [];
	const starts: number[] = [];
	let [now, next, free, open, refused, slowest] = [0, 0, run.slots, 0, 0, 0];
	let observed: ObservedDuration[] = [];

	const after = (delay: number, happen: () => void) => {
		const at = now + delay;
		let place = events.length;
		while (place > 0 && events[place - 1]!.at > at) place--;
		events.splice(place, 0, { at, happen });
	};
	const refusal = (): number | undefined => {
		if (run.storm && now >= run.storm[0] && now < run.storm[1]) return 1_000;
		if (open >= (run.mostOpen ?? Infinity)) return 1_000;
		return run.limiter?.(now);
	};
	const start = () => {
		for (; free > 0 && next < run.items; next++, free--) create(pace.creates.next(now));
	};
	const create = (at: number): void => {
		if (at > now) return after(at - now, () => create(pace.creates.next(now, at)));
		starts.push(now);
		after(run.latency / 2, () => {
			const wait = refusal();
			if (wait !== undefined) {
				refused++;
				const said = run.saysWhen ? Math.ceil(wait / 1_000) * 1_000 : undefined;
				return after(run.latency / 2, () => {
					pace.creates.refused(now, said, random());
					create(pace.creates.next(now));
				});
			}
			const duration = run.duration(random);
			const end = now + duration;
			open++;
			slowest = Math.max(slowest, duration);
			after(duration, () => open--);
			after(run.latency / 2, () => {
				pace.creates.accepted(now);
				lookLater(now, end, 0);
			});
		});
	};
	const lookLater = (born: number, end: number, seenOpen: number) => {
		const wanted = now + delayUntilNextLook(now - born, observed, random());
		lookAt(pace.looks.next(now, wanted), born, end, seenOpen);
	};
	const lookAt = (at: number, born: number, end: number, seenOpen: number): void => {
		if (at > now) {
			return after(at - now, () => lookAt(pace.looks.next(now, at, at), born, end, seenOpen));
		}
		const asked = now;
		looks.push(asked);
		after(run.latency / 2, () => {
			const ended = now >= end;
			after(run.latency / 2, () => {
				if (!ended) return lookLater(born, end, asked - born);
				observed = remember(observed, { after: seenOpen, by: now - born });
				free++;
				start();
				// The result is fetched.
				after(run.latency, () => {});
			});
		});
	};

	start();
	for (let event = events.shift(); event; event = events.shift()) {
		now = event.at;
		event.happen();
	}
	return { wall: now, slowest, refused, callsPerTask: looks.length / run.items, looks, starts };
}

/** The most of the times that lie in any one second, its end excluded. */
export function mostInASecond(times: readonly number[]): number {
	let [most, from] = [0, 0];
	times.forEach((time, index) => {
		while (time - times[from]! >= 1_000) from++;
		most = Math.max(most, index - from + 1);
	});
	return most;
}

function printSchedule(): void {
	console.log('durations | tasks ended | delay | of duration | calls | relative | limit | ratio');
	for (const [name, durations] of Object.entries(CASES)) {
		const limit = limitOf(durations);
		for (const ended of [0, 10]) {
			const { delay, calls, share, relative } = measure(durations, ended, ended ? 1_000 : 200);
			const figures = [
				`${delay.toFixed(0)} ms`,
				`${(100 * share).toFixed(2)} %`,
				calls.toFixed(2),
				relative.toFixed(3),
				limit.toFixed(3),
				(relative / limit).toFixed(3),
			];
			console.log([name, ended, ...figures].join(' | '));
		}
	}
}

function printRuns(): void {
	console.log('\nrun | wall | relative | calls a task | most looks in a second | creates refused');
	const print = (name: string, best: number, run: ReturnType<typeof simulateRun>) => {
		const { wall, callsPerTask, looks, refused } = run;
		const figures = [(wall / best).toFixed(3), callsPerTask.toFixed(2), mostInASecond(looks)];
		console.log([name, `${(wall / 1_000).toFixed(2)} s`, ...figures, refused].join(' | '));
	};
	const several = Array.from({ length: 60 }, (_, index) =>
		simulateRun({
			items: 20,
			slots: 20,
			latency: 20,
			duration: (random) => 4_000 + 4_000 * random(),
			seed: index + 1,
		}),
	);
	const mean = (of: (run: (typeof several)[number]) => number) =>
		several.reduce((sum, run) => sum + of(run), 0) / several.length;
	const most = Math.max(...several.map(({ looks }) => mostInASecond(looks)));
	console.log(
		`20 of 4 to 8 s, mean of 60 | ${(mean(({ wall }) => wall) / 1_000).toFixed(2)} s | ` +
			`${mean(({ wall, slowest }) => wall / slowest).toFixed(3)} | ` +
			`${mean(({ callsPerTask }) => callsPerTask).toFixed(2)} | ${most} | 0`,
	);
	for (const latency of [20, 100, 300]) {
		for (const saysWhen of [true, false]) {
			for (const kind of ['bucket', 'window']) {
				const limiter = kind === 'bucket' ? tokenBucket(10, 10) : fixedWindow(10, 1_000, 300);
				print(
					`500 of 2 s, ${kind}, ${latency} ms a call${saysWhen ? ', Retry-After' : ''}`,
					51_000,
					simulateRun({
						items: 500,
						slots: 50,
						latency,
						duration: () => 2_000,
						mostOpen: 50,
						limiter,
						saysWhen,
						seed: 1,
					}),
				);
			}
		}
	}
	const steady = { items: 300, slots: 50, latency: 20, duration: () => 5_000, seed: 1 };
	const calm = simulateRun(steady);
	print(
		'300 of 5 s, refused from 6 to 11 s',
		calm.wall,
		simulateRun({ ...steady, storm: [6e3, 11e3] }),
	);
	const hundred = { items: 100, slots: 100, latency: 20, duration: () => 60_000, seed: 1 };
	print('100 of a minute', 60_000, simulateRun(hundred));
}

if (require.main === module) {
	printSchedule();
	printRuns();
}
