import fc from 'fast-check';
import { redactor } from '../../../nodes/GptImage1/service/redact';

const KEY = 'sk-"a\\b"/ü&<c> d\'+e%';
const PLACEHOLDER = '[the API key]';

const HTML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const html = (text: string) => text.replace(/[&<>"']/g, (sign) => HTML[sign as keyof typeof HTML]);
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const ascii = (text: string) =>
	text.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const SPELLINGS: Array<[string, (key: string) => string]> = [
	['as it is', (key) => key],
	['in JSON', json],
	['in JSON within JSON', (key) => json(json(key))],
	['in JSON of ASCII alone', (key) => ascii(json(key))],
	['in JSON with escaped slashes', (key) => json(key).replace(/\//g, '\\/')],
	['in a URL', encodeURIComponent],
	[
		'in a URL in lower case',
		(key) => encodeURIComponent(key).replace(/%../g, (c) => c.toLowerCase()),
	],
	['in a form', (key) => encodeURIComponent(key).replace(/%20/g, '+')],
	['in HTML', html],
];

describe('the key is replaced', () => {
	test.each(SPELLINGS)('%s', (_how, spell) => {
		expect(redactor(KEY)(`the key ${spell(KEY)}, twice: ${spell(KEY)}`)).toBe(
			`the key ${PLACEHOLDER}, twice: ${PLACEHOLDER}`,
		);
	});

	test('in names and values, at any depth', () => {
		const redact = redactor('abcdef');
		const logs = [{ message: 'abcdef' }, ['x-abcdef']];
		expect(redact({ logs, 'x-abcdef': { n: 1, none: null } })).toEqual({
			logs: [{ message: PLACEHOLDER }, [`x-${PLACEHOLDER}`]],
			[`x-${PLACEHOLDER}`]: { n: 1, none: null },
		});
	});

	test.each([
		[
			'in capitals, in which the node itself writes status words',
			'abc-def',
			'ABC-DEF',
			PLACEHOLDER,
		],
		['without its blanks, which are not sent', ' abcdef\n', '<abcdef>', `<${PLACEHOLDER}>`],
		['without what no header can carry', 'abc\u200bdef', '<abcdef>', `<${PLACEHOLDER}>`],
		['as the longest of its spellings', 'abcdef\\', '"abcdef\\\\"', `"${PLACEHOLDER}"`],
		['with signs that mean something in a pattern', '$&.*(x)', '<$&.*(x)>', `<${PLACEHOLDER}>`],
	])('%s', (_how, key, text, redacted) => expect(redactor(key)(text)).toBe(redacted));

	test('any key, in any spelling', () => {
		const key = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 });
		const known = key.filter(
			(text) => text.trim().length >= 6 && !PLACEHOLDER.includes(text.trim()),
		);
		fc.assert(
			fc.property(known, fc.constantFrom(...SPELLINGS), (text, [, spell]) => {
				expect(redactor(text)(`<<<${spell(text.trim())}>>>`)).toContain(PLACEHOLDER);
			}),
			{ numRuns: 1000, seed: 7 },
		);
	});
});

describe('everything else stays as it is', () => {
	test.each(['', '   ', 'image'])('with no key, or one as short as a word: %j', (key) => {
		const value = { text: 'image', nothing: '' };
		expect(redactor(key)(value)).toBe(value);
	});

	test('a name that JavaScript keeps for itself', () => {
		const value: unknown = JSON.parse('{"__proto__": {"x": 1}}');
		expect(JSON.stringify(redactor('abcdef')(value))).toBe('{"__proto__":{"x":1}}');
	});

	test('down to a depth that no response has', () => {
		let value: unknown = 'abcdef';
		for (let depth = 0; depth < 50_000; depth++) value = [{ value }];
		expect(JSON.stringify(redactor('abcdef')(value))).not.toContain('abcdef');
	});
});
