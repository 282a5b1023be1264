import type { Call, Parameters } from './contract';
import type { Ending } from './endings';
import type { Fault } from './faults';
import type { Picture } from './pictures/pictures';
import type { Answer } from './responses';

/** How a task goes, and where the service departs from the plain way with it. */
export type Plan = {
	/** Ages at which it begins to run and at which it ends: ms since its create, or status calls. */
	runsAt: number;
	endsAt: number;
	countsCalls?: boolean;
	ending: Ending;
	/** Takes a cancel. @returns false where it comes too late */
	cancel?: (task: Task) => boolean;
	/** Other shapes of the true answers, within what the contract leaves open or beyond it. */
	answers?: Partial<Record<Call, (answer: Answer, task: Task) => Answer>>;
	/** What the `count`-th call of a kind (for an image: the `count`-th of it) is answered instead. */
	faults?: Partial<Record<Call, (count: number, call: FaultyCall) => Fault | undefined>>;
	/** The format of the bytes, where it is not the one that was asked for. */
	pictureFormat?: Parameters['output_format'];
};

/** `index` and `path` are those of an image. */
type FaultyCall = { task: Task; index: number; path: string };

export type TaskImage = { index: number; path: string; downloads: number; picture?: Picture };

export type State = 'queued' | 'running' | 'ended';

/** A task of the service and its only state machine: queued, running, ended. */
export class Task<P extends Plan = Plan> {
	readonly createdAt: number;
	/** How often each call was made for it. */
	readonly calls = { create: 1, status: 0, result: 0, cancel: 0, image: 0 };
	readonly images: TaskImage[];

	constructor(
		readonly id: string,
		readonly parameters: Parameters,
		readonly plan: P,
		private readonly now: () => number,
	) {
		this.createdAt = now();
		this.images = Array.from({ length: parameters.n }, (_, index) => ({
			index,
			path: `/2026/${id}/${index}.${parameters.output_format}`,
			downloads: 0,
		}));
	}

	get state(): State {
		if (this.age >= this.plan.endsAt) return 'ended';
		return this.age >= this.plan.runsAt ? 'running' : 'queued';
	}

	/** How it has ended; undefined until then. */
	get ending(): Ending | undefined {
		return this.state === 'ended' ? this.plan.ending : undefined;
	}

	/** How much of its way lies behind it, 0 to 1. */
	get share(): number {
		return Math.min(1, this.age / this.plan.endsAt) || 0;
	}

	get endsAt(): number {
		return this.createdAt + this.plan.endsAt;
	}

	/** Ends it now, or so long after now. @returns false where it had ended before */
	end(ending: Ending, afterMs = 0): boolean {
		if (this.state === 'ended') return false;
		this.plan.ending = ending;
		this.plan.endsAt = this.age + afterMs;
		return true;
	}

	/** Milliseconds since its create, or status calls. */
	get age(): number {
		return this.plan.countsCalls ? this.calls.status : this.now() - this.createdAt;
	}
}
