import fc from 'fast-check';
import { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import { createBody, durationKind } from '../../../nodes/GptImage1/service/requestBody';
import { refusals } from '../../service/contract';

/** What n8n's routing builds when the user has set nothing but the prompt. */
const untouched = { prompt: 'an apple', n: 1, size: 'auto', quality: 'auto' };

test('what was left at its default is not sent', () => {
	expect(createBody(untouched)).toEqual({ prompt: 'an apple' });
});

test('an output compression of 100, the default of the service, is not sent', () => {
	const body = { ...untouched, output_format: 'webp', output_compression: 100 };
	expect(createBody(body)).toEqual({ prompt: 'an apple', output_format: 'webp' });
});

test('an option that was added is sent, also where the service takes it by default', () => {
	const options = { background: 'auto', output_format: 'png', moderation: 'auto' };
	expect(createBody({ ...untouched, ...options })).toEqual({ prompt: 'an apple', ...options });
});

test.each([
	{ background: 'transparent', output_format: 'webp' },
	{ background: 'opaque', output_format: 'jpeg' },
])('accepted: %j', (options) => {
	expect(createBody({ ...untouched, ...options })).toEqual({ prompt: 'an apple', ...options });
});

test.each([undefined, null, ''])('an option left empty (%j) is not sent', (empty) => {
	const options = {
		background: empty,
		output_format: empty,
		output_compression: empty,
		moderation: empty,
		user: empty,
	};
	expect(createBody({ ...untouched, ...options })).toEqual({ prompt: 'an apple' });
});

test('numbers as text become numbers, and numbers text where text is asked for', () => {
	const body = { prompt: 7, n: ' 4 ', output_format: 'webp', output_compression: '0', user: 12 };
	expect(createBody({ ...untouched, ...body })).toEqual({
		prompt: '7',
		n: 4,
		output_format: 'webp',
		output_compression: 0,
		user: '12',
	});
});

test('a field that the service does not document is not sent', () => {
	expect(createBody({ ...untouched, model: 'x' })).toEqual({ prompt: 'an apple' });
});

test.each([32_000, 31_999])('a prompt of %d characters, emoji counting as one', (length) => {
	const prompt = '🍎'.repeat(length);
	expect(createBody({ ...untouched, prompt }).prompt).toBe(prompt);
});

test.each([
	{ prompt: '🍎'.repeat(32_001) },
	{ prompt: 'x'.repeat(32_001) },
	{ prompt: '\t' },
	{ n: '' },
	{ n: '1e1x' },
	{ n: 2.5 },
	{ size: undefined },
	{ quality: null },
	{ background: 'transparent', output_format: 'jpeg' },
	{ output_compression: 101 },
	{ output_compression: ' ', output_format: 'webp' },
	{ output_compression: 101, output_format: 'webp' },
	{ prompt: ['an apple'] },
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

test('tasks that differ in the prompt or the user alone are expected to take the same time', () => {
	const body = { prompt: 'an apple', n: 2, size: '1024x1024', user: 'me' };
	const kind = durationKind(body);
	expect(durationKind({ ...body, prompt: 'a pear', user: 'you' })).toBe(kind);
	expect(durationKind({ ...body, n: 3 })).not.toBe(kind);
	expect(durationKind({ ...body, quality: 'high' })).not.toBe(kind);
});
