import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/** What is drawn: `index` counts from 0, width and height in pixels. */
export type Scene = {
	prompt: string;
	index: number;
	count: number;
	width: number;
	height: number;
	transparent: boolean;
};

/**
 * An SVG of hills under a sun, in a colour that follows from the prompt and the number of the image.
 * Without its sky where the background is transparent.
 */
export function illustration({ prompt, index, width, height, transparent }: Scene): string {
	const hue = crc32(`${prompt} ${index}`) % 360;
	const hill = (x: number, y: number, turn: number) =>
		`<circle cx="${x}%" cy="${y}%" r="70%" fill="hsl(${(hue + turn) % 360}, 58%, 40%)"/>`;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
		${transparent ? '' : `<rect width="100%" height="100%" fill="hsl(${hue}, 58%, 80%)"/>`}
		<circle cx="${20 + (hue % 60)}%" cy="25%" r="9%" fill="#fff6d8"/>
		${hill(15, 110, 130)}${hill(85, 120, 160)}
	</svg>`;
}

const MAX_CAPTION = 280;

/** The prompt, and which image it is: white on dark, to lay over the drawing in as many lines as it takes. */
export async function caption({ prompt, index, count, width, height }: Scene): Promise<Buffer> {
	const size = Math.min(width, height) * 0.036;
	const shown = [...prompt].slice(0, MAX_CAPTION).join('');
	// Without what markup cannot hold: control characters, halves of surrogate pairs and the like.
	const plain = shown.replace(/\p{C}/gu, ' ').replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`);
	const text = `<span foreground="white">${plain} (${index + 1} of ${count})</span>`;
	const lines = { font: `sans ${size}px`, width: Math.round(width * 0.84), rgba: true } as const;
	const padding = Math.round(size * 0.6);
	const around = { top: padding, bottom: padding, left: padding, right: padding };
	return await sharp({ text: { text, ...lines, align: 'centre', wrap: 'word-char' } })
		.flatten({ background: '#10182b' })
		.extend({ ...around, background: '#10182b' })
		.png()
		.toBuffer();
}
