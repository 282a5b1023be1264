import type { Readable } from 'node:stream';
import type * as Axios from 'axios';
import { coreDependency } from '../engine/n8n';
import type { Body } from './body';
import type { Call, Exchange, Outcome } from './history';
import { CUT_STREAM, HUNG_UP, NEVER_SENT, RESET, systemError } from './faultyResponses';
import type { NetworkFault } from './faultyResponses';
import type { Simulation } from './simulation';

/** What travels back: the text or stream of an answer, and what the node can know from it. */
export type Delivery = {
	status: number;
	headers: Record<string, string>;
	body: Body;
	outcome: Outcome;
};

/** How a request ends for the one who sent it. */
export type End = { delivery: Delivery } | { failure: NetworkFault; sent: boolean } | 'silence';

const axios = coreDependency<typeof Axios>('axios');

/**
 * Stands in for the socket beneath axios, so that n8n's request helpers and axios itself
 * still build every request, read every answer and word every error. The returned function
 * takes it off again.
 */
export function installTransport(sim: Simulation): () => void {
	if (!axios) throw new Error('This n8n does not send its requests with axios');
	const { defaults } = axios.default;
	const { adapter } = defaults;
	defaults.adapter = async (config) => await exchange(axios, config, sim);
	return () => {
		defaults.adapter = adapter;
	};
}

async function exchange(
	{ default: { getUri }, AxiosError, AxiosHeaders, CanceledError }: typeof Axios,
	config: Axios.InternalAxiosRequestConfig,
	sim: Simulation,
): Promise<Axios.AxiosResponse> {
	const record = sim.record({
		method: (config.method ?? 'get').toUpperCase(),
		url: getUri(config),
		headers: Object.fromEntries(Object.entries(config.headers).map(([k, v]) => [k, String(v)])),
		body: parsed(config.data),
	});
	const { signal, timeout } = config;
	const cancelled = () => Object.assign(new CanceledError(), { config });
	const ended = (outcome: Outcome) => sim.history.end(record, sim.clock.now, outcome);
	let giveUp = () => {};
	let timer: NodeJS.Timeout | undefined;
	try {
		const { status, headers, body } = await new Promise<Delivery>((resolve, reject) => {
			giveUp = () => {
				ended({ kind: 'aborted' });
				reject(cancelled());
			};
			signal?.addEventListener?.('abort', giveUp);
			const late = () => {
				ended({ kind: 'failed', code: 'ECONNABORTED', sent: true });
				reject(new AxiosError(`timeout of ${timeout}ms exceeded`, 'ECONNABORTED', config));
			};
			if (timeout) timer = setTimeout(late, timeout);
			sim.carry(record, (end) => {
				if (record.outcome || end === 'silence') return;
				if ('delivery' in end) {
					const { body, outcome, status, headers } = end.delivery;
					if (status === 429) record.retryAfterMs = retryAfterMs(headers['retry-after']);
					// What an image's status says is known at once; JSON, when all of it has come.
					if (record.call === 'image' && (status < 200 || status >= 300)) ended(outcome);
					const { stream, taken } = body;
					stream.once('end', () => ended(outcome));
					stream.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
						if (code === CUT_STREAM.code) ended({ kind: 'failed', code, sent: true });
					});
					stream.once('close', () => {
						Object.assign(record, taken);
						if (record.endedAt === undefined) ended({ kind: 'aborted' });
					});
					return resolve(end.delivery);
				}
				const { failure, sent } = end;
				ended({ kind: 'failed', code: failure.code, sent });
				reject(AxiosError.from(systemError(failure), failure.code, config));
			});
		});
		breakOffOnAbort(body.stream, signal, cancelled);
		const response: Axios.AxiosResponse = {
			status,
			statusText: '',
			headers: AxiosHeaders.from(headers),
			config,
			request: {},
			data: config.responseType === 'stream' ? body.stream : '',
		};
		const { location } = headers;
		if (status >= 300 && status < 400 && location && config.maxRedirects !== 0) {
			const next = { ...config, url: new URL(location, record.url).href };
			delete next.baseURL;
			return await exchange(axios!, next, sim);
		}
		if (!config.validateStatus || config.validateStatus(status)) return response;
		const words = `Request failed with status code ${status}`;
		const code = status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
		throw new AxiosError(words, code, config, response.request, response);
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener?.('abort', giveUp);
	}
}

function retryAfterMs(header: string | undefined): number {
	const asked = /^[0-9.]+$/.test(header ?? '')
		? Number(header) * 1_000
		: Date.parse(header ?? '') - Date.now();
	return Math.max(0, asked || 0);
}

/** As axios does once the headers are there. */
function breakOffOnAbort(
	body: Readable,
	signal: Axios.GenericAbortSignal | undefined,
	cancelled: () => Error,
): void {
	const breakOff = () => {
		if (body.destroyed) return;
		body.emit('error', cancelled());
		body.destroy();
	};
	signal?.addEventListener?.('abort', breakOff);
	body.once('close', () => signal?.removeEventListener?.('abort', breakOff));
}

function parsed(data: unknown): Record<string, unknown> {
	return typeof data === 'string' && data !== ''
		? (JSON.parse(data) as Record<string, unknown>)
		: {};
}

/** The failure in which a request with such a fault ends, if it ends in one. */
export function failureOf({ fault }: Exchange): End | undefined {
	const neverSent = NEVER_SENT[fault];
	if (neverSent) return { failure: neverSent, sent: false };
	switch (fault) {
		case 'resetBefore':
		case 'resetAfter':
			return { failure: fault === 'resetBefore' ? HUNG_UP : RESET, sent: true };
		case 'silenceBefore':
		case 'silenceAfter':
			return 'silence';
		default:
			return undefined;
	}
}

/** Faults that strike before the service has heard of the request. */
export const isBefore = ({ fault }: Exchange) =>
	fault in NEVER_SENT || fault === 'resetBefore' || fault === 'silenceBefore';

export const callOf = (method: string, path: string): Call => {
	if (method === 'POST' && path.endsWith('/v1/queue/gpt_image_1')) return 'create';
	if (method === 'PUT' && path.endsWith('/cancel')) return 'cancel';
	if (method === 'GET' && path.endsWith('/status')) return 'status';
	return method === 'GET' && path.endsWith('/response') ? 'result' : 'other';
};
