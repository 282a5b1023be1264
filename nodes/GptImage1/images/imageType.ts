/** What the bytes are, whatever a response claims: one of the three types that the service makes. */

export type ImageType = 'jpeg' | 'png' | 'webp';

export const EXTENSIONS: Record<ImageType, string> = { jpeg: 'jpg', png: 'png', webp: 'webp' };

/** This many bytes at the start tell the type. */
export const HEAD_BYTES = 12;

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];

const startsWith = (bytes: Uint8Array, start: readonly number[]) =>
	start.every((byte, index) => bytes[index] === byte);

const ascii = (bytes: Uint8Array, from: number, to: number) =>
	String.fromCharCode(...bytes.subarray(from, to));

/** @param head the first bytes, `HEAD_BYTES` of them where there are that many */
export function imageTypeOf(head: Uint8Array): ImageType | undefined {
	if (startsWith(head, PNG_SIGNATURE)) return 'png';
	if (startsWith(head, JPEG_SIGNATURE)) return 'jpeg';
	if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp';
	return undefined;
}

const MAX_CONTENT_TYPE_LENGTH = 80;

/** What was sent in place of an image; completes "It sent …", where "it" is the image host. */
export function describeOther(head: Uint8Array, contentType: unknown): string {
	if (head.length === 0) return 'no data';
	if (/^\s*</.test(ascii(head, 0, HEAD_BYTES))) {
		return 'a web page instead of an image';
	}
	const claimed = typeof contentType === 'string' ? contentType : 'of unknown type';
	return `a file that is not a PNG, JPEG, or WebP image (${claimed.slice(0, MAX_CONTENT_TYPE_LENGTH)})`;
}
