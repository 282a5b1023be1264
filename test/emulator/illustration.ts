import { wrapped, xmlText } from './caption';
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
	const chance = chanceFrom(`${prompt} ${index}`);
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
		${writing(scene)}
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

function writing({ prompt, index, count, width, height }: Scene): string {
	const size = Math.min(width, height) * 0.036;
	const lines = wrapped(prompt, Math.floor((width * 0.84) / (size * 0.58)), 5);
	const tall = (lines.length + 1) * size * 1.3;
	const top = height - tall - size;
	const text = lines.map((line, place) => {
		const y = top + size * 1.3 * (place + 1) + size * 0.3;
		return `<text x="${width / 2}" y="${y}">${xmlText(line)}</text>`;
	});
	const corner = size * 1.5;
	return `<g font-family="DejaVu Sans, Arial, sans-serif" font-size="${size}" fill="#fff"
			text-anchor="middle">
			<rect x="${width * 0.05}" y="${top}" width="${width * 0.9}" height="${tall}" rx="${size}"
				fill="#10182b" opacity="0.62"/>
			${text.join('')}
			<rect x="${width - corner * 4}" y="${corner * 0.5}" width="${corner * 3.5}" height="${corner * 1.3}"
				rx="${corner * 0.65}" fill="#10182b" opacity="0.62"/>
			<text x="${width - corner * 2.25}" y="${corner * 1.38}">${index + 1} of ${count}</text>
		</g>`;
}

/** A small generator of numbers from 0 to 1 that the text alone decides (FNV-1a, mulberry32). */
function chanceFrom(text: string): Chance {
	let state = 0x811c9dc5;
	for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 0x01000193);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
