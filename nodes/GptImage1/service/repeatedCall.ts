import { rateLimitHolds } from '../errors/calls';
import { TaskError } from '../errors/taskError';
import type { AbortScope } from '../timing/abort';
import type { Clock } from '../timing/clock';
import type { RateLimiter } from '../timing/rateLimiter';
import { retry } from '../timing/retry';
import type { Attempt } from '../timing/retry';
import type { Semaphore } from '../timing/semaphore';
import type { QueueCall, QueueCaller } from './queueCall';
import {
	GIVEN_NOT_FOUND_GRACE_MS,
	MAX_FAILURES,
	NOT_FOUND_GRACE_MS,
	READ_BUDGET_MS,
	REQUEST_TIMEOUT_MS,
} from './retryRules';
import type { TaskResult, TaskStatus } from './types';

/** What calls of one kind pass through. */
export type CallLimit = {
	limiter: RateLimiter;
	/** Absent for creates: their tasks are bounded already. */
	inFlight?: Semaphore;
};

export type CallLimits = {
	creates: CallLimit;
	/** Polls, and whatever else the operations ask for. */
	reads: CallLimit;
	/** No poll of a task that still runs keeps back the result of one that has ended. */
	results: CallLimit;
	/** Of tasks that the node gives up, on Stop or at a time-out: no poll's hold keeps them back. */
	cancels: CallLimit;
};

/** Calls of one kind that are under way at a time, at most. */
const MAX_CALLS_IN_FLIGHT = 50;

/** Of which task, and how patiently; times in ms. */
export type CallOptions = {
	requestId: string;
	/** The node has created the task itself, in this execution. */
	created: boolean;
	/** How long the call is repeated, from its first turn. */
	budgetMs?: number;
	maxFailures?: number;
	/** The node gives the task up. */
	givesUp?: boolean;
	/** How long a 404 is taken for a service that is behind itself. */
	graceMs?: number;
	/** Of a result: whether what came is not yet what is wanted; it is then asked for again. */
	notYet?: ((response: TaskResult | TaskStatus) => TaskError | undefined) | undefined;
	/** Until when it may wait for its turn; unbounded by default, as a turn is certain to come. */
	turnBy?: number;
	/** When each call has to have ended, on the clock that only runs forward. */
	callsEndBy?: number;
};

export type Repeated<T> = Omit<QueueCall<T>, 'deadline'> & {
	notYet?: ((response: T) => TaskError | undefined) | undefined;
	onSend?: () => void;
};

/** Whether the service has responded, and not the network alone. */
const isResponse = (error: Error) =>
	error instanceof TaskError && error.details.httpCode !== undefined;

/** Repeats calls, each by the rule of its kind. */
export class CallRepeater {
	constructor(
		private readonly caller: QueueCaller,
		private readonly clock: Clock,
	) {}

	/**
	 * Every call of every operation goes through here: a permit, a turn, the call, and its retry rule.
	 *
	 * @param callScope what the call itself is aborted with, once it has been sent
	 */
	async call<T extends object>(
		call: Repeated<T>,
		options: Partial<CallOptions>,
		{ limiter, inFlight }: CallLimit,
		scope: AbortScope,
		callScope: AbortScope,
	): Promise<T> {
		const { clock, caller } = this;
		const { budgetMs = READ_BUDGET_MS, turnBy = Infinity, callsEndBy = Infinity } = options;
		const { created, givesUp, maxFailures = MAX_FAILURES[call.call] } = options;
		const { graceMs = created ? NOT_FOUND_GRACE_MS : GIVEN_NOT_FOUND_GRACE_MS } = options;
		// Creates are alike, so one that was refused goes before later ones. It is given up only when the
		// service has accepted none for as long as the budget.
		const isCreate = call.call === 'create';
		const place = isCreate ? limiter.place() : undefined;
		// Waiting for the first turn takes nothing from the budget.
		let startedAt: number | undefined;
		let laterUntil = Infinity;
		const until = (ms: number) =>
			startedAt === undefined
				? Infinity
				: Math.max(startedAt, isCreate ? limiter.lastAcceptedAt : 0) + ms;
		const attempt = async (): Promise<Attempt<T>> => {
			// A cancel that was refused once would else be lost behind hundreds of others.
			const turnEnd = givesUp ? turnBy : Math.min(turnBy, until(budgetMs));
			const turn = await limiter.turn(turnEnd, scope, budgetMs, place);
			// Others were accepted meanwhile, so this one still has its chance.
			if (!turn.granted && isCreate && turnEnd < until(budgetMs)) return await attempt();
			if (!turn.granted) {
				return { error: rateLimitHolds(call.call, turn.holdMs, call.requestId), repeat: 'no' };
			}
			startedAt ??= clock.now();
			if (call.onSend) {
				// The credential may take its time; what is stopped meanwhile is never sent.
				await caller.prepare();
				scope.throwIfAborted();
				call.onSend();
			}
			const deadline = Math.min(callsEndBy, clock.now() + REQUEST_TIMEOUT_MS[call.call]);
			const made = await caller.attempt({ ...call, deadline }, callScope);
			if ('repeat' in made && made.repeat === 'refused') limiter.refused(made.retryAfterMs);
			else if ('value' in made || isResponse(made.error)) limiter.accepted();
			laterUntil = until(graceMs);
			const error = 'value' in made && call.notYet?.(made.value);
			if (!error) return made;
			laterUntil = until(budgetMs);
			return { error, repeat: 'later' };
		};
		const permitted = inFlight
			? async () => await inFlight.run(MAX_CALLS_IN_FLIGHT, scope, attempt)
			: attempt;
		const policy = {
			maxFailures,
			keepsPlace: isCreate,
			get deadline() {
				return until(budgetMs);
			},
			get graceUntil() {
				return laterUntil;
			},
		};
		return await retry(permitted, policy, clock, scope);
	}
}
