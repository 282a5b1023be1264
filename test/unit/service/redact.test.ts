import fc from 'fast-check';
import { redactor } from '../../../nodes/GptImage1/service/redact';

const KEY = 'sk-"a\\b"/ü&<c> d\'+e%';
const PLACEHOLDER = '[the API key]';

const HTML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const html = (text: string) => text.replace(/[&<>"']/g, (sign) => HTML[sign as keyof typeof HTML]);
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const ascii = (text: string) =>
	text.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const inLowerCase = (encoded: string) => encoded.replace(/%../g, (c) => c.toLowerCase());

const SPELLINGS: Array<[string, (key: string) => string]> = [
	['as it is', (key) => key],
	['in JSON', json],
	['in JSON within JSON', (key) => json(json(key))],
	['in JSON of ASCII alone', (key) => ascii(json(key))],
	['in JSON with escaped slashes', (key) => json(key).replace(/\//g, '\\/')],
	['in a URL', encodeURIComponent],
	['in a URL in lower case', (key) => inLowerCase(encodeURIComponent(key))],
	['in a form', (key) => encodeURIComponent(key).replace(/%20/g, '+')],
	['in HTML', html],
];

describe('the key is replaced', () => {
	test.each(SPELLINGS)('%s', (_how, spell) => {
		const text = (key: string) => `the key ${key}, twice: ${key}`;
		expect(redactor(KEY)(text(spell(KEY)))).toBe(text(PLACEHOLDER));
	});

	test.each([
		['in capitals, in which the node itself writes status words', 'abc-def', 'ABC-DEF'],
		['without its blanks, which are not sent', ' abcdef\n', 'abcdef'],
		['without what no header can carry', 'abc\u200bdef', 'abcdef'],
		['as the longest of its spellings', 'abcdef\\', 'abcdef\\\\'],
		['with signs that mean something in a pattern', '$&.*(x)', '$&.*(x)'],
	])('%s', (_how, key, sent) => expect(redactor(key)(`<${sent}>`)).toBe(`<${PLACEHOLDER}>`));

	test('any key, in any spelling', () => {
		const key = fc
			.string({ unit: 'grapheme', minLength: 6, maxLength: 40 })
			.map((text) => text.trim())
			.filter((text) => text.length >= 6 && !PLACEHOLDER.includes(text));
		const rule = fc.property(key, fc.constantFrom(...SPELLINGS), (text, [, spell]) => {
			expect(redactor(text)(`<<<${spell(text)}>>>`)).toContain(PLACEHOLDER);
		});
		fc.assert(rule, { numRuns: 1000, seed: 7 });
	});

	test('in names and values, at any depth; everything else stays as it is', () => {
		const text = (key: string) =>
			`{"__proto__":{"x":1},"logs":[{"a":"${key}"},["x-${key}"]],"x-${key}":{"n":null}}`;
		const redacted = redactor('abcdef')(JSON.parse(text('abcdef')));
		expect(JSON.stringify(redacted)).toBe(text(PLACEHOLDER));
	});

	test.each(['abcdef', ''])('down to a depth that no response has, with the key "%s"', (key) => {
		let value: unknown = 'abcdef';
		for (let depth = 0; depth < 50_000; depth++) value = [{ value }];
		expect(JSON.stringify(redactor(key)(value))).not.toContain('abcdef');
	});

	test('as a number, and in a text that broke off in the midst of it', () => {
		expect(redactor('1234567')({ key: 1234567, n: 7 })).toEqual({ key: PLACEHOLDER, n: 7 });
		const redact = redactor('sk-abcdef-ghi');
		expect(redact('{"error": "bad key sk-abcdef-gh')).toBe(`{"error": "bad key ${PLACEHOLDER}`);
		expect(redact('bad sk-ab')).toBe('bad sk-ab');
	});
});

test.each(['', '   ', 'image'])('no key, or one as short as a word, is not replaced: %j', (key) => {
	const value = { text: 'image', nothing: '' };
	expect(redactor(key)(value)).toEqual(value);
});
