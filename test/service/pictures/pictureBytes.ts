import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PNG_END_LENGTH = 12;

/** A PNG with more chunks before its end marker: ancillary ones, which every reader skips. */
function withPngChunks(png: Buffer, chunks: Buffer[]): Buffer {
	const end = png.length - PNG_END_LENGTH;
	return Buffer.concat([png.subarray(0, end), ...chunks, png.subarray(end)]);
}

function pngChunk(type: string, data: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	return Buffer.concat([uint32(data.length), named, uint32(crc32(named))]);
}

function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}

/** A chunk of this many bytes at most: some readers refuse longer ones. */
const PADDING_CHUNK = 1024 * 1024;

/** The PNG, filled up with incompressible bytes to `length` bytes, give or take a dozen. */
export function padPng(png: Buffer, length: number): Buffer {
	const chunks: Buffer[] = [];
	for (let left = length - png.length; left > 12; left -= PADDING_CHUNK + 12) {
		chunks.push(pngChunk('paDd', randomBytes(Math.min(PADDING_CHUNK, left - 12))));
	}
	return withPngChunks(png, chunks);
}

/**
 * The same picture with a text in it that no reader shows, so that a test can tell from the bytes
 * alone which image of which task it holds. Latin letters only.
 */
export function stamp(bytes: Buffer, format: 'png' | 'jpeg' | 'webp', text: string): Buffer {
	const latin = Buffer.from(text, 'latin1');
	if (format === 'png') {
		const comment = Buffer.concat([Buffer.from('Comment\0'), latin]);
		return withPngChunks(bytes, [pngChunk('tEXt', comment)]);
	}
	if (format === 'jpeg') {
		const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, latin.length + 2]), latin]);
		return Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)]);
	}
	const size = Buffer.alloc(4);
	size.writeUInt32LE(latin.length);
	const chunk = [Buffer.from('NOTE'), size, latin, Buffer.alloc(latin.length % 2)];
	const stamped = Buffer.concat([bytes, ...chunk]);
	stamped.writeUInt32LE(stamped.length - 8, 4);
	return stamped;
}
