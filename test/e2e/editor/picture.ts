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
type Area = Record<'x' | 'y' | 'width' | 'height', number>;

/** Shows this text in place of one that is another in every run; nothing is saved. */
export async function writeOver(part: Locator, property: 'innerText' | 'value', text: string) {
	await part.evaluate((element, set) => void Object.assign(element, set), { [property]: text });
}

/** Where a part is in the picture, cut off a little below the last that is to be seen of it. */
export async function areaOf(part: Locator, last: Locator): Promise<Area> {
	await part.page().addStyleTag({ content: STYLE });
	const [box, end] = [(await part.boundingBox())!, (await last.boundingBox())!];
	return { ...box, height: end.y + end.height + 16 - box.y };
}

/** Moves and scales the workflow so that all nodes are seen. Returns what they and their notes fill. */
export async function areaOfWorkflow(page: Page): Promise<Area> {
	await page.getByTestId('zoom-to-fit').click();
	await page.mouse.move(0, 0);
	const toolbar = '[data-test-id="canvas-node-toolbar"]';
	const parts = page
		.getByTestId('canvas')
		.locator(`.vue-flow__node :not(${toolbar}, ${toolbar} *), .vue-flow__edge-path`);
	for (let area: Area | undefined; ; await page.waitForTimeout(500)) {
		const before = JSON.stringify(area);
		area = await parts.evaluateAll(filledArea);
		if (JSON.stringify(area) === before) return area;
	}
}

/** What is used here of the browser's elements. */
interface Element {
	checkVisibility(of: object): boolean;
	getBoundingClientRect(): Area & { right: number; bottom: number };
}

/** Runs in the browser: what is seen of these, and a margin around it. */
function filledArea(parts: unknown[]): Area {
	const MARGIN = 20;
	const boxes = (parts as Element[])
		.filter((part) => part.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
		.map((part) => part.getBoundingClientRect())
		.filter(({ width }) => width > 0);
	const x = Math.floor(Math.min(...boxes.map((box) => box.x)) - MARGIN);
	const y = Math.floor(Math.min(...boxes.map((box) => box.y)) - MARGIN);
	const right = Math.ceil(Math.max(...boxes.map((box) => box.right)) + MARGIN);
	const bottom = Math.ceil(Math.max(...boxes.map((box) => box.bottom)) + MARGIN);
	return { x, y, width: right - x, height: bottom - y };
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
