import type { Readable } from 'node:stream';
import type * as Axios from 'axios';
import { coreDependency } from './n8n';

const axios = coreDependency<typeof Axios>('axios')!;

/** A request as it would have gone over the wire. */
export interface Question {
	method: string;
	url: string;
	/** Their names in lower case. */
	headers: Record<string, string>;
	body: string | undefined;
}

export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: Readable;
}

/** How a request ends that is no longer waited for. */
export type GivenUp = 'aborted' | 'timeout';

/**
 * Answers a question, or throws an Error with the `code` of a failed connection, as Node.js would
 * report it. A service that is given up on continues: that is how an answer gets lost.
 */
export type InProcessService = (
	question: Question,
	onGivenUp: (listener: (why: GivenUp) => void) => void,
) => Promise<Answer>;

/**
 * Answers every HTTP request of n8n from within the process, until the returned function is called.
 * Only axios's last step, the socket, is replaced. A stream that is given up on is destroyed.
 */
export function answerInProcess(service: InProcessService): () => void {
	const { defaults } = axios.default;
	const { adapter } = defaults;
	defaults.adapter = async (config) => await exchange(config, service);
	return () => void (defaults.adapter = adapter);
}

async function exchange(
	config: Axios.InternalAxiosRequestConfig,
	service: InProcessService,
	redirects = 0,
): Promise<Axios.AxiosResponse> {
	const question: Question = {
		method: (config.method ?? 'get').toUpperCase(),
		url: axios.default.getUri(config),
		headers: Object.fromEntries(
			Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
		),
		body: config.data as string | undefined,
	};
	const answer = await orGivenUp(config, question, service);
	const { location } = answer.headers;
	// As many as axios follows, where it is not told otherwise.
	const { maxRedirects = 21 } = config;
	if (answer.status >= 300 && answer.status < 400 && location && maxRedirects > redirects) {
		const next = { ...config, baseURL: '', url: new URL(location, question.url).href };
		return await exchange(next, service, redirects + 1);
	}
	const { status } = answer;
	const headers = axios.AxiosHeaders.from(answer.headers);
	const data = await bodyAs(config, answer.body);
	const response = { status, statusText: '', headers, config, request: {}, data };
	if (!config.validateStatus || config.validateStatus(status)) return response;
	const { ERR_BAD_REQUEST, ERR_BAD_RESPONSE } = axios.AxiosError;
	const code = status < 500 ? ERR_BAD_REQUEST : ERR_BAD_RESPONSE;
	const message = `Request failed with status code ${status}`;
	throw new axios.AxiosError(message, code, config, response.request, response);
}

/** The service's answer, unless Stop or the request's time limit comes first. */
async function orGivenUp(
	config: Axios.InternalAxiosRequestConfig,
	question: Question,
	service: InProcessService,
): Promise<Answer> {
	const { signal, timeout } = config;
	const cancelled = () => Object.assign(new axios.CanceledError(), { config });
	if (signal?.aborted) throw cancelled();
	let abort = () => {};
	let timer: NodeJS.Timeout | undefined;
	try {
		return await new Promise<Answer>((resolve, reject) => {
			let tell: (why: GivenUp) => void = () => {};
			abort = () => {
				tell('aborted');
				reject(cancelled());
			};
			signal?.addEventListener?.('abort', abort);
			const late = () => {
				tell('timeout');
				reject(new axios.AxiosError(`timeout of ${timeout}ms exceeded`, 'ECONNABORTED', config));
			};
			if (timeout) timer = setTimeout(late, timeout);
			service(question, (listener) => (tell = listener)).then(
				resolve,
				(error: NodeJS.ErrnoException) =>
					reject(error.code ? axios.AxiosError.from(error, error.code, config) : error),
			);
		});
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener?.('abort', abort);
	}
}

async function bodyAs(
	{ responseType, signal }: Axios.InternalAxiosRequestConfig,
	body: Readable,
): Promise<unknown> {
	const breakOff = () => body.destroy(new axios.CanceledError());
	signal?.addEventListener?.('abort', breakOff);
	body.once('close', () => signal?.removeEventListener?.('abort', breakOff));
	if (responseType === 'stream') return body;
	const bytes = Buffer.concat(await body.toArray());
	return responseType === 'arraybuffer' ? bytes : String(bytes);
}
