/** What is drawn: `index` counts from 0, width and height in pixels. */
export type Scene = {
	prompt: string;
	index: number;
	count: number;
	width: number;
	height: number;
	transparent: boolean;
};

export function illustration({ width, height }: Scene): string {
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"></svg>`;
}
