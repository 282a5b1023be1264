import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import type { Call, TaskResult, TaskStatus } from './contract';
import { CALLS, readCancel, readCreated, readResult, readStatus } from './contract';
import type { Problem } from './errors';
import { aboutAnother, interrupted, refused, tooBusy, unreachable, unreadable } from './errors';
import { networkFailure } from './networkFailure';
import { mayRetry, retryAfterOf, retryDelay } from './retry';

/** Every call that carries the key. */

export type Answer = { status: number; headers: IDataObject; body: unknown };

/**
 * Sends one request with the key and resolves for every HTTP status; rejects where no answer came.
 * With `outlivesStop` neither a Stop that has been nor one that comes holds it back.
 */
export type Send = (request: IHttpRequestOptions, outlivesStop: boolean) => Promise<Answer>;

/** Time as one execution lives it. */
export type Clock = {
	/** Milliseconds since 1970. */
	now(): number;
	/** Rejects on a Stop that has been or that comes, unless it outlives it. */
	sleepUntil(at: number, outlivesStop?: boolean): Promise<void>;
	/** @returns false where a Stop or `signal` ended the pause before its time; never rejects */
	pause(ms: number, signal?: AbortSignal): Promise<boolean>;
	/** Throws after a Stop. */
	checkStop(): void;
	/** From 0 to below 1. */
	random(): number;
};

/** What the calls of one node run mean to each other; see `pace.ts`. */
export type CallPace = {
	/** @returns when the next create may leave; to be asked again then, with it as `reserved` */
	nextCreateAt(now: number, reserved?: number): number;
	/** @returns when the next look may be made, from `wanted` on; to be asked again in the same way */
	nextLookAt(now: number, wanted: number, reserved?: number): number;
	createAccepted(now: number): void;
	createRefused(now: number, retryAfter: number | undefined, random: number): void;
	readRefused(now: number, retryAfter: number | undefined, random: number): void;
};

export type Created = { requestId: string; fields: IDataObject };

/** What one attempt came to; `again` where the same call may be sent once more. */
export type Attempt<T> = { value: T } | { problem: Problem; again: boolean; retryAfter?: number };

export type CancelOutcome = { taken: boolean; fields: IDataObject };

/** The longest that one call may take, in milliseconds. A lost create costs more than a late one. */
const LONGEST_CALL: Record<Call, number> = {
	create: 120_000,
	status: 30_000,
	result: 30_000,
	cancel: 10_000,
};

/** How often a call is sent at most, where only sending it once more is the remedy. */
const MOST_ATTEMPTS: Record<Call, number> = { create: 5, status: 6, result: 8, cancel: 4 };

/** A create is repeated by its own rule, everything else by that of reads: nothing is paid for it. */
const riskOf = (call: Call) => (call === 'create' ? 'create' : 'read');

export class TaskClient {
	/**
	 * @param declared the request that the operation's routing has built: its own call is sent as it
	 * stands, the others take proxy, base URL and time limit from it
	 */
	constructor(
		private readonly declared: IHttpRequestOptions,
		private readonly send: Send,
		private readonly clock: Clock,
		private readonly pace: CallPace,
	) {}

	/**
	 * Creates a task. Repeated only where the service surely did not accept it: after 429, and where
	 * no connection came about. The call outlives a Stop, so that its answer is never lost.
	 *
	 * @param body the checked body
	 * @param deadline when to give up repeating, in ms since 1970
	 * @throws Problem; `mayExist` is set where a task may have been made all the same
	 */
	async create(body: IDataObject, deadline: number): Promise<Created> {
		for (let failures = 1; ;) {
			await this.turnToCreate(deadline);
			const attempt = await this.attempt('create', undefined, deadline, readCreated, body);
			if ('value' in attempt) {
				this.pace.createAccepted(this.clock.now());
				return attempt.value;
			}
			const { problem, again, retryAfter } = attempt;
			const now = this.clock.now();
			let next = now;
			if (problem.details.httpCode === 429) {
				// News for all items of the run: the pace says when anyone may try again.
				this.pace.createRefused(now, retryAfter, this.clock.random());
				next = now + (retryAfter ?? 0);
			} else {
				next = now + retryDelay(failures - 1, this.clock.random(), retryAfter);
				if (failures++ >= MOST_ATTEMPTS.create) throw problem;
			}
			if (!again || next >= deadline) throw problem;
			await this.clock.sleepUntil(next);
		}
	}

	private async turnToCreate(deadline: number): Promise<void> {
		const { clock, pace } = this;
		clock.checkStop();
		for (let at = pace.nextCreateAt(clock.now()); at > clock.now();) {
			if (at > deadline) throw tooBusy(at - clock.now());
			await clock.sleepUntil(at);
			at = pace.nextCreateAt(clock.now(), at);
		}
	}

	/** @returns how long that took, in ms */
	private async turnToLook(): Promise<number> {
		const { clock, pace } = this;
		const asked = clock.now();
		for (let at = pace.nextLookAt(asked, asked); at > clock.now();) {
			await clock.sleepUntil(at);
			at = pace.nextLookAt(clock.now(), at, at);
		}
		return clock.now() - asked;
	}

