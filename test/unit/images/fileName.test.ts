import fc from 'fast-check';
import { FileNames, safeFileName } from '../../../nodes/GptImage1/images/fileName';
import type { ImageType } from '../../../nodes/GptImage1/images/imageType';

describe('FileNames', () => {
	test('ends in the extension of what the bytes are', () => {
		const name = (type: ImageType) => new FileNames().next('mmsu_1', 0, type);
		expect((['png', 'jpeg', 'webp'] as const).map(name)).toEqual([
			...['mmsu_1_1.png', 'mmsu_1_1.jpg', 'mmsu_1_1.webp'],
		]);
	});

	test('numbers the copies of a name, of which 80 characters are the request ID', () => {
		const names = new FileNames();
		expect([1, 2, 3].map(() => names.next('a', 1, 'png'))).toEqual([
			...['a_2.png', 'a_2-2.png', 'a_2-3.png'],
		]);
		expect(names.next('a', 0, 'png')).toBe('a_1.png');
		expect(names.next('b'.repeat(200), 0, 'png')).toBe(`${'b'.repeat(80)}_1.png`);
	});

	test('is plain, short and unique, whatever the request ID', () => {
		const names = new FileNames();
		const made = new Set<string>();
		const odd = fc.oneof(
			fc.string({ maxLength: 300, size: 'max' }),
			fc.stringMatching(/^[ab]?[_/-]?[12]?$/),
		);
		fc.assert(
			fc.property(odd, fc.nat(9), (requestId, index) => {
				const name = names.next(requestId, index, 'png');
				expect(name).toMatch(/^[A-Za-z0-9_-]{2,100}\.png$/);
				expect(made.has(name)).toBe(false);
				made.add(name);
			}),
			{ numRuns: 2000, seed: 24 },
		);
	});
});

describe('safeFileName', () => {
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

	test('is a plain name, whatever is claimed', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (claimed) => {
				const name = safeFileName(claimed);
				expect(name).toMatch(/^[\p{L}\p{N} ._-]{1,120}$/u);
				expect(name).not.toMatch(/^\.+$/);
			}),
			{ numRuns: 2000, seed: 24 },
		);
	});
});
