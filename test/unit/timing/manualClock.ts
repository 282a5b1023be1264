import { AbortScope, Aborted } from '../../../nodes/GptImage1/timing/abort';
import type { Clock } from '../../../nodes/GptImage1/timing/clock';
import { seeded } from '../../seeded';

type Sleeper = { at: number; wake: () => void };

/** Lets everything happen that waits for no timer. */
export const settled = async () => await new Promise((resolve) => setImmediate(resolve));

/** A promise that a test settles by hand. */
export function byHand<T>() {
	let [resolve, reject] = [(_value: T) => {}, (_error: unknown) => {}];
	const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
	return { promise, resolve, reject };
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
	time = 0;

	/** How many calls it has had of each kind. */
	readonly calls = { now: 0, sleepUntil: 0 };

	/** In order of the moments for which they sleep. */
	private readonly sleepers: Sleeper[] = [];

	/** @param lateMs how late its timers may ring */
	constructor(
		readonly random: () => number = seeded(1),
		private readonly lateMs = 0,
	) {}

	now(): number {
		this.calls.now++;
		return this.time;
	}

	date(): number {
		return this.time;
	}

	get timers(): number {
		return this.sleepers.length;
	}

	/** For what is no part of the code under test. */
	async sleep(ms: number): Promise<void> {
		await this.sleepUntil(this.time + ms, new AbortScope());
	}

	async sleepUntil(at: number, scope: AbortScope): Promise<void> {
		this.calls.sleepUntil++;
		scope.throwIfAborted();
		if (at <= this.time) return;
		const { promise, resolve, reject } = byHand<void>();
		const sleeper = { at: at + this.lateMs * this.random(), wake: () => resolve(takeOff()) };
		const takeOff = scope.onAbort(() => {
			this.sleepers.splice(this.sleepers.indexOf(sleeper), 1);
			reject(new Aborted());
		});
		let place = this.sleepers.length;
		while (place > 0 && this.sleepers[place - 1]!.at > sleeper.at) place--;
		this.sleepers.splice(place, 0, sleeper);
		await promise;
		scope.throwIfAborted();
	}

	/** Lets so much time pass, with all that happens in it. */
	async pass(ms: number): Promise<void> {
		const until = this.time + ms;
		await settled();
		while (this.sleepers.length > 0 && this.sleepers[0]!.at <= until) await this.ring();
		this.time = until;
	}

	/** Lets time pass until it has settled; fails where nothing is left that could settle it. */
	async until<T>(outcome: Promise<T>): Promise<T> {
		let isSettled = false;
		const note = () => void (isSettled = true);
		outcome.then(note, note);
		for (await settled(); !isSettled;) {
			if (this.sleepers.length === 0)
				throw new Error('There is no sleeper, and it has not settled');
			await this.ring();
		}
		return await outcome;
	}

	/** Lets the next timer ring, if there is one. */
	async ring(): Promise<void> {
		const next = this.sleepers.shift();
		if (!next) return;
		this.time = Math.max(this.time, next.at);
		next.wake();
		await settled();
	}
}

/** Counts the handlers that have not been taken off. */
export class CountingScope extends AbortScope {
	open = 0;

	override onAbort(handler: () => void): () => void {
		this.open++;
		let isOpen = true;
		const takeOff = super.onAbort(handler);
		return () => {
			if (isOpen) this.open--;
			isOpen = false;
			takeOff();
		};
	}
}

/** What became of a promise so far, without waiting for it. */
export async function stateOf(promise: Promise<unknown>): Promise<string> {
	const pending = settled().then(() => 'pending');
	const outcome = promise.then(
		(value) => `resolved: ${JSON.stringify(value)}`,
		(error: unknown) => `rejected: ${(error as Error).constructor.name}`,
	);
	return await Promise.race([outcome, pending]);
}
