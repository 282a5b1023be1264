import { Readable } from 'node:stream';
import { CUT_STREAM, systemError } from './mishaps';
import { pieces } from './pictures';
import type { Random } from './random';
import type { Picture } from './task';
import type { Fault } from './weather';
import type { WorldTime } from './time';

export type ImageAnswer = { status: number; headers: Record<string, string>; body: Readable };

const PAGE = Buffer.from('<!doctype html><title>Sorry</title>');
const GIF = Buffer.from('GIF89a and then some more bytes of it');

/** The host that the pictures lie on. */
export class ImageHost {
	constructor(
		private readonly time: WorldTime,
		private readonly random: Random,
		private readonly serviceAddress: string,
	) {}

	answer(picture: Picture | undefined, url: string, fault: Fault): ImageAnswer {
		if (!picture) return this.send(404, [Buffer.from('no such picture')]);
		const effective = picture.lasting === 'none' ? fault : picture.lasting;
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
				return this.send(200, [picture.bytes.subarray(0, this.random.whole(1, 20))]);
			case 'cutOff':
				return this.send(200, [picture.bytes.subarray(0, 30)], {}, 'breaks');
			case 'stalls':
				return this.send(200, [picture.bytes.subarray(0, 20)], {}, 'stalls');
			default:
				return this.send(200, pieces(picture.bytes, this.random));
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
		const left = [...parts];
		let callOff = () => {};
		const body = new Readable({
			read: () => {
				callOff = this.time.after(this.random.magnitude(1, 200), () => {
					const part = left.shift();
					if (part !== undefined) body.push(part);
					else if (end === 'ends') body.push(null);
					else if (end === 'breaks') body.destroy(systemError(CUT_STREAM));
				});
			},
			destroy: (error, done) => {
				callOff();
				done(error);
			},
		});
		return { status, headers, body };
	}
}
