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

test.each([
	['prompt', { prompt: undefined }],
	['prompt', { prompt: '' }],
	['prompt', { prompt: 7 }],
	['prompt', { prompt: 'a'.repeat(32_001) }],
	['n', { n: 0 }],
	['n', { n: 11 }],
	['n', { n: 1.5 }],
	['n', { n: '1' }],
	['size', { size: '512x512' }],
	['quality', { quality: 'hd' }],
	['background', { background: 'white' }],
	['background', { background: 'transparent', output_format: 'jpeg' }],
	['output_format', { output_format: 'gif' }],
	['output_compression', { output_compression: 101, output_format: 'webp' }],
	['output_compression', { output_compression: 50 }],
	['moderation', { moderation: 'high' }],
	['user', { user: 7 }],
	['toString', { toString: 'x' }],
])('a wrong %s is refused: %j', (field, body) => {
	expect(refusals({ prompt, ...body })).toEqual([
		{ loc: ['body', field], msg: expect.any(String) },
	]);
});
