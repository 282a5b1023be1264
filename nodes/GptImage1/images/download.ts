import type { ImageFault } from '../errors/images';
import { boundedCall } from '../service/boundedCall';
import type { BoundedResponse, Response } from '../service/boundedCall';
import type { AbortScope } from '../timing/abort';
import { retryAfterMs } from '../timing/backoff';
import { withDeadline } from '../timing/clock';
import type { Clock } from '../timing/clock';
import type { RateLimiter } from '../timing/rateLimiter';
import { retry } from '../timing/retry';
import type { Attempt, RetryPolicy } from '../timing/retry';
import { storeChecked } from './checkedStream';
import type { Downloaded, Reading, Store } from './checkedStream';
import { failureOf, ImageFailure, NOT_FOUND_GRACE_MS, statusFailure } from './imageFailure';

/** Downloads an image without the key and streams it into n8n's storage, checked while it streams. */

/** How many images one node run downloads at once. */
export const MAX_DOWNLOADS = 3;

/** GPT Image 1 makes at most 1536 x 1024 pixels, some 6 MB. */
export const MAX_IMAGE_BYTES = 64 * 1024 * 1024;

/** Bad content is asked for again, as a cache may have kept a bad copy; but not for long. */
const MAX_ATTEMPTS = { transport: 6, content: 3 };

const MAX_REDIRECTS = 5;

/** An attempt ends when this much time brings fewer than this many bytes: the host is silent, or drips. */
const MIN_PROGRESS = { bytes: 64 * 1024, everyMs: 30_000 };

export type ImageSource = {
	/** A GET without the key, which follows no redirect. */
	get(url: string, signal: AbortSignal): Promise<Response>;
	store: Store;
	clock: Clock;
	/** Aborted on Stop. */
	scope: AbortScope;
	/** Gives each attempt its turn; every response is reported to it. */
	limiter: RateLimiter;
	/** Whether the base URL itself is http, so that image URLs may be, too. */
	httpAllowed: boolean;
};

/**
 * @param deadline for all attempts together, on the clock
 * @returns the stored image, or why there is none
 * @throws Aborted
 */
export async function download(
	url: string,
	source: ImageSource,
	deadline: number,
): Promise<Downloaded | ImageFault> {
	const policy: RetryPolicy = { maxFailures: MAX_ATTEMPTS.transport, deadline };
	let badContent = 0;
	const attempt = async (): Promise<Attempt<Downloaded>> => {
		const outcome = await tryOnce(url, source, deadline);
		if ('binary' in outcome) return { value: outcome };
		const { fault, repeat, retryAfterMs } = outcome;
		if (repeat === 'later') policy.graceUntil ??= source.clock.now() + NOT_FOUND_GRACE_MS;
		const isLast = fault.kind === 'content' && ++badContent >= MAX_ATTEMPTS.content;
		return { error: outcome, repeat: isLast ? 'no' : repeat, retryAfterMs };
	};
	try {
		return await retry(attempt, policy, source.clock, source.scope);
	} catch (error) {
		source.scope.throwIfAborted();
		return failureOf(error).fault;
	}
}

async function tryOnce(
	url: string,
	source: ImageSource,
	deadline: number,
): Promise<Downloaded | ImageFailure> {
	const { limiter, scope, clock } = source;
	const turn = await limiter.turn(deadline, scope);
	if (!turn.granted)
		return turn.holdMs > 0 ? statusFailure(429, turn.holdMs) : new ImageFailure({ kind: 'slow' });
	const attempt = scope.child();
	const reading: Reading = { bytes: 0, ended: false };
	abortIfSlow(reading, clock, attempt).catch(() => {});
	try {
		return await follow(url, { ...source, scope: attempt }, deadline, reading);
	} catch (error) {
		return failureOf(error);
	} finally {
		attempt.abort();
	}
}

const never = async () => await new Promise<never>(() => {});

async function abortIfSlow(reading: Reading, clock: Clock, attempt: AbortScope): Promise<void> {
	for (let before = 0; ; before = reading.bytes) {
		const deadline = clock.now() + MIN_PROGRESS.everyMs;
		await withDeadline(clock, deadline, attempt, never).catch(() => attempt.throwIfAborted());
		if (reading.ended) return;
		if (reading.bytes - before < MIN_PROGRESS.bytes) attempt.abort();
	}
}

/** Each address is checked before it is asked: a redirect leads nowhere that a result may not. */
async function follow(
	url: string,
	source: ImageSource,
	deadline: number,
	reading: Reading,
): Promise<Downloaded> {
	const { clock, scope, httpAllowed } = source;
	let address = url;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		if (!mayFetch(address, httpAllowed)) throw new ImageFailure({ kind: 'address' }, 'no');
		const outcome = await boundedCall({
			send: async (signal) => await source.get(address, signal),
			deadline,
			maxBytes: MAX_IMAGE_BYTES,
			scope,
			clock,
			consume: async (response) => await receive(response, source, reading),
		});
		if ('binary' in outcome) return outcome;
		address = URL.canParse(outcome.location, address)
			? new URL(outcome.location, address).href
			: '';
	}
	throw new ImageFailure({ kind: 'redirects', max: MAX_REDIRECTS }, 'no');
}

function mayFetch(address: string, httpAllowed: boolean): boolean {
	if (!URL.canParse(address)) return false;
	const { protocol } = new URL(address);
	return protocol === 'https:' || (protocol === 'http:' && httpAllowed);
}

async function receive(
	response: BoundedResponse,
	{ limiter, clock, store }: ImageSource,
	reading: Reading,
): Promise<Downloaded | { location: string }> {
	const { status, headers } = response;
	const retryAfter = retryAfterMs(headers['retry-after'], clock.date());
	if (status === 429) limiter.refused(retryAfter);
	else limiter.accepted();
	if (status >= 200 && status < 300) return await storeChecked(response, store, reading);
	const { location } = headers;
	if (status >= 300 && status < 400 && typeof location === 'string') return { location };
	throw statusFailure(status, retryAfter);
}
