import type { ImageFault } from '../errors/images';
import { TooLarge } from '../service/boundedCall';
import { networkFailure } from '../service/networkFailure';
import { Aborted } from '../timing/abort';
import { DeadlinePassed } from '../timing/clock';
import type { Attempt } from '../timing/retry';

type Repeat = Extract<Attempt<never>, { error: Error }>['repeat'];

/** Why an attempt to download an image failed, and whether another one may help. */
export class ImageFailure extends Error {
	constructor(
		readonly fault: ImageFault,
		readonly repeat: Repeat = 'failed',
		readonly retryAfterMs?: number,
	) {
		super(fault.kind);
	}
}

/** Any other status than these is final, 404 included. */
const isTemporary = (status: number) => status === 408 || status === 425 || status >= 500;

export function statusFailure(status: number, retryAfterMs?: number): ImageFailure {
	const repeat = status === 429 ? 'refused' : isTemporary(status) ? 'failed' : 'no';
	return new ImageFailure({ kind: 'status', status }, repeat, retryAfterMs);
}

/** @param error what ended an attempt that Stop has not ended */
export function failureOf(error: unknown): ImageFailure {
	if (error instanceof ImageFailure) return error;
	if (error instanceof TooLarge) {
		return new ImageFailure({ kind: 'size', maxBytes: error.maxBytes }, 'no');
	}
	if (error instanceof Aborted || error instanceof DeadlinePassed) {
		return new ImageFailure({ kind: 'slow' });
	}
	const { code, hopeless } = networkFailure(error);
	return new ImageFailure({ kind: 'network', code }, hopeless ? 'no' : 'failed');
}
