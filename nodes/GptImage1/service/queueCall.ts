import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { invalidBaseUrl, unreadable, wrongTask } from '../errors/calls';
import { refused } from '../errors/refusals';
import type { AbortScope } from '../timing/abort';
import { retryAfterMs } from '../timing/backoff';
import type { Clock } from '../timing/clock';
import type { Attempt } from '../timing/retry';
import { boundedCall, readText } from './boundedCall';
import type { Response } from './boundedCall';
import { failedCall } from './failedCall';
import { asJson, isObject } from './json';
import { parseCancel } from './parseResponse';
import { queueRequest } from './queueRequest';
import { mayRepeatStatus, REQUEST_TIMEOUT_MS } from './retryRules';
import { requestIdForSupport, serviceMessage } from './serviceMessage';
import type { Call } from './types';

/** Sends with the key. */
export type Sender = {
	/** Resolves for every HTTP status, and rejects where no response came. */
	readonly send: (request: IHttpRequestOptions, signal: AbortSignal) => Promise<Response>;
	/** Reads what a call needs beside the request, so that `send` sends at once. Never rejects. */
	readonly prepare: () => Promise<void>;
	/** The same without the key, wherever the service has repeated it. */
	readonly redact: <T>(value: T) => T;
};

/**
 * The largest JSON that is read, and how much of an error, in bytes. Far more than the longest prompt
 * takes, and little enough that no form of it holds up n8n for longer than 200 ms.
 */
const MAX_JSON = 300_000;
const MAX_ERROR = 100_000;

/** A user name would replace the key; behind a query or a fragment no path can follow. */
const BASE_URL = /^\s*https?:\/\/[^/?#@]+(\/[^?#]*)?$/i;

const isSuccess = (status: number) => status >= 200 && status < 300;

/** A cancel of a task that has ended already gets a 400, and the body says so. */
const mayBeSuccess = (call: Call, status: number) =>
	isSuccess(status) || (call === 'cancel' && status === 400);

/** What a response that cannot be read calls its task: where one was created, it is paid for. */
const idsIn = (body: unknown): unknown =>
	isObject(body) ? (body.request_id ?? body.id) : undefined;

/** What to send; `body` for a create alone. */
export type QueueCall<T> = {
	call: Call;
	requestId?: string | undefined;
	/** The node has created the task itself, in this execution. */
	created?: boolean | undefined;
	body?: IDataObject;
	/** When the call has to have ended, in ms on the clock that only runs forward. */
	deadline: number;
	/** Reads the body of a success, a text where it is no JSON; undefined where it makes no sense. */
	parse: (body: unknown) => T | undefined;
};

/** One call with the key, sent once: how it is built, and what became of it. */
export class QueueCaller {
	/** @param declared the request that the operation's routing has built */
	constructor(
		private readonly declared: IHttpRequestOptions,
		private readonly sender: Sender,
		private readonly clock: Clock,
	) {}

	async prepare(): Promise<void> {
		await this.sender.prepare();
	}

	/** @throws Aborted alone */
	async attempt<T extends object>(call: QueueCall<T>, scope: AbortScope): Promise<Attempt<T>> {
		const limitMs = Math.min(
			this.declaredLimitMs(call),
			REQUEST_TIMEOUT_MS[call.call],
			Math.max(0, call.deadline - this.clock.now()),
		);
		const { baseURL } = this.declared;
		if (!BASE_URL.test(baseURL ?? '')) {
			return { error: invalidBaseUrl(call.call, baseURL, call.requestId), repeat: 'no' };
		}
		const read = { text: '' };
		let head: { status: number; headers: IDataObject } | undefined;
		const body = () => this.sender.redact(asJson(read.text));
		return await boundedCall<Attempt<T>>({
			send: async (signal) => await this.sender.send(queueRequest(this.declared, call), signal),
			deadline: this.clock.now() + limitMs,
			maxBytes: MAX_JSON,
			scope,
			clock: this.clock,
			consume: async (response) => {
				head = { status: response.status, headers: response.headers };
				await readText(response.body, read, isSuccess(head.status) ? Infinity : MAX_ERROR);
				return this.classify(call, { ...head, body: body() });
			},
		}).catch((error: unknown) => {
			const failed = failedCall(call, error, limitMs);
			// What has come counts, also where the rest is lost: a refusal, or the ID of a task that is paid for.
			if (!head || (mayBeSuccess(call.call, head.status) && !call.parse(body()))) return failed;
			return this.classify(call, { ...head, body: body() });
		});
	}

	/** n8n's own request option "Timeout", but for creates: a task whose ID never came is paid for. */
	private declaredLimitMs({ call }: QueueCall<object>): number {
		const { timeout } = this.declared;
		return call !== 'create' && Number(timeout) > 0 ? Number(timeout) : Infinity;
	}

	private classify<T extends object>(
		{ call, requestId, created, parse }: QueueCall<T>,
		response: { status: number; headers: IDataObject; body: unknown },
	): Attempt<T> {
		const { status, headers, body } = response;
		const tooLate = mayBeSuccess(call, status) && parseCancel(body)?.accepted === false;
		if (!isSuccess(status) && !tooLate) {
			const isLater = status === 404 && call !== 'create';
			const reported = {
				status,
				message: serviceMessage(body),
				supportId: requestIdForSupport(body),
			};
			return {
				error: refused(call, reported, requestId, created),
				repeat:
					status === 429
						? 'refused'
						: isLater
							? 'later'
							: mayRepeatStatus(call, status)
								? 'failed'
								: 'no',
				retryAfterMs: retryAfterMs(headers['retry-after'], this.clock.date()),
			};
		}
		const repeat = call === 'create' ? 'no' : 'failed';
		const value = parse(body);
		if (value === undefined)
			return { error: unreadable(call, serviceMessage(body), requestId, idsIn(body)), repeat };
		const { requestId: other } = value as { requestId?: string };
		if (requestId !== undefined && other !== undefined && other !== requestId) {
			return { error: wrongTask(call, requestId, other), repeat };
		}
		return { value };
	}
}
