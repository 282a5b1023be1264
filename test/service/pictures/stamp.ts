import { crc32 } from 'node:zlib';

const PNG_END_LENGTH = 12;

/**
 * The same picture with a text in it that no reader shows, so that a test can tell from the bytes
 * alone which image of which task it holds. Latin letters only.
 */
export function stamp(bytes: Buffer, format: 'png' | 'jpeg' | 'webp', text: string): Buffer {
	if (format === 'png') {
		const comment = Buffer.from(`tEXtComment\0${text}`);
		const chunk = Buffer.concat([uint32(comment.length - 4), comment, uint32(crc32(comment))]);
		const end = bytes.length - PNG_END_LENGTH;
		return Buffer.concat([bytes.subarray(0, end), chunk, bytes.subarray(end)]);
	}
	if (format === 'jpeg') {
		const comment = Buffer.from([0xff, 0xfe, 0, text.length + 2, ...Buffer.from(text)]);
		return Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2)]);
	}
	const size = uint32(text.length).reverse();
	const note = Buffer.from(text.length % 2 ? `${text}\0` : text);
	const stamped = Buffer.concat([bytes, Buffer.from('NOTE'), size, note]);
	stamped.writeUInt32LE(stamped.length - 8, 4);
	return stamped;
}

function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}
