import type { Fault } from './faults';
import type { Random } from './random';
import type { Answer } from './service';

/** What each fault looks like from n8n's side, as Node.js and axios report it. */

export type NetworkFault = { code: string; message: string; syscall?: string };

/** Failures in which nothing reaches the service. */
export const NEVER_SENT: Partial<Record<Fault, NetworkFault>> = {
	refused: {
		code: 'ECONNREFUSED',
		message: 'connect ECONNREFUSED 10.0.0.1:443',
		syscall: 'connect',
	},
	nameNotFound: {
		code: 'ENOTFOUND',
		message: 'getaddrinfo ENOTFOUND cloud.seaart.example',
		syscall: 'getaddrinfo',
	},
	connectTimeout: {
		code: 'ETIMEDOUT',
		message: 'connect ETIMEDOUT 10.0.0.1:443',
		syscall: 'connect',
	},
	hostUnreachable: {
		code: 'EHOSTUNREACH',
		message: 'connect EHOSTUNREACH 10.0.0.1:443',
		syscall: 'connect',
	},
};

/** A connection that was there and broke: before an answer came, or in the middle of it. */
export const HUNG_UP: NetworkFault = { code: 'ECONNRESET', message: 'socket hang up' };
export const RESET: NetworkFault = {
	code: 'ECONNRESET',
	message: 'read ECONNRESET',
	syscall: 'read',
};
export const CUT_STREAM: NetworkFault = { code: 'ECONNRESET', message: 'aborted' };

export function systemError({ code, message, syscall }: NetworkFault): Error {
	return Object.assign(new Error(message), { code, ...(syscall && { syscall }) });
}

const PAGE = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** Responses of something in front of the service, which does not hear of the request. */
export function answerInstead(
	fault: Fault,
	random: Random,
	words: (text: string) => string,
): Answer | undefined {
	const detail = words(`Not now: ${fault}`);
	switch (fault) {
		case 'gatewayBefore':
			return gateway(random, detail);
		case 'tooMany':
			return tooMany(detail, {});
		case 'tooManyNow':
			return tooMany(detail, { 'retry-after': '0' });
		case 'tooManyForHours':
			return tooMany(detail, { 'retry-after': String(random.whole(3_600, 200_000)) });
		case 'tooManyUntilPast': {
			const past = new Date(Date.now() - random.magnitude(1, 1e9)).toUTCString();
			return tooMany(detail, { 'retry-after': past });
		}
		case 'tooManyForSeconds':
			return tooMany(detail, { 'retry-after': String(random.whole(0, 40)) });
		case 'tooManyUntilDate': {
			const until = new Date(Date.now() + random.whole(-5_000, 40_000)).toUTCString();
			return tooMany(detail, { 'retry-after': until });
		}
		case 'requestTimeout':
			return { status: 408, body: { detail } };
		case 'tooEarly':
			return { status: 425, body: { detail } };
		case 'unauthorized':
			return { status: 401, body: { error: { code: 'UNAUTHORIZED', message: detail } } };
		case 'noBalance':
			return { status: 402, body: { status: { code: 402, message: detail }, data: null } };
		case 'forbidden':
			return { status: 403, body: { detail } };
		case 'unknownYet':
			return { status: 404, body: { detail: words('Request not found') } };
		case 'elsewhere':
			return {
				status: random.pick([301, 302, 307, 308]),
				headers: {
					location: random.pick(['https://evil.example/', '//evil.example/x', 'file:///']),
				},
				body: '',
			};
		default:
			return undefined;
	}
}

export function gateway(random: Random, detail: string): Answer {
	const status = random.pick([500, 502, 503, 504]);
	const headers: Record<string, string> = random.chance(0.2)
		? { 'retry-after': String(random.whole(1, 20)) }
		: {};
	return { status, headers, body: random.chance(0.5) ? PAGE : { detail } };
}

const tooMany = (message: string, headers: Record<string, string>): Answer => ({
	status: 429,
	headers,
	body: { error: { code: 'RATE_LIMIT_EXCEEDED', message }, request_id: 'call-1' },
});

/** @returns what is left of an answer's text; undefined where the fault leaves it whole */
export function spoilt(fault: Fault, text: string, random: Random): string | undefined {
	switch (fault) {
		case 'cutBody':
			return text.slice(0, random.whole(1, Math.max(1, text.length - 1)));
		case 'doubled':
			return text + text;
		case 'html':
			return '<!doctype html><title>Please wait</title>';
		case 'longPage':
			return '<'.repeat(200_000);
		case 'empty':
			return '';
		case 'nonsense':
			return random.pick(['null', '[]', '"ok"', '{}', '42', '{"status":{}}']);
		default:
			return undefined;
	}
}
