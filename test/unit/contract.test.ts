import { refusals, routeOf, withDefaults } from '../service/contract';

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
	['model', { model: 'x' }],
	['toString', { toString: 'x' }],
])('a wrong %s is refused: %j', (field, body) => {
	expect(refusals({ prompt, ...body })).toEqual([
		{ loc: ['body', field], msg: expect.any(String) },
	]);
});

test.each([[[]], ['x'], [null]])('a body that is no object is refused: %j', (body) => {
	expect(refusals(body)).toMatchObject([{ loc: ['body'] }]);
	expect(refusals({})).toMatchObject([{ loc: ['body', 'prompt'] }]);
});

test('what was left out has its default', () => {
	expect(withDefaults({ prompt, n: 2 })).toEqual({
		...{ prompt, n: 2, size: 'auto', quality: 'auto', background: 'auto', moderation: 'auto' },
		...{ output_format: 'png', output_compression: 100 },
	});
});

test.each([
	['', 'create', undefined],
	['/requests/mmsu_1/status', 'status', 'mmsu_1'],
	['/requests/mmsu_1/response', 'result', 'mmsu_1'],
	['/requests/mmsu_1/cancel', 'cancel', 'mmsu_1'],
	['/requests/mmsu_1', undefined, undefined],
	['/requests/mmsu_1/status/x', undefined, undefined],
])('the path …%s is the call %s', (path, call, id) => {
	const { call: found, id: named } = routeOf(`/v1/queue/gpt_image_1${path}`);
	expect([found, named]).toEqual([call, id]);
});
