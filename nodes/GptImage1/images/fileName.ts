import { EXTENSIONS, type ImageType } from './imageType';

/** So much of a request id goes into a file name, in characters. */
const LONGEST_STEM = 80;

/**
 * A file name made from the request id, which is unique, and the image's place in the result. The
 * name that the service claims is the same for every image and can be hostile; it is not used.
 *
 * @param index counts from 0
 * @param taken names of this run so far; the new one is added
 */
export function fileNameFor(
	requestId: string,
	index: number,
	type: ImageType,
	taken: Set<string>,
): string {
	const stem = requestId.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, LONGEST_STEM);
	for (let copy = 1; ; copy++) {
		const suffix = copy === 1 ? '' : `-${copy}`;
		const name = `${stem}_${index + 1}${suffix}.${EXTENSIONS[type]}`;
		if (!taken.has(name)) {
			taken.add(name);
			return name;
		}
	}
}

/** So long may a claimed name be, in characters. */
const LONGEST_NAME = 120;

/** A name that the service claims, as a plain name: later nodes may well write a file under it. */
export function safeFileName(claimed: string): string {
	const last = claimed.split(/[\\/]/).pop() ?? '';
	const plain = last.replace(/[^\p{L}\p{N} ._-]+/gu, '-').replace(/^[.\s-]+/, '');
	return plain.slice(-LONGEST_NAME) || 'image';
}
