import { Readable } from 'node:stream';
import type * as Axios from 'axios';
import { coreDependency } from './n8n';

/** A request as it would have gone over the wire. */
export interface Question {
	method: string;
	url: string;
	headers: Record<string, string>;
	body: string | undefined;
}

/** An object is sent as JSON. A stream is sent on as it comes. */
export interface Answer {
	status: number;
	headers?: Record<string, string>;
	body?: string | Buffer | Readable | object;
}

export type InProcessService = (question: Question) => Answer | Promise<Answer>;

/** Thrown by a service instead of an answer: the connection failed, as Node.js would report it. */
export class ConnectionFault extends Error {
	constructor(
		readonly code: string,
		readonly syscall = 'read',
	) {
		super(`${syscall} ${code}`);
	}
}

/**
 * Answers every HTTP request of n8n from within the process, until the returned function is called.
 * Only axios's last step, the socket, is replaced: n8n's request helpers and axios itself build the
 * request, read the answer and word the errors. A service that is given up on, by a time limit or
 * by Stop, is not told, and goes on: that is how an answer gets lost. A stream that is given up on is
 * destroyed. Redirects are not followed.
 */
export function answerInProcess(service: InProcessService): () => void {
	const axios = coreDependency<typeof Axios>('axios');
	if (!axios) throw new Error('This n8n does not send its requests with axios');
	const { defaults } = axios.default;
	const { adapter } = defaults;
	defaults.adapter = async (config) => await exchange(axios, config, service);
	return () => {
		defaults.adapter = adapter;
	};
}

async function exchange(
	axios: typeof Axios,
	config: Axios.InternalAxiosRequestConfig,
	service: InProcessService,
): Promise<Axios.AxiosResponse> {
	const question: Question = {
		method: (config.method ?? 'get').toUpperCase(),
		url: axios.default.getUri(config),
		headers: Object.fromEntries(Object.entries(config.headers).map(([k, v]) => [k, String(v)])),
		body: config.data as string | undefined,
	};
	const answer = await orGivenUp(axios, config, async () => await service(question));
	if (answer.status >= 300 && answer.status < 400 && config.maxRedirects !== 0) {
		throw new Error('The in-process service does not follow redirects');
	}
	const response: Axios.AxiosResponse = {
		status: answer.status,
		statusText: '',
		headers: axios.AxiosHeaders.from(answer.headers ?? {}),
		config,
		request: {},
		data: await bodyAs(axios, config, answer.body),
	};
	if (!config.validateStatus || config.validateStatus(answer.status)) return response;
	throw new axios.AxiosError(
		`Request failed with status code ${answer.status}`,
		answer.status < 500 ? axios.AxiosError.ERR_BAD_REQUEST : axios.AxiosError.ERR_BAD_RESPONSE,
		config,
		response.request,
		response,
	);
}

/** The service's answer, unless Stop or the request's time limit comes first. */
async function orGivenUp(
	axios: typeof Axios,
	config: Axios.InternalAxiosRequestConfig,
	ask: () => Promise<Answer>,
): Promise<Answer> {
	const { signal, timeout } = config;
	const cancelled = () => Object.assign(new axios.CanceledError(), { config });
	if (signal?.aborted) throw cancelled();
	let giveUp = () => {};
	let timer: NodeJS.Timeout | undefined;
	try {
		return await new Promise<Answer>((resolve, reject) => {
			giveUp = () => reject(cancelled());
			signal?.addEventListener?.('abort', giveUp);
			const late = () =>
				reject(new axios.AxiosError(`timeout of ${timeout}ms exceeded`, 'ECONNABORTED', config));
			if (timeout) timer = setTimeout(late, timeout);
			ask().then(resolve, (error: Error) => {
				const fault = error instanceof ConnectionFault;
				reject(fault ? axios.AxiosError.from(error, error.code, config) : error);
			});
		});
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener?.('abort', giveUp);
	}
}

async function bodyAs(
	axios: typeof Axios,
	{ responseType, signal }: Axios.InternalAxiosRequestConfig,
	body: Answer['body'] = '',
): Promise<unknown> {
	const ready = typeof body === 'string' || Buffer.isBuffer(body) || body instanceof Readable;
	const sent = ready ? body : JSON.stringify(body);
	if (sent instanceof Readable) {
		const breakOff = () => sent.destroy(new axios.CanceledError());
		signal?.addEventListener?.('abort', breakOff);
		sent.once('close', () => signal?.removeEventListener?.('abort', breakOff));
		if (responseType === 'stream') return sent;
	} else if (responseType === 'stream') return Readable.from([Buffer.from(sent)]);
	const bytes = sent instanceof Readable ? Buffer.concat(await sent.toArray()) : sent;
	return responseType === 'arraybuffer' ? Buffer.from(bytes) : String(bytes);
}
