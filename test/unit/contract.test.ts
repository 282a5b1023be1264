import { refusals } from '../service/contract';

/** What the modelled service takes and refuses: a model that takes anything would prove nothing. */

const prompt = 'a red apple';

test.each([
	{ n: 10, size: '1536x1024', quality: 'high', background: 'opaque', moderation: 'low' },
	{ output_format: 'webp', background: 'transparent', output_compression: 0, user: 'me' },
	{ prompt: '🍎'.repeat(32_000), output_format: 'jpeg', output_compression: 100 },
])('a body is accepted (%#)', (body) => {
	expect(refusals({ prompt, ...body })).toEqual([]);
});

const wrongly = (field: string, ...values: unknown[]) =>
	values.map((value): [string, object] => [field, { [field]: value }]);

test.each<[string, object]>([
	...wrongly('prompt', undefined, '', 7, 'a'.repeat(32_001)),
	...wrongly('n', 0, 11, 1.5, '1'),
	...wrongly('size', '512x512'),
	...wrongly('quality', 'hd'),
	...wrongly('background', 'white'),
	['background', { background: 'transparent', output_format: 'jpeg' }],
	...wrongly('output_format', 'gif'),
	['output_compression', { output_compression: 101, output_format: 'webp' }],
	...wrongly('output_compression', 50),
	...wrongly('moderation', 'high'),
	...wrongly('user', 7),
	...wrongly('toString', 'x'),
])('a wrong %s is refused: %j', (field, body) => {
	const refusal = { loc: ['body', field], msg: expect.any(String) };
	expect(refusals({ prompt, ...body })).toEqual([refusal]);
});
