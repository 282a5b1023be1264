import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';

const FOLDER = resolve(__dirname, '..', '..', '..', 'docs', 'images');

/** A colour value of 255 that differs by more than this is seen, and this many of them may. */
const SEEN = 48;
const UNSEEN = 60;

const LARGEST = 150_000;

/** What n8n lays over what is to be shown. */
const HIDDEN = [
	'.el-notification',
	'[data-test-id="floating-nodes"]',
	'[data-test-id="canvas-controls"]',
	'[data-test-id="canvas-background"]',
	'[data-test-id="canvas-minimap"]',
	':has(> [data-test-id="ask-assistant-button"])',
];

const STYLE = `${HIDDEN.join(', ')} { display: none !important }`;

/** A part of the window, in pixels. */
export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Where a part is in the picture, cut off a little below the last that is to be seen of it. */
export async function areaOf(part: Locator, last: Locator): Promise<Area> {
	await part.page().addStyleTag({ content: STYLE });
	const [box, end] = [(await part.boundingBox())!, (await last.boundingBox())!];
	return { ...box, height: end.y + end.height + 16 - box.y };
}

/**
 * Photographs a part of the window for a document, light and dark: a user without a choice of theme
 * gets the system's, at once. A picture is written only when it shows something else than before; a
 * hair's breadth in how letters are drawn does not count.
 */
export async function takePicture(name: string, page: Page, clip: Area): Promise<void> {
	for (const colorScheme of ['dark', 'light'] as const) {
		await page.emulateMedia({ colorScheme });
		const shot = await page.screenshot({ animations: 'disabled', style: STYLE, clip });
		const file = join(FOLDER, `${name}-${colorScheme}.png`);
		const before = await readFile(file).catch(() => undefined);
		if (before && (await showTheSame(before, shot))) continue;
		const small = await sharp(shot).png({ palette: true, colours: 192, effort: 8 }).toBuffer();
		if (small.length > LARGEST) throw new Error(`${file} has ${small.length} bytes; crop it.`);
		await writeFile(file, small);
	}
}

async function showTheSame(...pngs: [Buffer, Buffer]): Promise<boolean> {
	const pixels = pngs.map(async (png) => await sharp(png).removeAlpha().raw().toBuffer());
	const [one, other] = (await Promise.all(pixels)) as [Buffer, Buffer];
	const isSeen = (value: number, at: number) => Math.abs(value - other[at]!) > SEEN;
	return one.length === other.length && one.filter(isSeen).length <= UNSEEN;
}
