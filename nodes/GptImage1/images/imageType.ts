/** What the bytes are, whatever an answer claims. Only the three types that the contract knows. */

export type ImageType = 'jpeg' | 'png' | 'webp';

export const EXTENSIONS: Record<ImageType, string> = { jpeg: 'jpg', png: 'png', webp: 'webp' };

/** So many bytes at the start, and at the end, tell a type and that nothing is missing. */
export const HEAD_BYTES = 12;
export const TAIL_BYTES = 16;

const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_END = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];
const JPEG_START = [0xff, 0xd8, 0xff];

const startsWith = (bytes: Uint8Array, start: readonly number[], at = 0) =>
	start.every((byte, index) => bytes[at + index] === byte);

const ascii = (bytes: Uint8Array, from: number, to: number) =>
	String.fromCharCode(...bytes.subarray(from, to));

/** @param head the first bytes, `HEAD_BYTES` of them where there are so many */
export function imageTypeOf(head: Uint8Array): ImageType | undefined {
	if (startsWith(head, PNG_START)) return 'png';
	if (startsWith(head, JPEG_START)) return 'jpeg';
	if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp';
	return undefined;
}

/**
 * Whether an image is there to its end. A connection that breaks is noticed by HTTP; this finds the
 * file that was cut before it was sent.
 *
 * @param tail the last bytes, `TAIL_BYTES` of them where there are so many
 * @param total the number of all bytes
 */
export function isWhole(
	type: ImageType,
	head: Uint8Array,
	tail: Uint8Array,
	total: number,
): boolean {
	switch (type) {
		case 'png':
			return startsWith(tail, PNG_END, tail.length - PNG_END.length);
		case 'jpeg':
			// Some writers pad the end of image marker.
			return tail.some((byte, at) => byte === 0xff && tail[at + 1] === 0xd9);
		case 'webp': {
			// Bytes 4 to 7, little-endian: what follows them. A reader ignores a byte of padding.
			const declared = [7, 6, 5, 4].reduce((size, at) => size * 256 + (head[at] ?? 0), 0) + 8;
			return declared === total || declared + 1 === total;
		}
	}
}

/** For an error: what was sent instead of an image. */
export function describeOther(head: Uint8Array, contentType: string | undefined): string {
	if (head.length === 0) return 'the image host sent nothing';
	if (/^\s*</.test(ascii(head, 0, HEAD_BYTES)))
		return 'the image host sent a page and not an image';
	return `the image host sent something that is no PNG, JPEG or WebP image (${contentType ?? 'of unknown type'})`;
}
