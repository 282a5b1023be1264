import { isObject, oneLine, text } from './json';

/** What the service says to people, for errors to pass on. */

/** The longest piece of the service's own words that is passed on, in characters. */
const MAX_MESSAGE = 1000;

/** How much of a page is read, in characters, and how many entries of a list. */
const MAX_PAGE = 10_000;
const MAX_DETAILS = 20;

/**
 * The service's own words in a response: `detail` as a string or a list of `{loc, msg}`, `error`,
 * `status.message`, `message`, or the title of a gateway's HTML page. One line of bounded length.
 */
export function serviceMessage(body: unknown): string | undefined {
	const message = typeof body === 'string' ? pageMessage(body.slice(0, MAX_PAGE)) : inJson(body);
	return message && text(oneLine(message, MAX_MESSAGE));
}

/** Linear in the length of the page: no pattern here can go back over what it has matched. */
function pageMessage(page: string): string | undefined {
	const title = /<title>([^<]*)/i.exec(page)?.[1];
	return text(title) ?? text(page.replace(/<[^<>]*>?/g, ' '));
}

function inJson(body: unknown): string | undefined {
	if (!isObject(body)) return undefined;
	const { detail, error, status, message } = body;
	if (Array.isArray(detail)) {
		const details = (detail as unknown[]).slice(0, MAX_DETAILS).map(describeDetail);
		return text(details.filter(Boolean).join('; '));
	}
	return (
		text(detail) ??
		(isObject(error) ? text(error.message) : text(error)) ??
		(isObject(status) ? text(status.message) : undefined) ??
		text(message)
	);
}

function describeDetail(entry: unknown): string | undefined {
	if (!isObject(entry)) return text(entry);
	const location = Array.isArray(entry.loc)
		? (entry.loc as unknown[]).filter((part) => typeof part !== 'object').join('.')
		: text(entry.loc);
	return [location, text(entry.msg)].filter(Boolean).join(': ');
}

/** In an error, `request_id` beside `error` names the HTTP call for the service's support. */
export function requestIdForSupport(body: unknown): string | undefined {
	if (!isObject(body) || body.error === undefined) return undefined;
	const id = text(body.request_id);
	return id && oneLine(id, 100);
}
