import FakeTimers from '@sinonjs/fake-timers';

const { setImmediate } = globalThis;

/** Turns of the event loop in which nothing happens, before the program counts as asleep. */
const QUIET_TURNS = 3;

/**
 * A clock that stands still while the program works and leaps to the next timer when all that is
 * left of it waits for one, so that an hour of polling takes milliseconds. Needs a world without
 * sockets: `answerInProcess` in place of HTTP.
 */
export class SimulatedTime {
	private readonly clock: FakeTimers.Clock;

	private constructor(start: Date) {
		this.clock = FakeTimers.install({
			now: start,
			toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
		});
		roundTimersAsNode();
	}

	/** Takes over the clock of the process for as long as `work` runs. One at a time. */
	static async during<Result>(
		work: (time: SimulatedTime) => Promise<Result>,
		start = new Date('2026-01-01T00:00:00Z'),
	): Promise<Result> {
		const time = new SimulatedTime(start);
		try {
			return await work(time);
		} finally {
			time.clock.uninstall();
		}
	}

	/** Milliseconds since 1970, in simulated time. */
	get now(): number {
		return this.clock.now;
	}

	/** Sets the system's clock; timers and `performance` go on as if nothing had been. */
	setClock(byMs: number): void {
		this.clock.setSystemTime(this.clock.now + byMs);
	}

	/** Lets time pass until `outcome` settles; throws when nothing is left that could settle it. */
	async settle<Result>(outcome: Promise<Result>): Promise<Result> {
		let settled = false;
		const seen = () => {
			settled = true;
		};
		outcome.then(seen, seen);
		for (;;) {
			await this.quiet();
			if (settled) return await outcome;
			if (this.clock.countTimers() === 0) {
				throw new Error('Nothing is left to happen, and yet it has not settled');
			}
			this.clock.next();
		}
	}

	/** Lets so many milliseconds pass, with all that happens in them. */
	async pass(milliseconds: number): Promise<void> {
		await this.settle(new Promise((resolve) => setTimeout(resolve, milliseconds)));
	}

	/** Real work that is under way, such as writing a file, ends before time may go on. */
	private async quiet(): Promise<void> {
		for (let turns = 0; turns < QUIET_TURNS; turns++) {
			await new Promise((resolve) => setImmediate(resolve));
			if (process.getActiveResourcesInfo().some((name) => /^(FSReq|CloseReq)/.test(name))) turns = -1;
		}
	}
}

/**
 * Node.js drops the fraction of a delay and waits for a millisecond at least. The faked timers would
 * ring without time having passed, and who sleeps again for the rest would do so for ever.
 */
function roundTimersAsNode(): void {
	const faked = globalThis.setTimeout;
	const rounded = (callback: (...given: unknown[]) => void, delay = 1, ...given: unknown[]) =>
		faked(callback, Math.max(1, Math.trunc(delay)), ...given);
	globalThis.setTimeout = Object.assign(rounded, faked);
}
