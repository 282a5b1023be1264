import { setImmediate } from 'node:timers/promises';
import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';
import type { Clock } from '../../../nodes/GptImage1/timing/clock';
import { seeded } from '../../seeded';

/** Lets everything happen that waits for no timer. */
export const settled = async () => await setImmediate();

/** A promise that a test settles by hand. */
export function byHand<T>() {
	let [resolve, reject] = [(_value: T) => {}, (_error: unknown) => {}];
	const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
	return { promise, resolve, reject };
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
	time = 0;
	private readonly sleepers = new Set<{ at: number; wake: () => void }>();

	/** @param lateMs how late its timers may ring */
	constructor(
		readonly random: () => number = seeded(1),
		private readonly lateMs = 0,
	) {}

	now = () => this.time;
	date = () => this.time;

	get timers(): number {
		return this.sleepers.size;
	}

	/** For what is no part of the code under test. */
	async sleep(ms: number): Promise<void> {
		await this.sleepUntil(this.time + ms, new AbortScope());
	}

	async sleepUntil(at: number, scope: AbortScope): Promise<void> {
		scope.throwIfAborted();
		if (at <= this.time) return;
		const { promise, resolve, reject } = byHand<void>();
		const sleeper = { at: at + this.lateMs * this.random(), wake: resolve };
		this.sleepers.add(sleeper);
		const takeOff = scope.onAbort(() => reject(new Aborted()));
		await promise.finally(() => {
			takeOff();
			this.sleepers.delete(sleeper);
		});
		scope.throwIfAborted();
	}

	/** Lets so much time pass, with all that happens in it. */
	async pass(ms: number): Promise<void> {
		const until = this.time + ms;
		do await settled();
		while (await this.ring(until));
		this.time = until;
	}

	/** Lets time pass until it has settled; fails where nothing is left that could settle it. */
	async until<T>(outcome: Promise<T>): Promise<T> {
		let isSettled = false;
		const note = () => void (isSettled = true);
		outcome.then(note, note);
		for (await settled(); !isSettled;) {
			if (!(await this.ring())) throw new Error('There is no sleeper, and it has not settled');
		}
		return await outcome;
	}

	/** Lets the next timer ring. @returns whether there is one up to that moment */
	async ring(until = Infinity): Promise<boolean> {
		const [next] = [...this.sleepers].sort((one, other) => one.at - other.at);
		if (!next || next.at > until) return false;
		this.time = Math.max(this.time, next.at);
		next.wake();
		await settled();
		return true;
	}
}

/** How many handlers have not been taken off. */
export const handlersOf = (scope: AbortScope): number => scope['handlers'].size;

/** What became of a promise so far, without waiting for it. */
export async function stateOf(promise: Promise<unknown>): Promise<string> {
	const outcome = promise.then(
		(value) => `resolved: ${JSON.stringify(value)}`,
		(error: Error) => `rejected: ${error.constructor.name}`,
	);
	return await Promise.race([outcome, setImmediate('pending')]);
}
