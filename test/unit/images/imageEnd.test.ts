import { randomFillSync } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { ImageEnd } from '../../../nodes/GptImage1/images/imageEnd';
import { HEAD_BYTES, imageTypeOf } from '../../../nodes/GptImage1/images/imageType';
import type { ImageType } from '../../../nodes/GptImage1/images/imageType';
import { PNG } from './imageHost';

/** Whether the end is found in the bytes, cut into pieces of these lengths, over and over. */
function hasEnd(type: ImageType, bytes: Uint8Array, lengths: number[]): boolean {
	const end = new ImageEnd(type);
	for (let at = 0, piece = 0; at < bytes.length; piece++) {
		const length = lengths[piece % lengths.length]!;
		end.push(bytes.subarray(at, at + length));
		at += length;
	}
	return end.found;
}

const SIDE = 48;

/** Noise does not compress, so that the data are long and full of every byte. */
function noise(channels: 3 | 4) {
	const raw = { width: SIDE, height: SIDE, channels };
	return sharp(randomFillSync(Buffer.alloc(SIDE * SIDE * channels)), { raw });
}

/** With a thumbnail in a segment of its own, as cameras write it. */
async function jpegWithThumbnail(progressive: boolean): Promise<Buffer> {
	const picture = await noise(3).jpeg({ progressive, quality: 90 }).toBuffer();
	const thumbnail = await noise(3).resize(16).jpeg().toBuffer();
	const body = Buffer.concat([Buffer.from('Exif\0\0'), thumbnail]);
	const segment = Buffer.from([0xff, 0xe1, 0, 0]);
	segment.writeUInt16BE(body.length + 2, 2);
	return Buffer.concat([picture.subarray(0, 2), segment, body, picture.subarray(2)]);
}

const EXIF = { IFD0: { Copyright: 'IEND' } };

/** As real encoders write them, each with every structure that its format can have. */
describe.each<[string, ImageType, () => Promise<Buffer>]>([
	['a PNG', 'png', () => noise(4).png().toBuffer()],
	['a PNG with a palette', 'png', () => noise(3).png({ palette: true }).toBuffer()],
	['an interlaced one', 'png', () => noise(3).withExif(EXIF).png({ progressive: true }).toBuffer()],
	['a baseline JPEG', 'jpeg', () => noise(3).jpeg({ quality: 100 }).toBuffer()],
	['a baseline JPEG with a thumbnail', 'jpeg', () => jpegWithThumbnail(false)],
	['a progressive JPEG with a thumbnail', 'jpeg', () => jpegWithThumbnail(true)],
	['a lossy WebP', 'webp', () => noise(3).webp({ quality: 50 }).toBuffer()],
	['a lossless WebP', 'webp', () => noise(3).webp({ lossless: true }).toBuffer()],
	['an extended WebP', 'webp', () => noise(4).withExif(EXIF).webp().toBuffer()],
])('%s', (_name, type, make) => {
	let bytes: Buffer;
	beforeAll(async () => void (bytes = await make()));

	const pieces = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 });
	/** Whether it is found, however the bytes are cut into pieces. */
	const holds = <T>(given: fc.Arbitrary<T>, bytesOf: (given: T) => Uint8Array, hasIt: boolean) => {
		const rule = fc.property(given, pieces, (one, lengths) => {
			expect(hasEnd(type, bytesOf(one), lengths)).toBe(hasIt);
		});
		fc.assert(rule, { seed: 24, numRuns: 300 });
	};

	test('is known by its first bytes, and a decoder reads it', async () => {
		expect(imageTypeOf(bytes.subarray(0, HEAD_BYTES))).toBe(type);
		expect(await sharp(bytes).metadata()).toMatchObject({ format: type, width: SIDE });
	});

	test('has no end if cut anywhere', () => {
		const last = bytes.length - 1;
		// The first and the last bytes are more likely to tell.
		const near = [fc.nat(40), fc.nat(40).map((at) => last - at)];
		holds(fc.oneof(fc.nat(last), ...near), (length) => bytes.subarray(0, length), false);
	});

	test('has its end whatever follows', () => {
		const trailing = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(bytes));
		holds(trailing, (more) => Buffer.concat([bytes, more]), true);
	});
});

const PADDED_END = '\xff\xff\xff\xd9';
const END_IN_TEXT = '\0\0\0\x10tEXt\0\0\0\0IEND\xae\x42\x60\x820000CRC!';
const END_IN_COMMENT = '\xff\xfe\0\x04\xff\xd9';

test.each<[string, ImageType, number, string, number?]>([
	['a PNG with the bytes of an end chunk in its data', 'png', 33, END_IN_TEXT],
	['a JPEG with padded markers', 'jpeg', 2, '\xff\xff\xff\xff'],
	['a JPEG with an end marker in a comment', 'jpeg', 2, END_IN_COMMENT],
	['a JPEG with an empty comment', 'jpeg', 2, '\xff\xfe\0\x02'],
	['a JPEG with markers without a length', 'jpeg', 2, '\xff\x01\xff\xd0\xff\xd7\xff\0'],
	['a JPEG with a length of 0', 'jpeg', 2, `\xff\xfe\0\0${END_IN_COMMENT}`],
	['a JPEG with a length of 1', 'jpeg', 2, `\xff\xfe\0\x01${END_IN_COMMENT}`],
	['a JPEG with a padded end marker', 'jpeg', -2, PADDED_END, 0],
])('%s ends with its last byte', async (_what, type, at, inserted, rest = at) => {
	const picture = type === 'png' ? PNG : await sharp(PNG).jpeg().toBuffer();
	const end = rest === 0 ? Buffer.alloc(0) : picture.subarray(rest);
	const bytes = Buffer.concat([picture.subarray(0, at), Buffer.from(inserted, 'latin1'), end]);
	for (const lengths of [[1], [65_536]]) {
		expect(hasEnd(type, bytes, lengths)).toBe(true);
		expect(hasEnd(type, bytes.subarray(0, -1), lengths)).toBe(false);
	}
});

test('a JPEG that was cut and then sent again has no end', async () => {
	// Longer than any segment, so that no length that is misread skips the rest.
	const picture = await noise(3).resize(600).jpeg({ quality: 100 }).toBuffer();
	const bytes = Buffer.concat([picture.subarray(0, picture.length / 2), picture]);
	expect(picture.length).toBeGreaterThan(3 * 65_535);
	expect(hasEnd('jpeg', bytes, [1000])).toBe(false);
});

test.each<[ImageType, string]>([
	['png', '0000000000000000 ffffffff 49454e44'],
	['png', '0000000000000000 ffffffff 61626364 000000 00000000 49454e44'],
	['webp', '52494646 ffffffff 57454250 ff'],
])('lengths of 4 GB are taken as they are: %s %s', (type, hex) => {
	const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
	expect(hasEnd(type, Buffer.concat([bytes, Buffer.alloc(1000)]), [65_536])).toBe(false);
});
