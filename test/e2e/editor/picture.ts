import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import type { Theme } from './pages/editor';

const FOLDER = resolve(__dirname, '..', '..', '..', 'docs', 'images');

/** Up to this mean difference of a colour value, of 255, two pictures show the same. */
const SAME = 0.6;

const LARGEST = 150_000;

interface Crop {
	/** The lower end is cut off below this many pixels. */
	height?: number;
}

/**
 * Photographs a part of the window for a document. The file is written
 * only when it shows something else than before; a hair's breadth in how letters are drawn does not count.
 */
export async function takePicture(
	name: string,
	theme: Theme,
	part: Locator,
	crop: Crop = {},
): Promise<void> {
	const shot = await part.page().screenshot({
		animations: 'disabled',
		style: '.el-notification { display: none }',
		clip: await areaOf(part, crop),
	});
	const file = join(FOLDER, `${name}-${theme}.png`);
	if (await showsTheSame(file, shot)) return;
	const small = await sharp(shot).png({ palette: true, colours: 192, effort: 8 }).toBuffer();
	if (small.length > LARGEST) throw new Error(`${file} has ${small.length} bytes; crop it.`);
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, small);
}

async function areaOf(part: Locator, { height = Infinity }: Crop) {
	const box = (await part.boundingBox())!;
	return { ...box, height: Math.min(box.height, height) };
}

async function showsTheSame(file: string, shot: Buffer): Promise<boolean> {
	const before = await readFile(file).catch(() => undefined);
	if (!before) return false;
	const [one, other] = await Promise.all([before, shot].map(pixels));
	if (one!.length !== other!.length) return false;
	let difference = 0;
	for (let at = 0; at < one!.length; at++) difference += Math.abs(one![at]! - other![at]!);
	return difference / one!.length < SAME;
}

const pixels = async (png: Buffer) => await sharp(png).removeAlpha().raw().toBuffer();
