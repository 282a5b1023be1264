import fc from 'fast-check';
import { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import { createBody, durationKind } from '../../../nodes/GptImage1/service/requestBody';
import { refusals } from '../../service/contract';

/** What n8n's routing builds when the user has set nothing but the prompt. */
const untouched = { prompt: 'an apple', n: 1, size: 'auto', quality: 'auto' };

const NONE = { background: '', output_format: null, moderation: undefined, user: '' };
const OPTIONS = { background: 'auto', output_format: 'png', moderation: 'auto' };
const OTHERS = { background: 'transparent', output_format: 'webp', output_compression: 0 };
const JPEG = { output_format: 'jpeg', background: 'opaque' };
const TEXTS = { prompt: 7, n: ' 4 ', output_format: 'webp', output_compression: '0', user: 12 };
const LONGEST = { prompt: '🍎'.repeat(32_000) };

test.each<[string, object, object]>([
	['what was left at its default is not sent', {}, {}],
	['an option is sent, also where the service takes it by default', OPTIONS, OPTIONS],
	['an option that is no default', OTHERS, OTHERS],
	["the service's default output compression is not", { ...JPEG, output_compression: 100 }, JPEG],
	['an option left empty is not sent', { ...NONE, output_compression: '' }, {}],
	['a field that the service does not document is not sent', { model: 'x' }, {}],
	[
		'numbers and texts are sent as such',
		TEXTS,
		{ ...TEXTS, prompt: '7', n: 4, output_compression: 0, user: '12' },
	],
	['a prompt of 32000 characters, emoji counting as one', LONGEST, LONGEST],
])('%s', (_what, change, sent) => {
	expect(createBody({ ...untouched, ...change })).toEqual({ prompt: 'an apple', ...sent });
});

test.each([
	...[{ prompt: '🍎'.repeat(32_001) }, { prompt: 'x'.repeat(32_001) }, { prompt: '\t' }],
	...[{ prompt: ['an apple'] }, { n: '' }, { n: '1e1x' }, { n: 2.5 }],
	...[{ size: undefined }, { quality: null }, { output_compression: 101 }],
	{ background: 'transparent', output_format: 'jpeg' },
	{ output_compression: ' ', output_format: 'webp' },
	{ output_compression: 101, output_format: 'webp' },
])('refused: %j', (change) => {
	expect(() => createBody({ ...untouched, ...change })).toThrow(TaskError);
});

test('whatever an expression yields is either refused here or accepted by the service', () => {
	const odd = fc.oneof(
		fc.string(),
		fc.double(),
		fc.integer({ min: -1, max: 12 }),
		fc.constantFrom(null, undefined, true, {}, [], '2'),
	);
	const some = (...fine: unknown[]) =>
		fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...fine) }, { weight: 1, arbitrary: odd });
	const built = fc.record(
		{
			prompt: some('an apple', '🍎'),
			n: some(1, 10, '3'),
			size: some('auto', '1024x1536'),
			quality: some('auto', 'high'),
			background: some('transparent', 'opaque', ''),
			output_format: some('png', 'jpeg', 'webp', ''),
			output_compression: some(0, 100, '', '50'),
			moderation: some('low', ''),
			user: some('me', ''),
		},
		{ requiredKeys: ['prompt', 'n', 'size', 'quality'] },
	);
	let accepted = 0;
	fc.assert(
		fc.property(built, (parameters) => {
			try {
				const body = createBody(parameters as never);
				accepted++;
				expect(refusals(JSON.parse(JSON.stringify(body)))).toEqual([]);
			} catch (error) {
				expect(error).toBeInstanceOf(TaskError);
				expect((error as TaskError).message).toMatch(/^'[A-Z][A-Za-z ]+' /);
			}
		}),
		{ numRuns: 3000, seed: 20251124 },
	);
	expect(accepted).toBeGreaterThan(200);
});

test.each([
	[{ prompt: 'a pear', user: 'you' }, true],
	[{ n: 3 }, false],
	[{ quality: 'high' }, false],
])('tasks that differ in %j are expected to take the same time: %j', (change, isSame) => {
	const body = { prompt: 'an apple', n: 2, size: '1024x1024', user: 'me' };
	expect(durationKind({ ...body, ...change }) === durationKind(body)).toBe(isSame);
});
