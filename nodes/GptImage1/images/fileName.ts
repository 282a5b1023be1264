import { EXTENSIONS } from './imageType';
import type { ImageType } from './imageType';

/** How much of a request ID goes into a file name, in characters. */
const MAX_STEM_LENGTH = 80;

/**
 * Names for the files of one execution, no two alike, made from the request ID and the position of
 * the image. The name that the service claims is the same for every image and may be hostile.
 */
export class FileNames {
	private readonly copies = new Map<string, number>();

	/** @param index counts from 0 */
	next(requestId: string, index: number, type: ImageType): string {
		const stem = requestId.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, MAX_STEM_LENGTH);
		const name = `${stem}_${index + 1}`;
		const copy = (this.copies.get(name) ?? 0) + 1;
		this.copies.set(name, copy);
		return `${name}${copy === 1 ? '' : `-${copy}`}.${EXTENSIONS[type]}`;
	}
}

const MAX_NAME_LENGTH = 120;

/** A name that the service claims, as a plain name: later nodes may write a file under it. */
export function safeFileName(claimed: string): string {
	const last = claimed.slice(-MAX_NAME_LENGTH).split(/[\\/]/).pop() ?? '';
	return last.replace(/[^\p{L}\p{N} ._-]+/gu, '-').replace(/^[.\s-]+/, '') || 'image';
}
