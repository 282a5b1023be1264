import FakeTimers from '@sinonjs/fake-timers';

const { setImmediate, setTimeout: realTimeout } = globalThis;

/** When simulated time begins, by the wall clock. */
const BEGINNING = Date.UTC(2026, 0, 1);

/** Turns of the event loop in which nothing happens, before the program counts as asleep. */
const QUIET_TURNS = 3;

/** Real work that is under way, such as writing a file; it ends before time may go on. */
const REAL_WORK = /^(FSReq|CloseReq)/;

/**
 * A clock that stands still while the program works and leaps to the next timer when all that is
 * left of it waits for one, so that an hour of polling takes milliseconds. Needs a test without
 * sockets: `answerInProcess` in place of HTTP.
 */
export class SimulatedClock {
	private readonly clock: FakeTimers.Clock;
	private readonly beginning: number;
	/** Whether real work is under way that the event loop does not tell of. */
	isBusy = () => false;
	/** Told of each turn of the event loop how long the process was at work in it, in ms of its CPU. */
	onTurn: (cpuMs: number) => void = () => {};
	/** Timers of `after`, which are none of the program's. */
	private readonly own = new Set<FakeTimers.TimerId>();
	private turnBegan = 0;

	/** Takes over the clock of the process until `end`. One at a time. */
	constructor() {
		this.clock = FakeTimers.install({
			now: BEGINNING,
			toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
			ignoreMissingTimers: true,
		});
		roundTimersAsNode();
		this.beginning = performance.now();
	}

	/** Milliseconds since the beginning, on the clock that only runs forward. */
	get now(): number {
		return Math.round(performance.now() - this.beginning);
	}

	/** Sets the wall clock forward or back; timers and `performance` do not notice. */
	moveWallClock(byMs: number): void {
		this.clock.setSystemTime(this.clock.now + byMs);
	}

	/** Timers of the program: those that `after` has not set. */
	get foreignTimers(): number {
		return this.clock.countTimers() - this.own.size;
	}

	/** Runs `work` after a delay; returns how to call it off. */
	after(ms: number, work: () => void): () => void {
		const ring = () => {
			this.own.delete(timer);
			work();
		};
		const timer = this.clock.setTimeout(ring, Math.max(0, Math.round(ms)));
		this.own.add(timer);
		return () => {
			this.own.delete(timer);
			this.clock.clearTimeout(timer);
		};
	}

	/** Lets time pass until something holds. @returns false where a moment or the end of all comes first */
	async until(holds: () => boolean, moment = Infinity): Promise<boolean> {
		this.turnBegan = cpuMs();
		for (;;) {
			await this.quiet();
			if (holds()) return true;
			if (this.clock.countTimers() === 0 && !(await this.somethingReal(holds))) return holds();
			if (this.now > moment) return false;
			this.turnBegan = cpuMs();
			this.clock.next();
		}
	}

	/** Lets time pass until `outcome` settles; throws where nothing is left that could settle it. */
	async settle<Result>(outcome: Promise<Result>): Promise<Result> {
		let settled = false;
		const seen = () => void (settled = true);
		outcome.then(seen, seen);
		if (await this.until(() => settled)) return await outcome;
		throw new Error('Nothing is left to happen, and yet it has not settled');
	}

	/** Lets so many milliseconds pass, with all that happens in them. */
	async pass(ms: number): Promise<void> {
		await this.settle(new Promise<void>((resolve) => this.after(ms, resolve)));
	}

	end(): void {
		this.clock.uninstall();
	}

	/** It makes one promise, as the simulation counts those of a run. */
	private async quiet(): Promise<void> {
		await new Promise<void>((resolve) => {
			let quietTurns = 0;
			const turn = () => {
				const now = cpuMs();
				this.onTurn(now - this.turnBegan);
				this.turnBegan = now;
				const isAtWork = process.getActiveResourcesInfo().some((name) => REAL_WORK.test(name));
				quietTurns = isAtWork || this.isBusy() ? 0 : quietTurns + 1;
				if (quietTurns >= QUIET_TURNS) resolve();
				else setImmediate(turn);
			};
			setImmediate(turn);
		});
	}

	/** Waits for real time and input for a moment: only then it is certain that nothing comes any more. */
	private async somethingReal(holds: () => boolean): Promise<boolean> {
		for (let turn = 0; turn < 10; turn++) {
			await new Promise((done) => realTimeout(done, 2));
			if (holds() || this.clock.countTimers() > 0) return true;
		}
		return false;
	}
}

const cpuMs = () => process.cpuUsage().user / 1000;

/**
 * Node.js drops the fraction of a delay and waits for a millisecond at least. The faked timers would
 * ring without time having passed, and who sleeps again for the rest would do so forever.
 */
function roundTimersAsNode(): void {
	const faked = globalThis.setTimeout;
	const rounded = (callback: (...given: unknown[]) => void, delay = 1, ...given: unknown[]) =>
		faked(callback, Math.max(1, Math.trunc(delay) || 1), ...given);
	globalThis.setTimeout = Object.assign(rounded, faked);
}
