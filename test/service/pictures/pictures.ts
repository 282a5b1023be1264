import sharp from 'sharp';
import type { Sharp } from 'sharp';

import type { Parameters } from '../contract';
import { caption, illustration } from './illustration';
import { padPng, stamp } from './pictureBytes';
import type { Task, TaskImage } from '../task';

export type Picture = { bytes: Buffer; contentType: string; width: number; height: number };

/**
 * `real`: drawn from the prompt. `small`: one plain colour in the size asked for, a few kilobytes;
 * `tiny`: a single pixel.
 * `{ bytes }`: a PNG of about that many bytes, whatever format was asked for.
 */
export type PictureKind = 'real' | 'small' | 'tiny' | { bytes: number };

type Format = Parameters['output_format'];

const PLAIN = { size: 'auto', background: 'auto' };

/** Makes pictures, and keeps what can be kept: the padded one, and one small one a kind. */
export class Pictures {
	/** By what tells them apart, in all services of a process: drawing takes time. */
	private static readonly kept = new Map<string, Promise<Picture>>();

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
		if (typeof kind === 'object') return await this.padded(kind.bytes);
		const format = plan.pictureFormat ?? parameters.output_format;
		const picture = await (kind === 'real'
			? drawn(parameters, format, index)
			: this.plain(parameters, format));
		return { ...picture, bytes: stamp(picture.bytes, format, `${id}/${index}`) };
	}

	private plain({ size, background }: typeof PLAIN, format: Format): Promise<Picture> {
		const { width, height } = this.kind === 'tiny' ? { width: 1, height: 1 } : extent(size);
		const alpha = background === 'transparent' ? 0 : 1;
		return this.keep(`${format} ${width}x${height} ${alpha}`, async () => {
			const colour = { r: 214, g: 92, b: 74, alpha };
			const channels = alpha === 0 ? 4 : 3;
			const canvas = sharp({ create: { width, height, channels, background: colour } });
			return encoded(canvas, format, 80);
		});
	}

	private padded(length: number): Promise<Picture> {
		return this.keep(`padded ${length}`, async () => {
			const canvas = sharp({
				create: { width: 256, height: 256, channels: 3, background: '#d65c4a' },
			});
			const picture = await encoded(canvas, 'png', 100);
			return { ...picture, bytes: padPng(picture.bytes, length) };
		});
	}

	private keep(name: string, make: () => Promise<Picture>): Promise<Picture> {
		const picture = Pictures.kept.get(name) ?? make();
		Pictures.kept.set(name, picture);
		return picture;
	}
}

/** Width and height in pixels; `auto` is a square. */
function extent(size: string): { width: number; height: number } {
	const [width = 1024, height = 1024] = size === 'auto' ? [] : size.split('x').map(Number);
	return { width, height };
}

async function drawn(parameters: Parameters, format: Format, index: number): Promise<Picture> {
	const { width, height } = extent(parameters.size);
	const transparent = parameters.background === 'transparent';
	const { prompt, n: count } = parameters;
	const scene = { prompt, index, count, width, height, transparent };
	const canvas = sharp(Buffer.from(illustration(scene)));
	canvas.composite([{ input: await caption(scene), gravity: 'south' }]);
	if (!transparent) canvas.flatten({ background: '#ffffff' });
	return encoded(canvas, format, parameters.output_compression);
}

async function encoded(canvas: Sharp, format: Format, compression: number): Promise<Picture> {
	// The contract counts from 0; sharp's least quality is 1.
	const quality = Math.max(1, compression);
	if (format === 'png') canvas.png({ compressionLevel: 6 });
	if (format === 'jpeg') canvas.jpeg({ quality });
	if (format === 'webp') canvas.webp({ quality });
	const { data, info } = await canvas.toBuffer({ resolveWithObject: true });
	return {
		bytes: data,
		contentType: `image/${format}`,
		width: info.width,
		height: info.height,
	};
}
