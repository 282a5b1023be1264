import type { Call } from '../service/types';
import {
	couldNot,
	keepsTask,
	MAY_EXIST_ADVICE,
	mayExist,
	NO_TASK,
	sentences,
	serviceSays,
	shown,
} from './phrases';
import { TaskError } from './taskError';

/** A call with the key that got no response, or none that can be used. */

/** The call was not sent, so the service knows nothing of it. @param reason a code, or n8n's words */
export const notSent = (call: Call, reason: string, requestId?: string) =>
	new TaskError({
		message: `${couldNot(call, requestId)}: no connection to SeaArt Cloud`,
		description: sentences(
			"Check 'Base URL' in the 'SeaArt API' credential and your n8n instance's network access.",
			call === 'create' && NO_TASK,
			keepsTask(requestId, call),
			`(${reason})`,
		),
		requestId,
	});

/** A key that was pasted into the wrong field is not shown: neither a text that is no URL nor a query. */
const shownBaseUrl = (baseUrl = '') =>
	/^\s*https?:\/\//i.test(baseUrl) &&
	`It is ${shown(baseUrl.replace(/\/\/[^/]*@/, '//…@').replace(/[?#][^]*/, '?…'))}.`;

export const invalidBaseUrl = (call: Call, baseUrl: string | undefined, requestId?: string) =>
	new TaskError({
		message: `${couldNot(call, requestId)}: the base URL is not valid`,
		description: sentences(
			"Correct 'Base URL' in the 'SeaArt API' credential. It must begin with https:// or http:// and have no user name, query, or fragment.",
			shownBaseUrl(baseUrl),
			call === 'create' && NO_TASK,
			keepsTask(requestId, call),
		),
		requestId,
	});

const unclear = (call: Call, reason: string, advice: string | undefined, requestId?: string) =>
	new TaskError({
		message: call === 'create' ? mayExist(reason) : `${couldNot(call, requestId)}: ${reason}`,
		description: sentences(
			call === 'create' && MAY_EXIST_ADVICE,
			keepsTask(requestId, call),
			advice,
		),
		requestId,
		possiblyCreated: call === 'create',
	});

/** The connection broke, or the time was up, after the call may have been sent. */
export const interrupted = (call: Call, reason: string, requestId?: string) =>
	unclear(call, 'the connection was lost', `(${reason})`, requestId);

export const responseTooLate = (call: Call, seconds: number, requestId?: string) =>
	unclear(call, `there was no complete response within ${seconds} seconds`, undefined, requestId);

/** A response came, with a status of success, and cannot be understood. */
export const unreadable = (
	call: Call,
	message: string | undefined,
	requestId?: string,
	named?: unknown,
) =>
	unclear(
		call,
		'the response could not be read',
		sentences(
			"Check 'Base URL' in the 'SeaArt API' credential.",
			call === 'create' && named !== undefined && `The response names the task ${shown(named)}.`,
			serviceSays(message),
		),
		requestId,
	);

export const responseTooLarge = (call: Call, bytes: number, requestId?: string) =>
	unclear(call, `the response is larger than ${bytes / 1_000_000} MB`, undefined, requestId);

/** A response about one task to a call about another; it is not used. */
export const wrongTask = (call: Call, requestId: string, other: string) =>
	new TaskError({
		message: `${couldNot(call, requestId)}: the response is about another task`,
		description: sentences(
			`The response names ${shown(other)}, so it was not used.`,
			keepsTask(requestId, call),
		),
		requestId,
	});

/** An earlier attempt got no response to its create. */
export const unconfirmedBefore = () =>
	new TaskError({
		message: mayExist('an earlier attempt got no response'),
		description: MAY_EXIST_ADVICE,
		possiblyCreated: true,
	});

/** The rate limiter holds the calls of the run back for longer than this one may wait. */
export const rateLimitHolds = (call: Call, holdMs: number, requestId?: string) =>
	new TaskError({
		message: `${couldNot(call, requestId)}: rate limit reached`,
		description: sentences(
			holdMs > 0
				? `Try again in ${Math.ceil(holdMs / 1000)} seconds.`
				: 'Send fewer items, or try again later.',
			call === 'create' ? `${NO_TASK} Nothing was charged.` : keepsTask(requestId, call),
		),
		requestId,
		httpCode: 429,
		rateLimited: true,
	});
