import type { IDataObject } from 'n8n-workflow';

/** What a response's JSON may contain; anything else counts as absent. */

export const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text as JSON, or as it is where it is none. */
export function asJson(content: string): unknown {
	try {
		return JSON.parse(content) as unknown;
	} catch {
		return content;
	}
}

/** How much of an incomplete object is read, in characters, and how many ends are tried. */
const MAX_PART = 10_000;
const MAX_TRIES = 50;

/** An object whose rest is missing: the fields that have come whole. */
export function partOfObject(content: string): unknown {
	const start = content.slice(0, MAX_PART);
	// More digits of a number may be missing.
	let end = /\d$/.test(start) ? start.lastIndexOf(',') : start.length;
	for (let tries = 0; end > 0 && tries < MAX_TRIES; tries++) {
		const part = asJson(`${start.slice(0, end)}}`);
		if (isObject(part)) return part;
		end = start.lastIndexOf(',', end - 1);
	}
	return undefined;
}

/** A text without the blanks around it. */
export const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

export const count = (value: unknown): number | undefined =>
	Number.isFinite(value) && (value as number) > 0 ? (value as number) : undefined;

/**
 * Words of the service as one line of bounded length, for a log or an error. Cut before anything is
 * matched against them, since they can be of any size.
 */
export function oneLine(words: string, maxLength: number): string {
	const start = words.slice(0, 2 * maxLength);
	const line = start.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
	return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
