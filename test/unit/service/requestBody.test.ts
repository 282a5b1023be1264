import { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import { createBody, durationKind } from '../../../nodes/GptImage1/service/requestBody';
import { refusals } from '../../service/contract';

/** What n8n's routing builds when the user has set nothing but the prompt. */
const untouched = { prompt: 'an apple', n: 1, size: 'auto', quality: 'auto' };

const NONE = { background: '', output_format: null, moderation: undefined, user: '' };
const OPTIONS = { background: 'auto', output_format: 'png', moderation: 'auto' };
const OTHERS = { background: 'transparent', output_format: 'webp', output_compression: 0 };
const PNG = { output_format: 'png' };
const JPEG = { output_format: 'jpeg', background: 'opaque' };
const TEXTS = { prompt: 7, n: ' 4 ', output_format: 'webp', output_compression: '0', user: 12 };
const AS_SUCH = { ...TEXTS, prompt: '7', n: 4, output_compression: 0, user: '12' };
const PROMPTS = ['🍎'.repeat(32_001), 'x'.repeat(32_001), '\t', ['a'], true, NaN];
const LONGEST = { prompt: '🍎'.repeat(32_000) };

test.each<[string, object, object]>([
	['what was left at its default is not sent', {}, {}],
	['an option is sent, also where the service takes it by default', OPTIONS, OPTIONS],
	['an option that is no default', OTHERS, OTHERS],
	["the service's default output compression is not", { ...JPEG, output_compression: 100 }, JPEG],
	['a PNG has no compression', { output_compression: 80 }, {}],
	['one that is asked for has none either', { ...PNG, output_compression: 80 }, PNG],
	['an option left empty is not sent', { ...NONE, output_compression: '' }, {}],
	['a field that the service does not document is not sent', { model: 'x' }, {}],
	['numbers and texts are sent as such', TEXTS, AS_SUCH],
	['a prompt of 32000 characters, emoji counting as one', LONGEST, LONGEST],
])('%s', (_what, change, sent) => {
	const body = createBody({ ...untouched, ...change });
	expect(body).toEqual({ prompt: 'an apple', ...sent });
	expect(refusals(body)).toEqual([]);
});

test.each([
	...PROMPTS.map((prompt) => ({ prompt })),
	...['', '1e1x', 2.5, 0, 11, null, true, [2], {}].map((n) => ({ n })),
	...[undefined, null, '', '512x512', 1, ['auto']].map((size) => ({ size })),
	...[undefined, null, '', 'best'].map((quality) => ({ quality })),
	...[-1, 101, 0.5, ' ', true].map((output_compression) => ({ output_compression })),
	...[{ background: 'white' }, { output_format: 'gif' }, { moderation: 'off' }, { user: true }],
	{ background: 'transparent', output_format: 'jpeg' },
	{ output_compression: 101, output_format: 'webp' },
])('refused: %j', (change) => {
	expect(() => createBody({ ...untouched, ...change })).toThrow(TaskError);
});

test.each([
	[{ prompt: 'a pear', user: 'you' }, true],
	[{ n: 3 }, false],
	[{ quality: 'high' }, false],
])('tasks that differ in %j are expected to take the same time: %j', (change, isSame) => {
	const body = { prompt: 'an apple', n: 2, size: '1024x1024', user: 'me' };
	expect(durationKind({ ...body, ...change }) === durationKind(body)).toBe(isSame);
});
