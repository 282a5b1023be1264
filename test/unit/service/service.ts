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

export type Answer = { status: number; headers?: object; body?: unknown } | Error | 'hang';

export const ok = (body: object): Answer => ({ status: 200, body });

/** What n8n rejects with where the network fails. */
export const broken = (code: string) => Object.assign(new Error(code), { code });

const toStream = (body: unknown) =>
	body instanceof Readable
		? body
		: Readable.from([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]);

/** Answers from a list, the last answer every further time. */
export class Service {
	readonly sent: Array<IHttpRequestOptions & { at: number; signal: AbortSignal }> = [];

	readonly clock = new ManualClock(() => 0.5);

	private readonly tenPerSecond = () => ({
		limiter: new RateLimiter({ perSecond: 10 }, this.clock),
		inFlight: new Semaphore(),
	});

	readonly limits = {
		creates: { limiter: new RateLimiter({ perSecond: 20, grows: true }, this.clock) },
		reads: this.tenPerSecond(),
		results: this.tenPerSecond(),
		cancels: this.tenPerSecond(),
	};

	readonly scope = new AbortScope();

	readonly client: TaskClient;

	readonly caller: QueueCaller;

	/** How the credential is read. */
	prepare = async () => {};

	constructor(
		private readonly answers: Answer[],
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
		const { status, headers = {}, body = {} } = answer;
		return { status, headers: headers as Response['headers'], body: toStream(body) as ByteStream };
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
		const error = await this.until(
			outcome.then(() => undefined).catch((reason: unknown) => reason),
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

type Outcome = { value?: object; error?: TaskError; repeat?: string; retryAfterMs?: number };

/** One call, sent once, while no time passes. */
export async function send(service: Service, call: Call = 'status', deadline = Infinity) {
	const requestId = call === 'create' ? undefined : ID;
	const parse = PARSERS[call] as (body: unknown) => object | undefined;
	const sending = service.caller.attempt({ call, requestId, deadline, parse }, service.scope);
	return (await sending) as Outcome;
}

/** One call, sent once. */
export const attempt = async (service: Service, call?: Call, deadline?: number) =>
	await service.until(send(service, call, deadline));
