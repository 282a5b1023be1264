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

/** How long a 404 is taken for a host that does not have the image yet, from the first one, in ms. */
export const NOT_FOUND_GRACE_MS = 10_000;

/** Any other status than these and 404 is final. */
const isTemporary = (status: number) => status === 408 || status === 425 || status >= 500;

function repeatAfter(status: number): Repeat {
	if (status === 429) return 'refused';
	if (status === 404) return 'later';
	return isTemporary(status) ? 'failed' : 'no';
}

export function statusFailure(status: number, retryAfterMs?: number): ImageFailure {
	return new ImageFailure({ kind: 'status', status }, repeatAfter(status), retryAfterMs);
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
