import fc from 'fast-check';
import sharp from 'sharp';
import { ImageEnd } from '../../../nodes/GptImage1/images/imageEnd';
import type { ImageType } from '../../../nodes/GptImage1/images/imageType';
import { PICTURES, smallPng } from './pictures';

/** One seed for all, so that a failure comes back. */
const SEEDED = { seed: 24, numRuns: 300 };

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

/** Its end is the last of the bytes, one by one and all at once. */
function expectEndOf(type: ImageType, bytes: Uint8Array): void {
	for (const lengths of [[1], [65_536]]) {
		expect(hasEnd(type, bytes, lengths)).toBe(true);
		expect(hasEnd(type, bytes.subarray(0, -1), lengths)).toBe(false);
	}
}

/** Positions at which a cut is tried, those of the first and last bytes more often. */
const position = (length: number) =>
	fc.oneof(
		fc.nat(length - 1),
		fc.nat(40).map((at) => Math.min(at, length - 1)),
		fc.nat(40).map((at) => Math.max(0, length - 1 - at)),
	);

const pieces = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 });

describe.each(PICTURES)('$name', ({ type, make }) => {
	let bytes: Buffer;
	beforeAll(async () => {
		bytes = await make();
	});

	test('is a picture that a decoder reads', async () => {
		expect(await sharp(bytes).metadata()).toMatchObject({ format: type, width: 48, height: 48 });
	});

	test('has no end if cut anywhere, however the bytes are cut into pieces', () => {
		fc.assert(
			fc.property(position(bytes.length), pieces, (length, lengths) => {
				expect(hasEnd(type, bytes.subarray(0, length), lengths)).toBe(false);
			}),
			SEEDED,
		);
	});

	test('has its end whatever follows, however the bytes are cut into pieces', () => {
		const trailing = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(bytes));
		fc.assert(
			fc.property(trailing, pieces, (more, lengths) => {
				expect(hasEnd(type, Buffer.concat([bytes, more]), lengths)).toBe(true);
			}),
			SEEDED,
		);
	});
});

describe('a JPEG', () => {
	let baseline: Buffer;
	beforeAll(async () => {
		const canvas = sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } });
		baseline = await canvas.jpeg().toBuffer();
	});

	test.each<[string, number[]]>([
		['padded markers', [0xff, 0xff, 0xff, 0xff]],
		['an end marker in a comment', [0xff, 0xfe, 0, 4, 0xff, 0xd9]],
		['an empty comment', [0xff, 0xfe, 0, 2]],
		['markers without a length', [0xff, 0x01, 0xff, 0xd0, 0xff, 0xd7, 0xff, 0x00]],
		['a length of 0, too small for itself', [0xff, 0xfe, 0, 0, 0xff, 0xfe, 0, 4, 0xff, 0xd9]],
		['a length of 1', [0xff, 0xfe, 0, 1, 0xff, 0xfe, 0, 4, 0xff, 0xd9]],
	])('may have %s', (_what, inserted) => {
		const start = baseline.subarray(0, 2);
		expectEndOf('jpeg', Buffer.concat([start, Buffer.from(inserted), baseline.subarray(2)]));
	});

	test('whose end marker is padded ends with it', () => {
		const padded = Buffer.concat([baseline.subarray(0, -2), Buffer.from([0xff, 0xff, 0xff, 0xd9])]);
		expectEndOf('jpeg', padded);
	});
});

test('a PNG whose data contain an end chunk does not end there', async () => {
	const png = await smallPng();
	const text = Buffer.from('\0\0\0\x10tEXt\0\0\0\0IEND\xae\x42\x60\x820000CRC!', 'latin1');
	const bytes = Buffer.concat([png.subarray(0, 33), text, png.subarray(33)]);
	expectEndOf('png', bytes);
});

test.each<[ImageType, string]>([
	['png', '0000000000000000 ffffffff 49454e44'],
	['png', '0000000000000000 ffffffff 61626364 000000 00000000 49454e44'],
	['webp', '52494646 ffffffff 57454250 ff'],
])('lengths of 4 GB are taken as they are: %s %s', (type, hex) => {
	const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
	expect(hasEnd(type, Buffer.concat([bytes, Buffer.alloc(1000)]), [65_536])).toBe(false);
});
