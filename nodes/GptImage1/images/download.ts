import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { Clock } from '../task/clock';
import { networkFailure } from '../task/networkFailure';
import type { ImageFault } from '../task/errors';
import { mayRetry, retryAfterOf, retryDelay } from '../task/retry';
import { checkedBytes, FaultyImage, readHead, toStream } from './checkedStream';
import type { ByteStream } from './checkedStream';
import { describeOther, imageTypeOf } from './imageType';
import type { ImageType } from './imageType';

/** Fetches an image without the key and streams it into n8n's binary storage, checked on its way. */

/** What a GET without the key comes to; redirects are not followed. */
export type ImageAnswer = { status: number; headers: IDataObject; body: ByteStream };

export type ImageSource = {
	/** Rejects where no answer came. `signal` ends the call and the stream of its answer. */
	get(url: string, signal: AbortSignal): Promise<ImageAnswer>;
	/** Streams to n8n's binary storage. */
	store(bytes: ByteStream, type: ImageType): Promise<IBinaryData>;
	clock: Clock;
	/** Aborted on Stop. */
	signal: AbortSignal | undefined;
	/** Whether the base URL itself is http, so that images may be so too. */
	httpAllowed: boolean;
};

export type Downloaded = { binary: IBinaryData; type: ImageType; bytes: number };

/** A download in which nothing has come for so long is given up, in milliseconds. */
const LONGEST_SILENCE = 30_000;

const MOST_REDIRECTS = 5;

/** Bad content is asked for again, as a cache may have kept a bad copy; but not for long. */
const MOST_ATTEMPTS = { transport: 6, content: 3 };

type Attempt = Downloaded | { fault: ImageFault; again: boolean; retryAfter?: number | undefined };

/**
 * @param deadline when to give up repeating, in ms since 1970
 * @returns the stored image, or why there is none
 */
export async function download(
	url: string,
	source: ImageSource,
	deadline: number,
): Promise<Downloaded | ImageFault> {
	const { clock } = source;
	for (let failures = 1; ; failures++) {
		const attempt = await tryOnce(url, source);
		if ('binary' in attempt) return attempt;
		clock.checkStop();
		const { fault, again, retryAfter } = attempt;
		const most = fault.kind === 'content' ? MOST_ATTEMPTS.content : MOST_ATTEMPTS.transport;
		const next = clock.now() + retryDelay(failures - 1, clock.random(), retryAfter);
		if (!again || failures >= most || next >= deadline) return fault;
		await clock.sleepUntil(next);
	}
}

async function tryOnce(url: string, source: ImageSource): Promise<Attempt> {
	const abort = new AbortController();
	const stop = () => abort.abort(source.signal?.reason);
	source.signal?.addEventListener('abort', stop, { once: true });
	const progress = { bytes: 0 };
	void watchProgress(progress, source.clock, abort);
	try {
		const answer = await getFollowing(url, source, abort.signal);
		return 'fault' in answer ? answer : await storeChecked(answer, source, progress);
	} catch (error) {
		return { fault: { kind: 'network', code: networkFailure(error).code }, again: true };
	} finally {
		source.signal?.removeEventListener('abort', stop);
		abort.abort();
	}
}

/** Ends a download that makes no progress; n8n's own time limit ends with the headers. */
async function watchProgress(
	progress: { bytes: number },
	clock: Clock,
	abort: AbortController,
): Promise<void> {
	for (let seen = -1; seen !== progress.bytes && !abort.signal.aborted;) {
		seen = progress.bytes;
		if (!(await clock.pause(LONGEST_SILENCE, abort.signal))) return;
	}
	abort.abort();
}

/** Every address is judged before it is asked: a redirect leads nowhere that a result may not. */
async function getFollowing(
	url: string,
	source: ImageSource,
	signal: AbortSignal,
): Promise<ImageAnswer | Exclude<Attempt, Downloaded>> {
	let address = url;
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		if (!mayFetch(address, source.httpAllowed)) {
			return { fault: { kind: 'address' }, again: false };
		}
		const answer = await source.get(address, signal);
		const { status, headers, body } = answer;
		if (status >= 200 && status < 300) return answer;
		body.destroy();
		const { location } = headers;
		if (status < 300 || status >= 400 || typeof location !== 'string') {
			return {
				fault: { kind: 'status', status },
				again: mayRetry('read', { status }),
				retryAfter: retryAfterOf(headers['retry-after'], source.clock.now()),
			};
		}
		address = resolve(location, address);
	}
	return { fault: { kind: 'content', what: 'its address leads round in a circle' }, again: false };
}

function resolve(location: string, base: string): string {
	return URL.canParse(location, base) ? new URL(location, base).href : '';
}

function mayFetch(address: string, httpAllowed: boolean): boolean {
	if (!URL.canParse(address)) return false;
	const { protocol } = new URL(address);
	return protocol === 'https:' || (protocol === 'http:' && httpAllowed);
}

async function storeChecked(
	{ body, headers }: ImageAnswer,
	source: ImageSource,
	progress: { bytes: number },
): Promise<Attempt> {
	const chunks = body[Symbol.asyncIterator]();
	const head = await readHead(chunks);
	const type = imageTypeOf(head);
	const contentType = headers['content-type'];
	if (type === undefined) {
		body.destroy();
		const what = describeOther(head, typeof contentType === 'string' ? contentType : undefined);
		return { fault: { kind: 'content', what }, again: true };
	}
	const checked = toStream(checkedBytes(head, chunks, type, progress), body);
	try {
		const binary = await source.store(checked, type);
		return { binary, type, bytes: progress.bytes };
	} catch (error) {
		body.destroy();
		if (error instanceof FaultyImage)
			return { fault: error.fault, again: error.fault.kind !== 'size' };
		const what = error instanceof Error ? error.message : String(error);
		return { fault: { kind: 'storage', what }, again: false };
	}
}
