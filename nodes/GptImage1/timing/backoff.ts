const MAX_BACKOFF_MS = 30_000;
/** Half to all of 1, 2, 4 … 30 s, so that clients that failed together come back apart. */
export function backoffMs(attempt: number, random: number, firstMs = 1_000): number {
	return Math.min(MAX_BACKOFF_MS, firstMs * 2 ** attempt) * (0.5 + random / 2);
}

const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1_000;
const SECONDS = /^\d{1,32}(\.\d{1,32})?$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
/** Reads a Retry-After header. @returns 0 for a past date, undefined for nonsense */
export function retryAfterMs(header: unknown, nowDate: number): number | undefined {
	const value: unknown = Array.isArray(header) ? header[0] : header;
	const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	const trimmed = text.slice(0, 99).trim();
	let ms = SECONDS.test(trimmed) ? Number(trimmed) * 1_000 : Number.NaN;
	if (HTTP_DATE.test(trimmed)) ms = Math.max(0, Date.parse(trimmed) - nowDate);
	return Number.isNaN(ms) ? undefined : Math.min(ms, MAX_RETRY_AFTER_MS);
}
