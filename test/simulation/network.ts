import { Readable } from 'node:stream';
import type * as Axios from 'axios';
import { coreDependency } from '../engine/n8n';
import type { Call, Exchange, Outcome } from './history';
import { HUNG_UP, NEVER_SENT, RESET, systemError } from './mishaps';
import type { NetworkFault } from './mishaps';
import type { World } from './world';

/** What travels back: the text or stream of an answer, and what the node can know from it. */
export type Delivery = {
	status: number;
	headers: Record<string, string>;
	body: string | Readable;
	outcome: Outcome;
};

/** How a request ends for the one who sent it. */
export type End = { delivery: Delivery } | { failure: NetworkFault; sent: boolean } | 'silence';

const axios = coreDependency<typeof Axios>('axios');

/**
 * The wires: stands in for the socket beneath axios, so that n8n's request helpers and axios itself
 * still build every request, read every answer and word every error. Gives back the old wires when
 * the returned function is called.
 */
export function layWires(world: World): () => void {
	if (!axios) throw new Error('This n8n does not send its requests with axios');
	const { defaults } = axios.default;
	const { adapter } = defaults;
	defaults.adapter = async (config) => await exchange(axios, config, world);
	return () => {
		defaults.adapter = adapter;
	};
}

async function exchange(
	{ default: { getUri }, AxiosError, AxiosHeaders, CanceledError }: typeof Axios,
	config: Axios.InternalAxiosRequestConfig,
	world: World,
): Promise<Axios.AxiosResponse> {
	const record = world.record({
		method: (config.method ?? 'get').toUpperCase(),
		url: getUri(config),
		headers: Object.fromEntries(Object.entries(config.headers).map(([k, v]) => [k, String(v)])),
		body: parsed(config.data),
	});
	const { signal, timeout } = config;
	const cancelled = () => Object.assign(new CanceledError(), { config });
	const ended = (outcome: Outcome) => {
		record.outcome = outcome;
		record.endedAt = world.time.now;
	};
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
			world.carry(record, (end) => {
				if (record.outcome || end === 'silence') return;
				if ('delivery' in end) {
					ended(end.delivery.outcome);
					return resolve(end.delivery);
				}
				const { failure, sent } = end;
				ended({ kind: 'failed', code: failure.code, sent });
				reject(AxiosError.from(systemError(failure), failure.code, config));
			});
		});
		if (body instanceof Readable) breakOffOnAbort(body, signal, cancelled);
		const response: Axios.AxiosResponse = {
			status,
			statusText: '',
			headers: AxiosHeaders.from(headers),
			config,
			request: {},
			data: body instanceof Readable && config.responseType !== 'stream' ? '' : asked(body, config),
		};
		const { location } = headers;
		if (status >= 300 && status < 400 && location && config.maxRedirects !== 0) {
			const next = { ...config, url: new URL(location, record.url).href };
			delete next.baseURL;
			return await exchange(axios!, next, world);
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

const asked = (body: string | Readable, { responseType }: Axios.InternalAxiosRequestConfig) =>
	typeof body === 'string' && responseType === 'stream' ? Readable.from([Buffer.from(body)]) : body;

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

/** The failure in which a request with such a misfortune ends, if it ends in one. */
export function failureOf({ fault, call }: Exchange): End | undefined {
	const neverSent = NEVER_SENT[fault];
	if (neverSent) return { failure: neverSent, sent: false };
	switch (fault) {
		case 'resetBefore':
		case 'resetAfter':
			return { failure: fault === 'resetBefore' ? HUNG_UP : RESET, sent: true };
		case 'silenceBefore':
		case 'silenceAfter':
			return 'silence';
		case 'cutOff':
			return call === 'image' ? undefined : { failure: CUT_ANSWER, sent: true };
		default:
			return undefined;
	}
}

/** What axios makes of an answer that breaks off in its body. */
const CUT_ANSWER: NetworkFault = { code: 'ERR_BAD_RESPONSE', message: 'stream has been aborted' };

/** Faults that strike before the service has heard of the request. */
export const isBefore = ({ fault }: Exchange) =>
	fault in NEVER_SENT || fault === 'resetBefore' || fault === 'silenceBefore';

export const callOf = (method: string, path: string): Call => {
	if (method === 'POST' && path.endsWith('/v1/queue/gpt_image_1')) return 'create';
	if (method === 'PUT' && path.endsWith('/cancel')) return 'cancel';
	if (method === 'GET' && path.endsWith('/status')) return 'status';
	return method === 'GET' && path.endsWith('/response') ? 'result' : 'other';
};
