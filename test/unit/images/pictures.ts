import { randomFillSync } from 'node:crypto';
import sharp from 'sharp';
import type { ImageType } from '../../../nodes/GptImage1/images/imageType';

/** Pictures as real encoders write them, each with every structure that its format can have. */

const SIDE = 48;

/** Noise does not compress, so that the data are long and full of every byte. */
const noise = (alpha: boolean) =>
	sharp(randomFillSync(Buffer.alloc(SIDE * SIDE * (alpha ? 4 : 3))), {
		raw: { width: SIDE, height: SIDE, channels: alpha ? 4 : 3 },
	});

/** With a thumbnail in a segment of its own, as cameras write it. */
async function jpegWithThumbnail(progressive: boolean): Promise<Buffer> {
	const picture = await noise(false).jpeg({ progressive, quality: 90 }).toBuffer();
	const thumbnail = await noise(false).resize(16).jpeg().toBuffer();
	const body = Buffer.concat([Buffer.from('Exif\0\0'), thumbnail]);
	const segment = Buffer.from([0xff, 0xe1, 0, 0]);
	segment.writeUInt16BE(body.length + 2, 2);
	return Buffer.concat([picture.subarray(0, 2), segment, body, picture.subarray(2)]);
}

export type Picture = { name: string; type: ImageType; make: () => Promise<Buffer> };

const picture = (name: string, type: ImageType, make: () => Promise<Buffer>): Picture => ({
	name,
	type,
	make,
});

export const PICTURES: Picture[] = [
	picture('a PNG', 'png', () => noise(true).png().toBuffer()),
	picture('a PNG with a palette', 'png', () => noise(false).png({ palette: true }).toBuffer()),
	picture('an interlaced PNG with Exif', 'png', () =>
		noise(false)
			.withExif({ IFD0: { Copyright: 'IEND' } })
			.png({ progressive: true })
			.toBuffer(),
	),
	picture('a baseline JPEG', 'jpeg', () => noise(false).jpeg({ quality: 100 }).toBuffer()),
	picture('a baseline JPEG with a thumbnail', 'jpeg', () => jpegWithThumbnail(false)),
	picture('a progressive JPEG with a thumbnail', 'jpeg', () => jpegWithThumbnail(true)),
	picture('a lossy WebP', 'webp', () => noise(false).webp({ quality: 50 }).toBuffer()),
	picture('a lossless WebP', 'webp', () => noise(false).webp({ lossless: true }).toBuffer()),
	picture('an extended WebP', 'webp', () => noise(true).withExif({ IFD0: {} }).webp().toBuffer()),
];

/** A small red PNG. */
export const smallPng = async () =>
	await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
		.png()
		.toBuffer();
