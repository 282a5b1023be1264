import type { Random } from './random';

/** The bytes of small images that are whole in the eyes of their formats. */

export type Format = 'png' | 'jpeg' | 'webp';

const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_END = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

/**
 * @param label makes the bytes those of this image alone
 * @param followed whether bytes that mean nothing lie behind its end
 */
export function imageBytes(
	format: Format,
	label: string,
	random: Random,
	followed = false,
): Buffer {
	const bytes = wholeImage(format, label, random);
	return followed ? Buffer.concat([bytes, Buffer.alloc(random.whole(1, 5_000))]) : bytes;
}

function wholeImage(format: Format, label: string, random: Random): Buffer {
	const filling = Buffer.alloc(random.whole(8, 3000), random.whole(1, 200));
	const inside = Buffer.concat([Buffer.from(`<${label}>`), filling]);
	switch (format) {
		case 'png':
			return Buffer.concat([
				Buffer.from(PNG_START),
				pngChunk('IDAT', inside),
				Buffer.from(PNG_END),
			]);
		case 'jpeg':
			return Buffer.concat([
				Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0]),
				inside,
				Buffer.from([0xff, 0xd9]),
			]);
		case 'webp': {
			const size = Buffer.alloc(4);
			size.writeUInt32LE(inside.length + 4);
			return Buffer.concat([Buffer.from('RIFF'), size, Buffer.from('WEBP'), inside]);
		}
	}
}

function pngChunk(type: string, data: Buffer): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
}

/** The same bytes in pieces, as a network would break them; the first may be very short. */
export function pieces(bytes: Buffer, random: Random): Buffer[] {
	const cuts = Array.from({ length: random.whole(0, 4) }, () =>
		random.chance(0.3) ? random.whole(1, 11) : random.whole(1, bytes.length),
	);
	const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
	return places
		.slice(1)
		.map((end, index) => bytes.subarray(places[index], end))
		.filter((piece) => piece.length > 0);
}
