import type { Body, BodyPlan } from './body';
import { filling, inOrder, inPieces, timedBody } from './body';
import { pieces } from './imageBytes';
import type { Random } from './random';
import type { TaskImage } from './task';
import type { Fault } from './faults';
import type { SimulatedClock } from './clock';

export type ImageAnswer = { status: number; headers: Record<string, string>; body: Body };

const PAGE = Buffer.from('<!doctype html><title>Sorry</title>');
const GIF = Buffer.from('GIF89a and then some more bytes of it');

/** The host that the images lie on. */
export class ImageHost {
	constructor(
		private readonly clock: SimulatedClock,
		private readonly random: Random,
		private readonly serviceAddress: string,
	) {}

	answer(image: TaskImage | undefined, url: string, fault: Fault): ImageAnswer {
		if (!image) return this.send(404, [Buffer.from('no such image')]);
		const effective = image.lasting === 'none' ? fault : image.lasting;
		const location = this.redirectFor(effective, url);
		if (location !== undefined) return this.send(302, [], { location });
		switch (effective) {
			case 'notFound':
				return this.send(404, [PAGE]);
			case 'html':
				return this.send(200, [PAGE], { 'content-type': 'text/html' });
			case 'empty':
				return this.send(200, []);
			case 'wrongType':
				return this.send(200, [GIF], { 'content-type': 'image/png' });
			case 'cutSilently':
				return this.send(200, [image.bytes.subarray(0, this.random.whole(1, 20))]);
			case 'cutOff':
				return this.send(200, [image.bytes.subarray(0, 30)], {}, 'breaks');
			case 'stalls':
				return this.send(200, [image.bytes.subarray(0, 20)], {}, 'stalls');
			case 'drips':
				return this.sendBody({ next: inPieces(image.bytes, 1), gapMs: () => 1_000 });
			case 'endless':
				return this.sendBody({ next: afterHead(image.bytes, filling(Infinity)) });
			default:
				return this.send(200, pieces(image.bytes, this.random));
		}
	}

	private redirectFor(fault: Fault, url: string): string | undefined {
		const { pathname } = URL.canParse(url) ? new URL(url) : { pathname: '/' };
		switch (fault) {
			case 'toOtherHost':
				return `https://mirror.example${pathname}`;
			case 'toFile':
				return 'file:///etc/passwd';
			case 'toHttp':
				return `http://mirror.example${pathname}`;
			case 'toItself':
				return url;
			case 'toService':
				return `${this.serviceAddress}/v1/account`;
			default:
				return undefined;
		}
	}

	private send(
		status: number,
		parts: Buffer[],
		headers: Record<string, string> = {},
		end: 'ends' | 'breaks' | 'stalls' = 'ends',
	): ImageAnswer {
		const gapMs = () => this.random.magnitude(1, 200);
		return this.sendBody({ next: inOrder(parts), gapMs, end }, status, headers);
	}

	private sendBody(
		plan: BodyPlan,
		status = 200,
		headers: Record<string, string> = {},
	): ImageAnswer {
		return { status, headers, body: timedBody(this.clock, plan) };
	}
}

/** The beginning of an image, and then something else. */
const afterHead = (image: Buffer, rest: BodyPlan['next']): BodyPlan['next'] => {
	const head = inOrder([image.subarray(0, 40)]);
	return () => head() ?? rest();
};
