import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { Parameters } from '../contract';
import type { Task, TaskImage } from '../task';
import { caption, illustration } from './illustration';
import { stamp } from './stamp';

export type Picture = { bytes: Buffer; contentType: string; width: number; height: number };

/**
 * `real`: drawn from the prompt. `small`: one plain colour in the size asked for, a few kilobytes;
 * `tiny`: a single pixel.
 * `{ bytes }`: a PNG of about that many bytes, whatever format was asked for.
 */
export type PictureKind = 'real' | 'small' | 'tiny' | { bytes: number };

type Format = Parameters['output_format'];

const PLAIN = { size: 'auto', background: 'auto' };

/** What several images share, by what tells it apart: drawing takes time. */
const shared = new Map<string, Promise<Picture>>();

function kept(name: string, make: () => Promise<Picture>): Promise<Picture> {
	const picture = shared.get(name) ?? make();
	shared.set(name, picture);
	return picture;
}

export class Pictures {
	/** How many are being made: real work, for which simulated time has to wait. */
	underWay = 0;
	private readonly making = new WeakMap<TaskImage, Promise<Picture>>();

	constructor(private readonly kind: PictureKind) {}

	/** The picture of one image of a task; made at the first call. */
	async of(task: Task, image: TaskImage): Promise<Picture> {
		const making = this.making.get(image) ?? this.make(task, image);
		this.making.set(image, making);
		this.underWay++;
		image.picture = await making.finally(() => this.underWay--);
		return image.picture;
	}

	/** Draws ahead what is kept of images whose size was left open. */
	async prepare(): Promise<void> {
		const formats = ['png', 'jpeg', 'webp'] as const;
		await Promise.all(formats.map(async (format) => await this.plain(PLAIN, format)));
	}

	private async make({ id, parameters, plan }: Task, { index }: TaskImage): Promise<Picture> {
		const { kind } = this;
		if (typeof kind === 'object') return await kept(`noise ${kind.bytes}`, () => noise(kind.bytes));
		const format = plan.pictureFormat ?? parameters.output_format;
		const picture = await (kind === 'real'
			? drawn(parameters, format, index)
			: this.plain(parameters, format));
		return { ...picture, bytes: stamp(picture.bytes, format, `${id}/${index}`) };
	}

	private plain({ size, background }: typeof PLAIN, format: Format): Promise<Picture> {
		const { width, height } = this.kind === 'tiny' ? { width: 1, height: 1 } : extent(size);
		const alpha = background === 'transparent' ? 0 : 1;
		return kept(`${format} ${width}x${height} ${alpha}`, () => {
			const colour = { r: 214, g: 92, b: 74, alpha };
			const channels = alpha === 0 ? 4 : 3;
			const canvas = sharp({ create: { width, height, channels, background: colour } });
			return encoded(canvas, format, 80);
		});
	}
}

/** Width and height in pixels; `auto` is a square. */
function extent(size: string): { width: number; height: number } {
	const [width = 1024, height = 1024] = size === 'auto' ? [] : size.split('x').map(Number);
	return { width, height };
}

/** What cannot be compressed, and is not: a pixel of it has three bytes. */
async function noise(bytes: number): Promise<Picture> {
	const side = Math.ceil(Math.sqrt(bytes / 3));
	const raw = { width: side, height: side, channels: 3 } as const;
	return await made(sharp(randomBytes(3 * side * side), { raw }).png({ compressionLevel: 0 }));
}

async function drawn(parameters: Parameters, format: Format, index: number): Promise<Picture> {
	const { prompt, n: count, size, background } = parameters;
	const transparent = background === 'transparent';
	const scene = { prompt, index, count, ...extent(size), transparent };
	const canvas = sharp(Buffer.from(illustration(scene)));
	canvas.composite([{ input: await caption(scene), gravity: 'south' }]);
	if (!transparent) canvas.flatten({ background: '#ffffff' });
	return await encoded(canvas, format, parameters.output_compression);
}

function encoded(canvas: Sharp, format: Format, compression: number): Promise<Picture> {
	// The contract counts from 0; sharp's least quality is 1.
	const quality = Math.max(1, compression);
	return made(canvas.toFormat(format, format === 'png' ? { compressionLevel: 6 } : { quality }));
}

async function made(canvas: Sharp): Promise<Picture> {
	const { data, info } = await canvas.toBuffer({ resolveWithObject: true });
	const { format, width, height } = info;
	return { bytes: data, contentType: `image/${format}`, width, height };
}
