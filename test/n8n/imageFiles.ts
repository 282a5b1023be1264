import { constants } from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface ImageFile {
	name: string;
	bytes: Buffer;
}

/** Throws where the folder can neither be written into nor made: before an image is paid for. */
export async function assertWritable(folder: string): Promise<void> {
	const found = await stat(folder).catch(() => undefined);
	if (!found) return await assertWritable(dirname(folder));
	if (!found.isDirectory()) throw new Error(`Could not write images: ${folder} is not a folder.`);
	await access(folder, constants.W_OK).catch(() => {
		throw new Error(`Could not write images: the folder ${folder} is not writable.`);
	});
}

/** Makes the folder where it is missing, and returns the paths of the images in it. */
export async function writeImages(folder: string, images: ImageFile[]): Promise<string[]> {
	await mkdir(folder, { recursive: true });
	const paths = images.map(({ name }) => join(folder, basename(name)));
	await Promise.all(images.map(async ({ bytes }, index) => await writeFile(paths[index]!, bytes)));
	return paths;
}
