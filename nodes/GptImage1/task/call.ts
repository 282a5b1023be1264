import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { readCancel } from './answers';
import { CALLS } from './contract';
import type { Call } from './contract';
import type { Clock } from './clock';
import type { Problem } from './errors';
import { aboutAnother, interrupted, refused, unreachable, unreadable } from './errors';
import { networkFailure } from './networkFailure';
import { mayRetry, retryAfterOf } from './retry';

/** One call with the key, sent once: how it is built and what became of it. */

export type Answer = { status: number; headers: IDataObject; body: unknown };

/**
 * Sends one request with the key and resolves for every HTTP status; rejects where no answer came.
 * With `outlivesStop` neither a Stop that has been nor one that comes holds it back.
 */
export type Send = (request: IHttpRequestOptions, outlivesStop: boolean) => Promise<Answer>;

/** What one attempt came to; `again` where the same call may be sent once more. */
export type Attempt<T> = { value: T } | { problem: Problem; again: boolean; retryAfter?: number };

/** Reads the body of an answer of success; undefined where it makes no sense. */
type Understand<T> = (body: unknown) => T | undefined;

/** What to send; `body` for a create alone. */
export type Calling<T> = {
	call: Call;
	requestId?: string | undefined;
	/** When there is no more time for a read, in ms since 1970. */
	deadline: number;
	understand: Understand<T>;
	body?: IDataObject;
	/** A create does so by itself, so that its answer is never lost. */
	outlivesStop?: boolean;
};

/** The longest that one call may take, in milliseconds. A lost create costs more than a late one. */
export const LONGEST_CALL: Record<Call, number> = {
	create: 120_000,
	status: 30_000,
	result: 30_000,
	cancel: 10_000,
};

/** A create is repeated by its own rule, everything else by that of reads: nothing is paid for it. */
const riskOf = (call: Call) => (call === 'create' ? 'create' : 'read');

export class Caller {
	/**
	 * @param declared the request that the operation's routing has built: its own call is sent as it
	 * stands, the others take proxy, base URL and time limit from it
	 * @param onReadRefused told of a status or result call that was answered 429
	 */
	constructor(
		private readonly declared: IHttpRequestOptions,
		private readonly send: Send,
		private readonly clock: Clock,
		private readonly onReadRefused: (retryAfter: number | undefined) => void,
	) {}

	/** Rejects on Stop alone, unless the call outlives it. */
	async attempt<T extends object>(calling: Calling<T>): Promise<Attempt<T>> {
		const { call, requestId, outlivesStop = call === 'create' } = calling;
		let answer: Answer;
		try {
			answer = await this.send(this.request(calling), outlivesStop);
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
		return this.judge(calling, answer);
	}

	private judge<T extends object>(
		{ call, requestId, understand }: Calling<T>,
		answer: Answer,
	): Attempt<T> {
		const { status, body, headers } = answer;
		const tooLate =
			call === 'cancel' && status === 400 && readCancel(body)?.word === 'ALREADY_COMPLETED';
		if ((status < 200 || status >= 300) && !tooLate) {
			const retryAfter = retryAfterOf(headers['retry-after'], this.clock.now());
			if (status === 429 && (call === 'status' || call === 'result'))
				this.onReadRefused(retryAfter);
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

	private request<T>({ call, requestId, deadline, body }: Calling<T>): IHttpRequestOptions {
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
