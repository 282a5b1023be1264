import { text } from './json';

/** What an ID may be made of: nothing that could change the path it is put into. */
const ID = /^(?!\.{1,2}$)[^\s/?#\\%\u0000-\u001f\u007f]{1,200}$/u;

const IN_URL = /\/requests\/([^/?#]{1,200})(?:\/(?:status|response|cancel))?\/?(?:[?#].*)?$/;

/** Longer texts hold no ID, nor a URL with one; in characters. */
const MAX_LENGTH = 2000;

/**
 * The request ID in what a user gave: the ID itself, or a status, result or cancel URL with it.
 * The rest of a URL is ignored; calls go to the credential's base URL alone.
 *
 * @returns undefined where there is nothing that can be an ID; a number beyond 2^53 is refused too,
 * because JavaScript has rounded it by then
 */
export function requestIdIn(given: unknown): string | undefined {
	const value = text(Number.isSafeInteger(given) ? String(given) : given);
	if (value === undefined || value.length > MAX_LENGTH) return undefined;
	const id = IN_URL.exec(value)?.[1] ?? value;
	return ID.test(id) ? id : undefined;
}
