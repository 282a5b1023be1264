import { isObject, text } from './json';

/** What the service says to people, for errors to pass on. */

/** The longest piece of the service's own words that is passed on, in characters. */
const LONGEST = 1000;

/**
 * What the service itself says in an answer, for a person to read: `detail` as a string or a list of
 * `{loc, msg}`, `error`, `status.message`, `message`, or the title of a gateway's HTML page.
 */
export function wordsIn(body: unknown): string | undefined {
	if (typeof body === 'string') {
		const title = /<title>([^<]*)<\/title>/i.exec(body)?.[1];
		const bare = (title ?? body.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
		return text(bare)?.slice(0, LONGEST);
	}
	if (!isObject(body)) return undefined;
	const { detail, error, status, message } = body;
	const said = Array.isArray(detail)
		? (detail as unknown[]).map(describeDetail).filter(Boolean).join('; ')
		: (text(detail) ??
			(isObject(error) ? text(error.message) : text(error)) ??
			(isObject(status) ? text(status.message) : undefined) ??
			text(message));
	return text(said)?.slice(0, LONGEST);
}

function describeDetail(entry: unknown): string | undefined {
	if (!isObject(entry)) return text(entry);
	const place = Array.isArray(entry.loc)
		? (entry.loc as unknown[]).filter((part) => typeof part !== 'object').join('.')
		: text(entry.loc);
	return [place, text(entry.msg)].filter(Boolean).join(': ');
}

/** In an error, `request_id` beside `error` names the HTTP call for the service's support. */
export function supportIdIn(body: unknown): string | undefined {
	return isObject(body) && body.error !== undefined ? text(body.request_id) : undefined;
}
