import { Readable } from 'node:stream';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import type { ByteStream, Response } from '../../../nodes/GptImage1/service/boundedCall';
import { TaskClient } from '../../../nodes/GptImage1/service/client';
import * as parse from '../../../nodes/GptImage1/service/parseResponse';
import { QueueCaller } from '../../../nodes/GptImage1/service/queueCall';
import { redactor } from '../../../nodes/GptImage1/service/redact';
import type { Call } from '../../../nodes/GptImage1/service/types';
import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { RateLimiter } from '../../../nodes/GptImage1/timing/rateLimiter';
import { Semaphore } from '../../../nodes/GptImage1/timing/semaphore';
import { ManualClock } from '../timing/manualClock';

export const ID = 'mmsu_1';
export const KEY = 'key-of-the-service';

/** A body is a stream, its pieces, a function that yields them, a text, or JSON. */
export type Answer = { status: number; headers?: object; body?: unknown } | Error | 'hang';

export const ok = (body: object): Answer => ({ status: 200, body });

/** What n8n rejects with where the network fails. */
export const broken = (code: string) => Object.assign(new Error(code), { code });

/** A body that breaks off. */
export const breaking = (start: string | Uint8Array) =>
	async function* () {
		yield Buffer.from(start);
		throw broken('ECONNRESET');
	};

function streamOf(body: unknown): Readable {
	if (body instanceof Readable) return body;
	if (typeof body === 'function') return Readable.from(body() as Iterable<Uint8Array>);
	if (Array.isArray(body)) return Readable.from(body as Uint8Array[]);
	return Readable.from([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]);
}

export async function respond(answer: Answer, signal: AbortSignal): Promise<Response> {
	if (answer instanceof Error) throw answer;
	if (answer === 'hang') {
		return await new Promise((_resolve, reject) => {
			signal.addEventListener('abort', () => reject(broken('ERR_CANCELED')));
		});
	}
	const { status, headers = {}, body = {} } = answer;
	return { status, headers: headers as Response['headers'], body: streamOf(body) as ByteStream };
}

/** In place of n8n's request function: answers from a list, the last answer every further time. */
export class Service {
	readonly sent: Array<IHttpRequestOptions & { at: number; signal: AbortSignal }> = [];
	readonly clock = new ManualClock(() => 0.5);
	readonly scope = new AbortScope();

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

	/** How the credential is read. */
	prepare = async () => {};
	readonly client: TaskClient;
	readonly caller: QueueCaller;

	constructor(answers: Answer[], declared: Partial<IHttpRequestOptions> = {}) {
		const url = '/v1/queue/gpt_image_1';
		const request = { url, method: 'POST' as const, baseURL: 'https://x.y/model', ...declared };
		const sender = {
			send: async (sent: IHttpRequestOptions, signal: AbortSignal) => {
				const count = this.sent.push({ ...sent, at: this.clock.time, signal });
				return await respond(answers[count - 1] ?? answers.at(-1)!, signal);
			},
			prepare: async () => await this.prepare(),
			redact: redactor(KEY),
		};
		this.client = new TaskClient(request, sender, this.clock, this.limits);
		this.caller = new QueueCaller(request, sender, this.clock);
	}

	/** When each call was sent, in ms. */
	get times(): number[] {
		return this.sent.map(({ at }) => at);
	}

	until = async <T>(outcome: Promise<T>) => await this.clock.until(outcome);

	/** The details of the error that it rejects with. */
	async errorOf(outcome: Promise<unknown>): Promise<TaskError['details']> {
		const error: unknown = await this.until(outcome).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(TaskError);
		return (error as TaskError).details;
	}
}

const PARSERS = {
	create: parse.parseCreated,
	status: parse.parseStatus,
	result: parse.parseStatus,
	cancel: parse.parseCancel,
};

/** One call, sent once. */
export async function send(service: Service, call: Call = 'status', deadline = Infinity) {
	const requestId = call === 'create' ? undefined : ID;
	const about = { call, requestId, deadline, parse: PARSERS[call] as (body: unknown) => object };
	const outcome = await service.caller.attempt(about, service.scope);
	return outcome as { value?: object; error?: TaskError; repeat?: string; retryAfterMs?: number };
}

/** The same, while time passes. */
export const attempt = async (service: Service, call?: Call, deadline?: number) =>
	await service.until(send(service, call, deadline));
