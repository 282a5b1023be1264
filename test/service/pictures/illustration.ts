import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { seeded } from '../../seeded';
import { subjectOf } from './subjects';
import type { Chance, Paint } from './subjects';

/** What is drawn: `index` counts from 0, width and height in pixels. */
export type Scene = {
	prompt: string;
	index: number;
	count: number;
	width: number;
	height: number;
	transparent: boolean;
};

const CAPTION_BACKGROUND = '#10182b';

/** Hue and saturation (per cent) of the colours that a prompt may name. */
const COLOURS: Record<string, [number, number]> = {
	red: [4, 78],
	orange: [26, 90],
	yellow: [46, 92],
	lemon: [50, 92],
	green: [105, 55],
	turquoise: [175, 60],
	blue: [212, 75],
	purple: [275, 55],
	violet: [275, 55],
	pink: [335, 75],
	brown: [22, 45],
	gold: [42, 80],
	black: [220, 8],
	white: [40, 12],
	grey: [215, 8],
	gray: [215, 8],
};

/**
 * An SVG picture of the prompt: a few simple shapes in colours that follow from its words, the
 * prompt itself written below, the number of the image in the corner. The same for the same scene.
 */
export function illustration(scene: Scene): string {
	const { prompt, index, width, height } = scene;
	const chance = seeded(crc32(`${prompt} ${index}`));
	const named = prompt
		.toLowerCase()
		.match(/[a-z]+/g)
		?.find((word) => Object.hasOwn(COLOURS, word));
	const [hue, saturation] = named ? COLOURS[named]! : [Math.round(chance() * 360), 62];
	const paint: Paint = (lightness, shift = 0) =>
		`hsl(${Math.round(hue + shift + 360) % 360}, ${saturation}%, ${Math.round(lightness)}%)`;

	const side = Math.min(width, height) * 0.72;
	const left = (width - side) / 2;
	const top = (height - side) * 0.36;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
		${scene.transparent ? '' : background(scene, hue, chance)}
		<g transform="translate(${left} ${top}) scale(${side / 1000})">
			${subjectOf(prompt)(paint, chance)}
		</g>
		${number(scene)}
	</svg>`;
}

function background({ width, height, index }: Scene, hue: number, chance: Chance): string {
	// Opposite the subject's colour, and another for each image of a task.
	const away = (hue + 165 + index * 28) % 360;
	const glow = Array.from({ length: 9 }, () => {
		const [x, y] = [chance() * width, chance() * height * 0.7];
		return `<circle cx="${x}" cy="${y}" r="${30 + chance() * 110}" fill="#fff" opacity="0.13"/>`;
	});
	const floor = height * 0.68;
	return `<defs>
			<linearGradient id="sky" x1="0" y1="0" x2="0.4" y2="1">
				<stop offset="0" stop-color="hsl(${away}, 62%, 88%)"/>
				<stop offset="1" stop-color="hsl(${away}, 48%, 66%)"/>
			</linearGradient>
			<linearGradient id="floor" x1="0" y1="0" x2="0" y2="1">
				<stop offset="0" stop-color="hsl(${(away + 24) % 360}, 42%, 60%)"/>
				<stop offset="1" stop-color="hsl(${(away + 30) % 360}, 45%, 38%)"/>
			</linearGradient>
		</defs>
		<rect width="${width}" height="${height}" fill="url(#sky)"/>
		${glow.join('')}
		<path d="M0 ${floor} Q${width * 0.3} ${floor - 50} ${width * 0.55} ${floor} T${width} ${floor - 14}
			V${height} H0 Z" fill="url(#floor)"/>`;
}

/** Which image of the task it is, in the corner. */
function number({ index, count, width, height }: Scene): string {
	const size = Math.min(width, height) * 0.054;
	return `<g font-family="DejaVu Sans, Arial, sans-serif" font-size="${size * 0.67}" fill="#fff"
			text-anchor="middle">
			<rect x="${width - size * 4}" y="${size * 0.5}" width="${size * 3.5}" height="${size * 1.3}"
				rx="${size * 0.65}" fill="${CAPTION_BACKGROUND}" opacity="0.62"/>
			<text x="${width - size * 2.25}" y="${size * 1.38}">${index + 1} of ${count}</text>
		</g>`;
}

const MAX_CAPTION = 280;

/** The prompt as a picture to lay over the drawing: white on a dark ground, in as many lines as it takes. */
export async function caption({ prompt, width, height }: Scene): Promise<Buffer> {
	const size = Math.min(width, height) * 0.036;
	const shown =
		[...prompt].length > MAX_CAPTION ? `${[...prompt].slice(0, MAX_CAPTION).join('')}…` : prompt;
	// What markup cannot hold: control characters, halves of surrogate pairs and the like.
	const plain = shown.replace(/\p{C}/gu, ' ').replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`);
	const padding = Math.round(size * 0.6);
	const around = { top: padding, bottom: padding, left: padding, right: padding };
	return await sharp({
		text: {
			text: `<span foreground="white">${plain}</span>`,
			font: `sans ${size}px`,
			width: Math.round(width * 0.84),
			align: 'centre',
			wrap: 'word-char',
			rgba: true,
		},
	})
		.flatten({ background: CAPTION_BACKGROUND })
		.extend({ ...around, background: CAPTION_BACKGROUND })
		.png()
		.toBuffer();
}
