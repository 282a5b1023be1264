import { Readable } from 'node:stream';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import type { ByteStream, Response } from '../../../nodes/GptImage1/service/boundedCall';
import { TaskClient } from '../../../nodes/GptImage1/service/client';
import {
	parseCancel,
	parseCreated,
	parseStatus,
} from '../../../nodes/GptImage1/service/parseResponse';
import { QueueCaller } from '../../../nodes/GptImage1/service/queueCall';
import { redactor } from '../../../nodes/GptImage1/service/redact';
import type { Call } from '../../../nodes/GptImage1/service/types';
import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { RateLimiter } from '../../../nodes/GptImage1/timing/rateLimiter';
import { Semaphore } from '../../../nodes/GptImage1/timing/semaphore';
import { ManualClock } from '../timing/manualClock';

/** A service in place of n8n's request function, which answers from a list. */

export const ID = 'mmsu_1';

export const KEY = 'key-of-the-service';

export type Answer = { status: number; headers?: object; body?: unknown };

export const ok = (body: object): Answer => ({ status: 200, body });

/** What n8n rejects with where the network fails. */
export const broken = (code: string, more: object = {}) =>
	Object.assign(new Error(code), { code, ...more });

/** The request of a stream: a body of bytes, JSON, or a stream that a test has made. */
function toResponse({ status, headers = {}, body = {} }: Answer): Response {
	const content =
		body instanceof Readable
			? body
			: Readable.from([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]);
	return { status, headers: headers as Response['headers'], body: content as ByteStream };
}

export type Sent = IHttpRequestOptions & { at: number; signal: AbortSignal };

/** Answers from a list, the last answer every further time. */
export class Service {
	readonly sent: Sent[] = [];

	readonly clock = new ManualClock(() => 0.5);

	readonly limits = {
		creates: { limiter: new RateLimiter({ perSecond: 20, grows: true }, this.clock) },
		reads: { limiter: new RateLimiter({ perSecond: 10 }, this.clock), inFlight: new Semaphore() },
		results: { limiter: new RateLimiter({ perSecond: 10 }, this.clock), inFlight: new Semaphore() },
		cancels: { limiter: new RateLimiter({ perSecond: 10 }, this.clock), inFlight: new Semaphore() },
	};

	readonly scope = new AbortScope();

	readonly client: TaskClient;

	readonly caller: QueueCaller;

	/** The streams that it has answered with. */
	readonly streams: ByteStream[] = [];

	constructor(
		private readonly answers: Array<Answer | Error | 'hang'>,
		declared: Partial<IHttpRequestOptions> = {},
	) {
		const request: IHttpRequestOptions = {
			url: '/v1/queue/gpt_image_1',
			method: 'POST',
			baseURL: 'https://x.y/model',
			...declared,
		};
		const prepare = async () => await this.prepare();
		const sender = { send: this.send, prepare, redact: redactor(KEY) };
		this.client = new TaskClient(request, sender, this.clock, this.limits);
		this.caller = new QueueCaller(request, sender, this.clock);
	}

	/** How the credential is read. */
	prepare = async () => {};

	private readonly send = async (
		request: IHttpRequestOptions,
		signal: AbortSignal,
	): Promise<Response> => {
		this.sent.push({ ...request, at: this.clock.time, signal });
		const answer = this.answers[this.sent.length - 1] ?? this.answers.at(-1)!;
		if (answer === 'hang') {
			return await new Promise((_resolve, reject) => {
				signal.addEventListener('abort', () => reject(broken('ERR_CANCELED')));
			});
		}
		if (answer instanceof Error) throw answer;
		const response = toResponse(answer);
		this.streams.push(response.body);
		return response;
	};

	/** When each call was sent, in ms. */
	get times(): number[] {
		return this.sent.map(({ at }) => at);
	}

	/** Lets time pass until it has settled. */
	async until<T>(outcome: Promise<T>): Promise<T> {
		return await this.clock.until(outcome);
	}

	/** The details of the error that it rejects with. */
	async errorOf(outcome: Promise<unknown>): Promise<TaskError['details']> {
		const error: unknown = await this.until(outcome).then(
			() => undefined,
			(reason: unknown) => reason,
		);
		expect(error).toBeInstanceOf(TaskError);
		return (error as TaskError).details;
	}
}

const PARSERS = {
	create: parseCreated,
	status: parseStatus,
	result: parseStatus,
	cancel: parseCancel,
};

/** One call, sent once. */
export async function attempt(service: Service, call: Call = 'status', deadline = Infinity) {
	const requestId = call === 'create' ? undefined : ID;
	const parse = PARSERS[call] as (body: unknown) => object | undefined;
	return await service.caller.attempt({ call, requestId, deadline, parse }, service.scope);
}
