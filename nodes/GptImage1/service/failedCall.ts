import { interrupted, notSent, responseTooLarge, responseTooLate } from '../errors/calls';
import { Aborted } from '../timing/abort';
import { DeadlinePassed } from '../timing/clock';
import type { Failed } from '../timing/retry';
import { TooLarge } from './boundedCall';
import { networkFailure } from './networkFailure';
import { mayRepeatFailure } from './retryRules';
import type { Call } from './types';

/** What a call means that got no response, or none in bounds. @throws Aborted */
export function failedCall(
	{ call, requestId }: { call: Call; requestId?: string | undefined },
	error: unknown,
	limitMs: number,
): Failed {
	if (error instanceof Aborted) throw error;
	const repeat = call === 'create' ? 'no' : 'failed';
	if (error instanceof TooLarge) {
		return { error: responseTooLarge(call, error.maxBytes, requestId), repeat };
	}
	if (error instanceof DeadlinePassed) {
		return { error: responseTooLate(call, Math.ceil(limitMs / 1000), requestId), repeat };
	}
	const failure = networkFailure(error);
	const failed = failure.neverSent ? notSent : interrupted;
	return {
		error: failed(call, failure.code, requestId),
		repeat: mayRepeatFailure(call, failure) ? 'failed' : 'no',
	};
}
