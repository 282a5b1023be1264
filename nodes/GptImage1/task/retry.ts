/**
 * Which calls may be repeated, by risk and as data, and how long to pause before.
 *
 * A create that the service may have accepted is never repeated: the image would be paid for twice.
 * So a create is repeated only where nothing can have been accepted: a 429, which the service
 * documents as "not accepted", or a connection that was never made. Asking again for a status, a
 * result or a cancellation changes nothing; it may follow anything that can pass by itself.
 */
type RetryRule = {
	readonly statuses: readonly number[];
	readonly serverErrors: boolean;
	readonly networkFailures: 'all' | 'never sent';
};

export const RETRY_RULES: Readonly<Record<'create' | 'read', RetryRule>> = {
	create: { statuses: [429], serverErrors: false, networkFailures: 'never sent' },
	/** Status, result and cancel. */
	read: { statuses: [408, 425, 429], serverErrors: true, networkFailures: 'all' },
};

/** Codes that only the making of a connection can end in. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** These end an open connection too, its request perhaps long sent, so it must be `connect` that failed. */
const NEVER_SENT_BY_CONNECT = [
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EHOSTDOWN',
	'ENETDOWN',
	'EADDRNOTAVAIL',
	'ETIMEDOUT',
];

/** What is known of a call that failed: an HTTP status, or else what the network reported. */
export type FailedCall = {
	status?: number | undefined;
	code?: string | undefined;
	syscall?: string | undefined;
};

/** Whether a request surely never left, by the system's error code and the system call it came from. */
export function neverSent(code: string | undefined, syscall?: string): boolean {
	if (code === undefined) return false;
	return (
		NEVER_SENT.includes(code) || (syscall === 'connect' && NEVER_SENT_BY_CONNECT.includes(code))
	);
}

/** Whether a failed call may be repeated. Without a status it is the network that failed. */
export function mayRetry(call: 'create' | 'read', { status, code, syscall }: FailedCall): boolean {
	const { statuses, serverErrors, networkFailures } = RETRY_RULES[call];
	if (status === undefined) return networkFailures === 'all' || neverSent(code, syscall);
	return statuses.includes(status) || (serverErrors && status >= 500 && status < 600);
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/**
 * Milliseconds to pause before a call is repeated. `attempt` counts from 0. Between half and the
 * whole of 1, 2, 4 … 30 s, so that clients that failed together come back apart; never sooner than
 * `retryAfter` (ms), the service's own word. `random` is in [0, 1).
 */
export function retryDelay(attempt: number, random: number, retryAfter?: number): number {
	const doublings = Math.min(Math.max(Math.floor(attempt) || 0, 0), 10);
	const half = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** doublings) / 2;
	if (retryAfter !== undefined) return retryAfter + Math.min(half, FIRST_DELAY) * random;
	return half + half * random;
}

/** Ten minutes, a wait's whole default budget: no header, mistaken or hostile, holds a run longer. */
const LONGEST_RETRY_AFTER = 600_000;

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * What a Retry-After header asks for, in ms from `now` (ms since 1970): seconds, or an HTTP date.
 * Undefined where it says nothing usable; 0 for a date that has passed.
 */
export function retryAfterOf(header: unknown, now: number): number | undefined {
	const value: unknown = Array.isArray(header) ? header[0] : header;
	const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
	let wait = Number.NaN;
	if (/^\d{1,15}(\.\d{1,9})?$/.test(text)) wait = Number(text) * 1_000;
	else if (HTTP_DATE.test(text)) wait = Math.max(0, Date.parse(text) - now);
	return Number.isNaN(wait) ? undefined : Math.min(wait, LONGEST_RETRY_AFTER);
}
