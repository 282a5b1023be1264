import fc from 'fast-check';
import { FileNames, safeFileName } from '../../../nodes/GptImage1/images/fileName';

const SEEDED = { numRuns: 2000, seed: 24 };

describe('the name of a file', () => {
	const names = new FileNames();

	// In this order, of one execution.
	test.each([
		['mmsu_1', 0, 'png', 'mmsu_1_1.png'],
		['mmsu_1', 1, 'jpeg', 'mmsu_1_2.jpg'],
		['mmsu_1', 2, 'webp', 'mmsu_1_3.webp'],
		['mmsu_1', 1, 'png', 'mmsu_1_2-2.png'],
		['mmsu_1', 1, 'png', 'mmsu_1_2-3.png'],
		['b'.repeat(200), 0, 'png', `${'b'.repeat(80)}_1.png`],
	] as const)('of task %s, image %i, %s: %s', (requestId, index, type, name) => {
		expect(names.next(requestId, index, type)).toBe(name);
	});

	test('is plain, short and unique, whatever the request ID', () => {
		const made = new Set<string>();
		const long = fc.string({ maxLength: 300, size: 'max' });
		const odd = fc.oneof(long, fc.stringMatching(/^[ab]?[_/-]?[12]?$/));
		const rule = fc.property(odd, fc.nat(9), (requestId, index) => {
			const name = names.next(requestId, index, 'png');
			expect(name).toMatch(/^[A-Za-z0-9_-]{2,100}\.png$/);
			expect(made.has(name)).toBe(false);
			made.add(name);
		});
		fc.assert(rule, SEEDED);
	});
});

describe('a name that the service claims', () => {
	test.each([
		['output.png', 'output.png'],
		['../../etc/passwd', 'passwd'],
		['..\\..\\boot.ini', 'boot.ini'],
		['a\nb\r\u0000.png', 'a-b-.png'],
		['.hidden', 'hidden'],
		['..', 'image'],
		['', 'image'],
		['rote Äpfel 1.png', 'rote Äpfel 1.png'],
		[`${'a'.repeat(500)}.png`, `${'a'.repeat(116)}.png`],
	])('%j becomes %j', (claimed, plain) => expect(safeFileName(claimed)).toBe(plain));

	test('becomes a plain name, whatever is claimed', () => {
		const rule = fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (claimed) => {
			expect(safeFileName(claimed)).toMatch(/^(?!\.+$)[\p{L}\p{N} ._-]{1,120}$/u);
		});
		fc.assert(rule, SEEDED);
	});
});
