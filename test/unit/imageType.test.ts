import fc from 'fast-check';
import sharp from 'sharp';
import { fileNameFor, safeFileName } from '../../nodes/GptImage1/images/fileName';
import {
	describeOther,
	HEAD_BYTES,
	imageTypeOf,
	isWhole,
	TAIL_BYTES,
} from '../../nodes/GptImage1/images/imageType';
import type { ImageType } from '../../nodes/GptImage1/images/imageType';

const canvas = (alpha: number) =>
	sharp({
		create: { width: 23, height: 17, channels: 4, background: { r: 9, g: 99, b: 200, alpha } },
	});

/** Pictures as real encoders write them. */
const PICTURES: Array<[string, ImageType, () => Promise<Buffer>]> = [
	['a PNG', 'png', async () => await canvas(0.5).png().toBuffer()],
	['a PNG with a palette', 'png', async () => await canvas(1).png({ palette: true }).toBuffer()],
	['a JPEG', 'jpeg', async () => await canvas(1).jpeg({ quality: 1 }).toBuffer()],
	[
		'a progressive JPEG',
		'jpeg',
		async () => await canvas(1).jpeg({ progressive: true }).toBuffer(),
	],
	['a WebP', 'webp', async () => await canvas(1).webp({ quality: 50 }).toBuffer()],
	[
		'a lossless WebP with alpha',
		'webp',
		async () => await canvas(0).webp({ lossless: true }).toBuffer(),
	],
];

const head = (bytes: Buffer) => bytes.subarray(0, HEAD_BYTES);
const tail = (bytes: Buffer) => bytes.subarray(-TAIL_BYTES);
const whole = (type: ImageType, bytes: Buffer) =>
	isWhole(type, head(bytes), tail(bytes), bytes.length);

describe.each(PICTURES)('%s', (_name, type, make) => {
	test('is known by its first bytes, and whole', async () => {
		const bytes = await make();
		expect(imageTypeOf(head(bytes))).toBe(type);
		expect(whole(type, bytes)).toBe(true);
	});

	test('cut off at any byte, it is not whole, or not known', async () => {
		const bytes = await make();
		for (let length = 0; length < bytes.length; length++) {
			const part = bytes.subarray(0, length);
			const taken = imageTypeOf(head(part)) === type && whole(type, part);
			expect([length, taken]).toEqual([length, false]);
		}
	});
});

test('a JPEG with a few bytes of padding is whole', async () => {
	const bytes = await canvas(1).jpeg().toBuffer();
	expect(whole('jpeg', Buffer.concat([bytes, Buffer.alloc(4)]))).toBe(true);
});

test('a WebP with its byte of padding is whole, with more or less it is not', async () => {
	const bytes = await canvas(1).webp().toBuffer();
	expect(whole('webp', Buffer.concat([bytes, Buffer.alloc(1)]))).toBe(true);
	expect(whole('webp', Buffer.concat([bytes, Buffer.alloc(2)]))).toBe(false);
});

test.each([
	['HTML', Buffer.from('<!doctype html><html>')],
	['GIF', Buffer.from('GIF89a..........')],
	['a RIFF that is no WebP', Buffer.from('RIFF\0\0\0\0WAVEfmt ')],
	['too few bytes', Buffer.from([0x89, 0x50])],
	['JSON', Buffer.from('{"detail":"gone"}')],
	['nothing', Buffer.alloc(0)],
])('%s is no image', (_name, bytes) => expect(imageTypeOf(bytes)).toBeUndefined());

test('what was sent instead', () => {
	expect(describeOther(Buffer.alloc(0), 'image/png')).toBe('the image host sent nothing');
	expect(describeOther(Buffer.from(' \n<html>'), 'image/png')).toBe(
		'the image host sent a page and not an image',
	);
	expect(describeOther(Buffer.from('GIF89a'), 'image/gif')).toContain('(image/gif)');
	expect(describeOther(Buffer.from('GIF89a'), undefined)).toContain('(of unknown type)');
});

describe('fileNameFor', () => {
	test('ends in the extension of what the bytes are', () => {
		const name = (type: ImageType) => fileNameFor('mmsu_1', 0, type, new Set());
		expect((['png', 'jpeg', 'webp'] as const).map(name)).toEqual([
			...['mmsu_1_1.png', 'mmsu_1_1.jpg', 'mmsu_1_1.webp'],
		]);
	});

	test('is plain, short and unique, whatever the id', () => {
		const taken = new Set<string>();
		let made = 0;
		fc.assert(
			fc.property(fc.string({ maxLength: 300 }), fc.nat(9), (requestId, index) => {
				const name = fileNameFor(requestId, index, 'png', taken);
				expect(name).toMatch(/^[A-Za-z0-9_-]{2,100}\.png$/);
				expect(taken.size).toBe(++made);
			}),
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
			{ numRuns: 2000 },
		);
	});
});
