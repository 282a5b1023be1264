import { install } from '@sinonjs/fake-timers';

type Clock = ReturnType<typeof install>;

/** When every simulation begins. */
const BEGINNING = Date.UTC(2026, 0, 1);

const { setImmediate: nextTurn, setTimeout: realTimeout } = globalThis;

/**
 * Simulated time: it stands still while anything can still happen without it, and then leaps to the
 * next timer. Nothing here does real input or output, so one turn of the event loop lets everything
 * happen that does not wait for a timer.
 */
export class SimulatedClock {
	private readonly clock: Clock;

	private readonly beginning: number;

	/** Timers of the simulation itself, which are none of the node's. */
	private own = 0;

	constructor() {
		this.clock = install({
			now: BEGINNING,
			toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
			ignoreMissingTimers: true,
		});
		// Node.js makes every shorter delay a millisecond; the simulated clock would stand still.
		const { setTimeout } = globalThis;
		const atLeastOne = (work: () => void, ms = 0, ...rest: []) =>
			setTimeout(work, Math.max(1, Math.trunc(ms) || 1), ...rest);
		globalThis.setTimeout = atLeastOne as typeof globalThis.setTimeout;
		this.beginning = performance.now();
	}

	/** Milliseconds since the beginning, on the clock that only runs forward. */
	get now(): number {
		return Math.round(performance.now() - this.beginning);
	}

	/** Sets the wall clock forward or back; timers and the other clock do not notice. */
	moveWallClock(byMs: number): void {
		this.clock.setSystemTime(this.clock.now + byMs);
	}

	/** Timers of the node and of n8n. */
	get foreignTimers(): number {
		return this.clock.countTimers() - this.own;
	}

	/** Runs `work` after a delay; returns how to call it off. */
	after(ms: number, work: () => void): () => void {
		let open = true;
		const close = () => {
			if (open) this.own--;
			open = false;
		};
		this.own++;
		const timer = this.clock.setTimeout(
			() => {
				close();
				work();
			},
			Math.max(0, Math.round(ms)),
		);
		return () => {
			close();
			this.clock.clearTimeout(timer);
		};
	}

	/**
	 * Lets time pass until something holds or a moment has come.
	 *
	 * @returns false where the moment came first, or where nothing is left that could happen
	 */
	async pass(holds: () => boolean, until: number): Promise<boolean> {
		for (;;) {
			await new Promise((turn) => nextTurn(turn));
			if (holds()) return true;
			if (this.clock.countTimers() === 0 && !(await somethingReal(holds, this.clock))) {
				return holds();
			}
			if (this.now > until) return false;
			this.clock.next();
		}
	}

	/** Lets so many milliseconds pass. */
	async sleep(ms: number): Promise<void> {
		let over = false;
		this.after(ms, () => {
			over = true;
		});
		await this.pass(() => over, Infinity);
	}

	end(): void {
		this.clock.uninstall();
	}
}

/** Waits for the real world for a moment: only then it is certain that nothing comes any more. */
async function somethingReal(holds: () => boolean, clock: Clock): Promise<boolean> {
	for (let turn = 0; turn < 10; turn++) {
		await new Promise((done) => realTimeout(done, 2));
		if (holds() || clock.countTimers() > 0) return true;
	}
	return false;
}
