import type { IContextObject } from 'n8n-workflow';
import { FileNames } from '../images/fileName';
import type { CallLimits } from '../service/repeatedCall';
import { systemClock } from '../timing/clock';
import { RateLimiter } from '../timing/rateLimiter';
import { MAX_REMEMBERED } from '../timing/schedule';
import { Semaphore } from '../timing/semaphore';
import { perObject } from './perObject';
import type { TaskRun } from './task';
import { Tasks } from './tasks';

/** Calls of one kind in any second; and the creates to begin with. */
const MAX_CALLS_PER_SECOND = 10;
const FIRST_CREATES_PER_SECOND = 20;

const tenPerSecond = () => ({
	limiter: new RateLimiter({ perSecond: MAX_CALLS_PER_SECOND }, systemClock),
	inFlight: new Semaphore(),
});

/** What all runs and tries of a node in one execution share; n8n's node context is as old as they. */
export class NodeExecution {
	readonly tasks: Tasks;

	readonly limits: CallLimits = {
		creates: {
			limiter: new RateLimiter({ perSecond: FIRST_CREATES_PER_SECOND, grows: true }, systemClock),
		},
		reads: tenPerSecond(),
		results: tenPerSecond(),
		cancels: tenPerSecond(),
	};

	/** Of the image hosts: no limit until one of them refuses. */
	readonly downloadLimiter = new RateLimiter({ perSecond: Infinity }, systemClock);

	/** The names of the files that this execution's runs of the node have made. */
	readonly fileNames = new FileNames();

	/** The ages in ms at which the latest tasks were found ended, by kind. */
	private readonly foundEnded = new Map<string, readonly number[]>();

	private latestRun: TaskRun | undefined;

	private constructor(context: IContextObject) {
		this.tasks = new Tasks(context, systemClock);
	}

	/** Gone with n8n's signal: what n8n evaluates may hold its node context longer than the execution. */
	private static readonly all = perObject((_signal: object) =>
		perObject((context: IContextObject) => new NodeExecution(context)),
	);

	static of(context: IContextObject, signal: AbortSignal | undefined): NodeExecution {
		return NodeExecution.all(signal ?? context)(context);
	}

	/** A run begins, so that the one before is over as soon as n8n has recorded it. */
	begin(run: TaskRun): void {
		if (this.latestRun?.isRecorded) this.tasks.handOver(this.latestRun);
		this.latestRun = run;
	}

	foundEndedOf(kind: string): readonly number[] {
		return this.foundEnded.get(kind) ?? [];
	}

	noteFoundEnded(kind: string, ageMs: number): void {
		this.foundEnded.set(kind, [...this.foundEndedOf(kind), ageMs].slice(-MAX_REMEMBERED));
	}
}
