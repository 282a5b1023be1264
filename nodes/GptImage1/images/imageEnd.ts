import type { ImageType } from './imageType';

/**
 * Finds where an image ends while its bytes stream by, so that a file that was cut before it was
 * sent is recognized, and bytes behind the end are not waited for. Whatever the format gives a length
 * for is skipped, and no more than the last eight bytes are kept.
 */
export class ImageEnd {
	/** Whether the last byte of the image has passed. */
	found = false;

	private readonly parser: Parser;

	private step = 0;

	/** Before the first byte of the file there are zeros. */
	private last: Uint8Array = new Uint8Array(8);

	constructor(type: ImageType) {
		this.parser = PARSERS[type]();
		this.next(this.last);
	}

	/** Takes the next bytes of the file, in pieces of any length. */
	push(chunk: Uint8Array): void {
		for (let at = 0; !this.found; this.next(lastBytes(this.last, chunk, at))) {
			if (this.step === TO_MARKER) {
				const marker = chunk.indexOf(0xff, at);
				if (marker === -1) break;
				at = marker + 1;
			} else if (this.step > chunk.length - at) {
				this.step -= chunk.length - at;
				break;
			} else at += this.step;
		}
		this.last = lastBytes(this.last, chunk, chunk.length).slice();
	}

	private next(last: Uint8Array): void {
		const { done, value } = this.parser.next(last);
		if (done) this.found = true;
		else this.step = value;
	}
}

/** The last eight bytes up to a position in the chunk. */
const lastBytes = (before: Uint8Array, chunk: Uint8Array, at: number) =>
	at >= 8
		? chunk.subarray(at - 8, at)
		: Uint8Array.of(...before.subarray(at), ...chunk.subarray(0, at));

/** Yields how many bytes to skip, and is given the last eight up to there. */
type Parser = Generator<number, void, Uint8Array>;

/** To skip all bytes up to the next 0xFF, itself included. */
const TO_MARKER = -1;

const PARSERS: Record<ImageType, () => Parser> = { jpeg, png, webp };

/** A signature, then chunks: length, type, data, checksum. The last one is IEND. */
function* png(): Parser {
	let header: Uint8Array = yield 16;
	while (String.fromCharCode(...header.subarray(4)) !== 'IEND') {
		header = yield view(header).getUint32(0) + 12;
	}
	yield view(header).getUint32(0) + 4;
}

/**
 * Segments, which state their length, so that the end marker of a thumbnail inside one is not taken
 * for the image's own; and compressed data between them, which is searched for the next marker.
 */
function* jpeg(): Parser {
	yield 2;
	for (;;) {
		yield TO_MARKER;
		let marker = (yield 1).at(-1)!;
		// Any number of 0xFF may pad a marker.
		while (marker === 0xff) marker = (yield 1).at(-1)!;
		if (marker === 0xd9) return;
		// A second start of image: the host was interrupted and sent the file again.
		if (marker === 0xd8) yield Infinity;
		// An escaped 0xFF of the data, TEM and a restart have no length.
		if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
		const length = view(yield 2).getUint16(6);
		// It counts its own two bytes; a smaller one is broken and skips nothing.
		yield Math.max(0, length - 2);
	}
}

/** One RIFF chunk, whose size counts what follows it. */
function* webp(): Parser {
	yield view(yield 8).getUint32(4, true);
}

const view = ({ buffer, byteOffset }: Uint8Array) => new DataView(buffer, byteOffset, 8);
