/**
 * Takes the API key out of what the service sends, where it comes in: behind this, no item, error or log
 * line can hold it, and nothing that is cut can hold a part of it.
 */

const PLACEHOLDER = '[the API key]';

/** A shorter key is part of ordinary words, IDs and addresses, which would be lost. */
const MIN_LENGTH = 6;

/** Deeper than any response of the service; what lies below is left out. */
const MAX_DEPTH = 100;

const escaped = (text: string) => JSON.stringify(text).slice(1, -1);

const HTML: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

const asAscii = (text: string) =>
	text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The encoder throws on half a surrogate pair, which no header can carry anyway. */
const encoded = (text: string) => (/\p{Surrogate}/u.test(text) ? text : encodeURIComponent(text));

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** Every spelling in which a key can come back, the longest first. */
function spellings(key: string): string[] {
	const trimmed = key.trim();
	// axios leaves out of a header what cannot stand in one.
	const all = [trimmed, trimmed.replace(/[^\x20-\x7e\x80-\xff]/g, '')].flatMap((sent) => [
		sent,
		escaped(sent),
		escaped(escaped(sent)),
		asAscii(escaped(sent)),
		escaped(sent).replace(/\//g, '\\/'),
		encoded(sent),
		encoded(sent).replace(/%20/g, '+'),
		sent.replace(/[&<>"']/g, (character) => HTML[character] ?? character),
	]);
	return [...new Set(all)]
		.filter((one) => one.length >= MIN_LENGTH)
		.sort((one, other) => other.length - one.length);
}

/** A text without the beginning of a key at its end, where the response was cut. */
function withoutCutKey(text: string, keys: readonly string[]): string {
	for (const key of keys) {
		for (let length = key.length - 1; length >= MIN_LENGTH; length--) {
			if (text.endsWith(key.slice(0, length))) return text.slice(0, -length) + PLACEHOLDER;
		}
	}
	return text;
}

/** @param key as it stands in the credential; the service gets it without the blanks around it */
export function redactor(key: string): <T>(value: T) => T {
	const keys = spellings(key);
	// In any letter case: the node itself writes status words in capitals. An empty pattern matches
	// everywhere, this one nowhere.
	const pattern = new RegExp(keys.map(literal).join('|') || '(?!)', 'gi');
	const inText = (text: string) => text.replace(pattern, () => PLACEHOLDER);
	const inValue = (value: unknown, depth: number): unknown => {
		if (typeof value === 'string') return inText(value);
		if (typeof value === 'number') return keys.includes(String(value)) ? PLACEHOLDER : value;
		if (typeof value !== 'object' || value === null) return value;
		if (depth > MAX_DEPTH) return undefined;
		if (Array.isArray(value)) return value.map((one) => inValue(one, depth + 1));
		return Object.fromEntries(
			Object.entries(value).map(([name, one]) => [inText(name), inValue(one, depth + 1)]),
		);
	};
	return <T>(value: T) =>
		(typeof value === 'string' ? withoutCutKey(inText(value), keys) : inValue(value, 0)) as T;
}
