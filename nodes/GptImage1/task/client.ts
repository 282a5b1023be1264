import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { readCancel, readCreated, readResult, readStatus } from './answers';
import { Caller, LONGEST_CALL } from './call';
import type { Attempt, Calling, Send } from './call';
import type { Clock } from './clock';
import type { Call, TaskResult, TaskStatus } from './contract';
import type { CreatePace } from './createPace';
import { tooBusy } from './errors';
import type { LookPace } from './lookPace';
import { retryDelay } from './retry';

/** The four calls that carry the key, each repeated by its own rule. */

/** What of the run's pace a call has to heed, and to tell. */
export type CallPace = {
	looks: Pick<LookPace, 'next' | 'refused'>;
	creates: Pick<CreatePace, 'next' | 'accepted' | 'refused'>;
};

export type Created = { requestId: string; fields: IDataObject };

export type CancelOutcome = { taken: boolean; fields: IDataObject };

/** How often a call is sent at most, where only sending it once more is the remedy. */
const MOST_ATTEMPTS: Record<Call, number> = { create: 5, status: 6, result: 8, cancel: 4 };

export class TaskClient {
	private readonly caller: Caller;

	/** @param declared the request that the operation's routing has built */
	constructor(
		declared: IHttpRequestOptions,
		send: Send,
		private readonly clock: Clock,
		private readonly pace: CallPace,
	) {
		this.caller = new Caller(declared, send, clock, (retryAfter) =>
			pace.looks.refused(clock.now(), retryAfter, clock.random()),
		);
	}

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
			const attempt = await this.caller.attempt({
				call: 'create',
				deadline,
				understand: readCreated,
				body,
			});
			if ('value' in attempt) {
				this.pace.creates.accepted(this.clock.now());
				return attempt.value;
			}
			const { problem, again, retryAfter } = attempt;
			const now = this.clock.now();
			let next = now;
			if (problem.details.httpCode === 429) {
				// News for all items of the run: the pace says when anyone may try again.
				this.pace.creates.refused(now, retryAfter, this.clock.random());
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
		for (let at = pace.creates.next(clock.now()); at > clock.now();) {
			if (at > deadline) throw tooBusy(at - clock.now());
			await clock.sleepUntil(at);
			at = pace.creates.next(clock.now(), at);
		}
	}

	/** @returns how long that took, in ms */
	private async turnToLook(): Promise<number> {
		const { clock, pace } = this;
		const asked = clock.now();
		for (let at = pace.looks.next(asked, asked); at > clock.now();) {
			await clock.sleepUntil(at);
			at = pace.looks.next(clock.now(), at, at);
		}
		return clock.now() - asked;
	}

	/** One look at a task; a failed one is the caller's to repeat or to time. */
	async look(requestId: string, deadline: number): Promise<Attempt<TaskStatus>> {
		return await this.caller.attempt({
			call: 'status',
			requestId,
			deadline,
			understand: readStatus,
		});
	}

	/** The status of a task; failed reads are repeated. @throws Problem */
	async status(requestId: string, deadline: number): Promise<TaskStatus> {
		return await this.repeat({ call: 'status', requestId, deadline, understand: readStatus });
	}

	/** The result of a task, or its status where there is none (yet). @throws Problem */
	async result(requestId: string, deadline: number): Promise<TaskResult | TaskStatus> {
		return await this.repeat({ call: 'result', requestId, deadline, understand: readResult });
	}

	/**
	 * Asks the service to cancel a task. That the task had ended already is a normal outcome.
	 *
	 * @throws Problem where the service knows no such task or cannot be reached
	 */
	async cancel(requestId: string, outlivesStop = false): Promise<CancelOutcome> {
		const deadline = this.clock.now() + 2 * LONGEST_CALL.cancel;
		const understand = readCancel;
		const answer = await this.repeat({
			call: 'cancel',
			requestId,
			deadline,
			understand,
			outlivesStop,
		});
		return { taken: answer.word !== 'ALREADY_COMPLETED', fields: answer.fields };
	}

	private async repeat<T extends object>(calling: Calling<T>): Promise<T> {
		const { call, outlivesStop } = calling;
		let { deadline } = calling;
		for (let failures = 1; ; failures++) {
			// Waiting for its turn among the run's looks takes nothing from a call's time.
			if (call === 'status') deadline += await this.turnToLook();
			const attempt = await this.caller.attempt({ ...calling, deadline });
			if ('value' in attempt) return attempt.value;
			const next =
				this.clock.now() + retryDelay(failures - 1, this.clock.random(), attempt.retryAfter);
			if (!attempt.again || failures >= MOST_ATTEMPTS[call] || next >= deadline) {
				throw attempt.problem;
			}
			await this.clock.sleepUntil(next, outlivesStop);
		}
	}
}
