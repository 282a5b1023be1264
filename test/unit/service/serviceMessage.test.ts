import * as read from '../../../nodes/GptImage1/service/serviceMessage';

test.each<[unknown, string | undefined]>([
	[{ detail: 'bad' }, 'bad'],
	[{ detail: [{ loc: ['body', 'n'], msg: 'bad' }, { msg: 'x' }, 'y', 7] }, 'body.n: bad; x; y'],
	[{ detail: [{ loc: 'n', msg: 'm' }] }, 'n: m'],
	[{ detail: Array(21).fill('d') }, Array(20).fill('d').join('; ')],
	[{ detail: [{ loc: [{}, 'n'], msg: 'm' }] }, 'n: m'],
	[{ error: 'invalid_api_key' }, 'invalid_api_key'],
	[{ error: { code: 'X', message: 'bad' } }, 'bad'],
	[{ status: { code: 402, message: 'No credits' }, data: null }, 'No credits'],
	[{ message: 'bad' }, 'bad'],
	['<html><head><title>502 Bad\nGateway</title></head><p>x</p>', '502 Bad Gateway'],
	['<html><body><h1>Sign</h1> <b>in</b></body></html>', 'Sign in'],
	['plain text', 'plain text'],
	...['', {}, [], null].map((nothing): [unknown, undefined] => [nothing, undefined]),
	[{ detail: 'x'.repeat(2000) }, `${'x'.repeat(999)}…`],
	['x'.repeat(2000), `${'x'.repeat(999)}…`],
	[{ error: 'one\ntwo\u0000\u2028three \t four' }, 'one two three four'],
	['<title> \n </title><p>Sign in', 'Sign in'],
	['<TITLE>502</TITLE>', '502'],
	['<p>Sign</p><p>in</p>', 'Sign in'],
	['Bad gateway <a href="https', 'Bad gateway'],
	[`a${' '.repeat(5000)}b`, 'a'],
	[{ detail: ` ${'x'.repeat(1000)} ` }, 'x'.repeat(1000)],
])('the message in %j', (body, message) => expect(read.serviceMessage(body)).toBe(message));

test.each([
	[{ error: 'x', request_id: 'gw_1' }, 'gw_1'],
	[{ request_id: 'mmsu_1' }, undefined],
	['x', undefined],
	[{ error: 'x', request_id: `a\n${'b'.repeat(500)}` }, `a ${'b'.repeat(97)}…`],
])('the ID beside an error names the call: %j', (body, id) => {
	expect(read.requestIdForSupport(body)).toBe(id);
});

/** With a pattern that is worse than linear it takes minutes, and so the test's time is up. */
describe('a message is bounded, whatever a megabyte consists of', () => {
	const MB = 1_000_000;
	const a = (part: string) => part.repeat(MB / part.length);

	test.each<[string, unknown]>([
		["'<'", a('<')],
		["'<title>'", a('<title>')],
		['an open title', `<title>${a('x')}`],
		['blanks', `a${a(' ')}b`],
		['blanks in a title', `<title>${a('\n ')}x</title>`],
		['tags', a('<b>')],
		['a detail of one text', { detail: a('x \n') }],
		['a detail of many entries', { detail: Array(MB).fill({ loc: ['a'], msg: 'b' }) }],
		['a long loc', { detail: [{ loc: Array(MB).fill('a'), msg: 'b' }] }],
		['a long message', { error: { message: a('<') } }],
	])('%s', (_what, page) => expect(read.serviceMessage(page) ?? '').toMatch(/^.{0,1000}$/));
});
