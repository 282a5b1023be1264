import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { seeded } from '../../seeded';

/** What is drawn: `index` counts from 0, width and height in pixels. */
export type Scene = {
	prompt: string;
	index: number;
	count: number;
	width: number;
	height: number;
	transparent: boolean;
};

const RIDGES = [0, 1, 2, 3, 4];

/**
 * An SVG of hills under a sun, whose shapes and colours follow from the prompt and the number of the
 * image: the same for the same scene. Without its sky where the background is transparent.
 */
export function illustration({ prompt, index, width, height, transparent }: Scene): string {
	const chance = seeded(crc32(`${prompt} ${index}`));
	const hue = Math.round(chance() * 360);
	const colour = (turn: number, lightness: number) =>
		`hsl(${(hue + turn) % 360}, 58%, ${lightness}%)`;
	const [x, y] = [width * (0.2 + 0.6 * chance()), height * (0.14 + 0.14 * chance())];
	const sun = (radius: number, opacity: number) =>
		`<circle cx="${x}" cy="${y}" r="${width * radius}" fill="#fff6d8" opacity="${opacity}"/>`;
	const ridge = (number: number) => {
		const top = () => height * (0.3 + 0.12 * number + 0.16 * chance());
		return `<path fill="${colour(130 + 16 * number, 66 - 11 * number)}"
			d="M0 ${top()} C${width * 0.3} ${top()} ${width * 0.35} ${top()} ${width * 0.5} ${top()}
			S${width * 0.8} ${top()} ${width} ${top()} V${height} H0 Z"/>`;
	};
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
		<linearGradient id="sky" x2="0.3" y2="1">
			<stop stop-color="${colour(0, 62)}"/><stop offset="0.7" stop-color="${colour(40, 88)}"/>
		</linearGradient>
		${transparent ? '' : '<rect width="100%" height="100%" fill="url(#sky)"/>'}
		${sun(0.22, 0.14)}${sun(0.15, 0.25)}${sun(0.09, 1)}
		${RIDGES.map(ridge).join('')}
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
