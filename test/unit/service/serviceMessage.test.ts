import {
	requestIdForSupport,
	serviceMessage,
} from '../../../nodes/GptImage1/service/serviceMessage';

describe('serviceMessage', () => {
	test.each<[unknown, string | undefined]>([
		[{ detail: 'bad' }, 'bad'],
		[
			{ detail: [{ loc: ['body', 'n'], msg: 'too many' }, { msg: 'x' }, 'y', 7] },
			'body.n: too many; x; y',
		],
		[{ detail: [{ loc: 'n', msg: 'm' }] }, 'n: m'],
		[{ detail: Array(21).fill('d') }, Array(20).fill('d').join('; ')],
		[{ detail: [{ loc: [{}, 'n'], msg: 'm' }] }, 'n: m'],
		[{ error: 'invalid_api_key' }, 'invalid_api_key'],
		[{ error: { code: 'X', message: 'bad' } }, 'bad'],
		[
			{ status: { code: 402, message: 'Insufficient credits' }, data: null },
			'Insufficient credits',
		],
		[{ message: 'bad' }, 'bad'],
		['<html><head><title>502 Bad\nGateway</title></head><p>x</p>', '502 Bad Gateway'],
		['<html><body><h1>Sign</h1> <b>in</b></body></html>', 'Sign in'],
		['plain text', 'plain text'],
		['', undefined],
		[{}, undefined],
		[[], undefined],
		[null, undefined],
		[{ detail: 'x'.repeat(2000) }, `${'x'.repeat(999)}…`],
		['x'.repeat(2000), `${'x'.repeat(999)}…`],
		[{ error: 'one\ntwo\u0000\u2028three \t four' }, 'one two three four'],
		['<title></title><p>Sign in', 'Sign in'],
		['<title> \n </title><p>Sign in', 'Sign in'],
		['<TITLE>502</TITLE>', '502'],
		['<p>Sign</p><p>in</p>', 'Sign in'],
		['Bad gateway <a href="https', 'Bad gateway'],
		[`a${' '.repeat(5000)}b`, 'a'],
		[{ detail: ` ${'x'.repeat(1000)} ` }, 'x'.repeat(1000)],
	])('%j', (body, message) => expect(serviceMessage(body)).toBe(message));
});

test('requestIdForSupport: the ID beside an error names the call', () => {
	expect(requestIdForSupport({ error: 'x', request_id: 'gw_1' })).toBe('gw_1');
	expect(requestIdForSupport({ request_id: 'mmsu_1' })).toBeUndefined();
	expect(requestIdForSupport('x')).toBeUndefined();
	expect(requestIdForSupport({ error: 'x', request_id: `a\n${'b'.repeat(500)}` })).toMatch(
		/^a b{97}…$/,
	);
});

/** On a megabyte a pattern that is worse than linear takes minutes, and so the test's time is up. */
describe('a message is bounded, whatever a megabyte consists of', () => {
	const MB = 1_000_000;
	test.each<[string, (length: number) => unknown]>([
		["'<'", (length) => '<'.repeat(length)],
		["'<title>'", (length) => '<title>'.repeat(length / 7)],
		['an open title', (length) => `<title>${'x'.repeat(length)}`],
		['blanks', (length) => `a${' '.repeat(length)}b`],
		['blanks in a title', (length) => `<title>${'\n '.repeat(length / 2)}x</title>`],
		['tags', (length) => '<b>'.repeat(length / 3)],
		['a detail of one text', (length) => ({ detail: 'x \n'.repeat(length / 3) })],
		[
			'a detail of many entries',
			(length) => ({ detail: Array(length).fill({ loc: ['a'], msg: 'b' }) }),
		],
		['a long loc', (length) => ({ detail: [{ loc: Array(length).fill('a'), msg: 'b' }] })],
		['a long message', (length) => ({ error: { message: '<'.repeat(length) } })],
	])('%s', (_what, page) => {
		const message = serviceMessage(page(MB)) ?? '';
		expect(message.length).toBeLessThanOrEqual(1000);
		expect(message).not.toMatch(/[\n\r\t\u2028]/);
	});
});