	/** One look at a task; a failed one is the caller's to repeat or to time. */
	async look(requestId: string, deadline: number): Promise<Attempt<TaskStatus>> {
		return await this.attempt('status', requestId, deadline, readStatus);
	}

	/** The status of a task; failed reads are repeated. @throws Problem */
	async status(requestId: string, deadline: number): Promise<TaskStatus> {
		return await this.repeat('status', deadline, requestId, readStatus);
	}

	/** The result of a task, or its status where there is none (yet). @throws Problem */
	async result(requestId: string, deadline: number): Promise<TaskResult | TaskStatus> {
		return await this.repeat('result', deadline, requestId, readResult);
	}

	/**
	 * Asks the service to cancel a task. That the task had ended already is a normal outcome.
	 *
	 * @throws Problem where the service knows no such task or cannot be reached
	 */
	async cancel(requestId: string, outlivesStop = false): Promise<CancelOutcome> {
		const deadline = this.clock.now() + 2 * LONGEST_CALL.cancel;
		const answer = await this.repeat('cancel', deadline, requestId, readCancel, outlivesStop);
		return { taken: answer.word !== 'ALREADY_COMPLETED', fields: answer.fields };
	}

	private async repeat<T extends object>(
		call: Call,
		deadline: number,
		requestId: string,
		understand: (body: unknown) => T | undefined,
		outlivesStop = false,
	): Promise<T> {
		let until = deadline;
		for (let failures = 1; ; failures++) {
			// Waiting for its turn among the run's looks takes nothing from a call's time.
			if (call === 'status') until += await this.turnToLook();
			const attempt = await this.attempt(
				call,
				requestId,
				until,
				understand,
				undefined,
				outlivesStop,
			);
			if ('value' in attempt) return attempt.value;
			const next =
				this.clock.now() + retryDelay(failures - 1, this.clock.random(), attempt.retryAfter);
			if (!attempt.again || failures >= MOST_ATTEMPTS[call] || next >= until) {
				throw attempt.problem;
			}
			await this.clock.sleepUntil(next, outlivesStop);
		}
	}

	private async attempt<T extends object>(
		call: Call,
		requestId: string | undefined,
		deadline: number,
		understand: (body: unknown) => T | undefined,
		body?: IDataObject,
		outlivesStop = call === 'create',
	): Promise<Attempt<T>> {
		let answer: Answer;
		try {
			answer = await this.send(this.request(call, requestId, deadline, body), outlivesStop);
		} catch (error) {
			// A Stop ends a call in the same way as a broken line; the clock tells them apart.
			if (!outlivesStop) this.clock.checkStop();
			const failure = networkFailure(error);
			const problem = failure.neverSent ? unreachable : interrupted;
			return {
				problem: problem(call, failure.code, requestId),
				again: !failure.hopeless && mayRetry(riskOf(call), failure),
			};
		}
		return this.judge(call, requestId, answer, understand);
	}

	private judge<T extends object>(
		call: Call,
		requestId: string | undefined,
		answer: Answer,
		understand: (body: unknown) => T | undefined,
	): Attempt<T> {
		const { status, body, headers } = answer;
		const tooLate =
			call === 'cancel' && status === 400 && readCancel(body)?.word === 'ALREADY_COMPLETED';
		if ((status < 200 || status >= 300) && !tooLate) {
			const retryAfter = retryAfterOf(headers['retry-after'], this.clock.now());
			if (status === 429 && (call === 'status' || call === 'result')) {
				this.pace.readRefused(this.clock.now(), retryAfter, this.clock.random());
			}
			return {
				problem: refused(call, answer, requestId),
				again: mayRetry(riskOf(call), { status }),
				...(retryAfter !== undefined && { retryAfter }),
			};
		}
		const value = understand(body);
		if (value === undefined) {
			return { problem: unreadable(call, body, requestId), again: call !== 'create' };
		}
		const { requestId: about } = value as { requestId?: string };
		if (requestId !== undefined && about !== undefined && about !== requestId) {
			return { problem: aboutAnother(call, requestId, about), again: true };
		}
		return { value };
	}

	private request(
		call: Call,
		requestId: string | undefined,
		deadline: number,
		body: IDataObject | undefined,
	): IHttpRequestOptions {
		const { body: _declaredBody, ...shared } = this.declared;
		const isOwn = this.declared.url === CALLS[call].url;
		const { method, url } = isOwn ? this.declared : CALLS[call];
		const baseURL = shared.baseURL?.trim();
		const remaining = Math.max(1000, deadline - this.clock.now());
		const limit = Math.min(shared.timeout ?? Infinity, LONGEST_CALL[call]);
		return {
			...shared,
			...(baseURL && { baseURL }),
			...(method && { method }),
			url: url.replace('{request_id}', encodeURIComponent(requestId ?? '')),
			...(body && { body }),
			json: true,
			// Cut off, a create may have been accepted all the same; a read is merely repeated.
			timeout: call === 'create' ? limit : Math.min(limit, remaining),
			// The key goes to the base URL's own origin and nowhere else (engine fact 22).
			disableFollowRedirect: true,
			sendCredentialsOnCrossOriginRedirect: false,
			// Statuses are read here; as errors they would hide their bodies, and every 401 would be
			// sent twice (engine facts 3 and 17).
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		};
	}
}
