import { Aborted } from '../../nodes/GptImage1/timing/abort';
import type { AbortScope } from '../../nodes/GptImage1/timing/abort';
import type * as NodeClock from '../../nodes/GptImage1/timing/clock';

/**
 * The node's clock with its sleeps cut out, for `jest.mock` in place of `timing/clock`. Where everybody
 * sleeps, it skips to the moment that the first of them waits for; so every delay, deadline and
 * Retry-After counts in full and costs no time. While a call is under way it runs as real time does, so
 * that a skip in one item never costs another item its answer.
 */

const real = jest.requireActual<typeof NodeClock>('../../nodes/GptImage1/timing/clock');

type Sleeper = { at: number; wake: () => void };

/** A call that has brought nothing for so long is taken for one that never answers, in real ms. */
const HANGING_MS = 1_000;

/** How far ahead of real time the clock is, in ms; it only grows. */
let ahead = 0;
const now = () => real.systemClock.now() + ahead;

const sleepers = new Set<Sleeper>();
const deadlines = new Set<Sleeper>();
let calls = 0;
let hanging: NodeJS.Timeout | undefined;

/** Lets all that needs no time happen first, such as another item's sleep. */
function skipSoon(): void {
	clearTimeout(hanging);
	setTimeout(() => {
		if (calls === 0) skip();
	}, 1);
	if (calls > 0) hanging = setTimeout(skip, HANGING_MS).unref();
}

function skip(): void {
	if (sleepers.size === 0 && calls === 0) return;
	const waiting = [...sleepers, ...deadlines];
	const first = Math.min(...waiting.map(({ at }) => at));
	if (!Number.isFinite(first)) return;
	ahead += Math.max(0, first - now());
	for (const one of waiting) if (one.at <= now()) one.wake();
	skipSoon();
}

async function waitIn(waiting: Set<Sleeper>, at: number, scope: AbortScope): Promise<void> {
	scope.throwIfAborted();
	if (at <= now()) return;
	let sleeper: Sleeper | undefined;
	let takeOff = () => {};
	await new Promise<void>((wake, reject) => {
		sleeper = { at, wake };
		waiting.add(sleeper);
		takeOff = scope.onAbort(() => reject(new Aborted()));
		skipSoon();
	}).finally(() => {
		takeOff();
		waiting.delete(sleeper!);
	});
	scope.throwIfAborted();
}

/** Counts the work that uses the signal of its scope: n8n makes a call with it. */
function countCall(scope: AbortScope): () => void {
	let isCall = false;
	Object.defineProperty(scope, 'signal', {
		get() {
			if (!isCall) calls++;
			isCall = true;
			skipSoon();
			return Reflect.get(Object.getPrototypeOf(scope) as object, 'signal', scope) as AbortSignal;
		},
	});
	return () => {
		if (isCall) calls--;
		isCall = false;
		skipSoon();
	};
}

export const { DeadlinePassed } = real;

export const systemClock: NodeClock.Clock = {
	...real.systemClock,
	now,
	random: () => 0.5,
	sleepUntil: async (at, scope) => await waitIn(sleepers, at, scope),
};

export const withDeadline: typeof NodeClock.withDeadline = async (_clock, at, scope, work) => {
	const clock: NodeClock.Clock = {
		...systemClock,
		sleepUntil: async (until, timer) => await waitIn(deadlines, until, timer),
	};
	let uncount = () => {};
	return await real
		.withDeadline(clock, at, scope, async (own) => {
			uncount = countCall(own);
			return await work(own);
		})
		.finally(() => uncount());
};
