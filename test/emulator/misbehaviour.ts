import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** An answer: an object body goes out as JSON, a string as HTML or text, a Buffer as it is. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/** What is done to an answer on its way out. */
export type Damage =
	/** The connection breaks before the call is carried out. */
	| 'drop'
	/** The call is carried out, then the connection breaks without an answer. */
	| 'dropAfterAccept'
	/** No answer ever, and the call is not carried out. */
	| 'hang'
	/** The call is carried out, but no answer ever comes. */
	| 'hangAfterAccept'
	/** The right status, but the JSON breaks off; its Content-Length agrees with what is sent. */
	| 'malformedJson'
	/** Half of the body, less than Content-Length says, then the connection breaks. */
	| 'truncate'
	/** Half of the body, and a Content-Length that agrees with it. */
	| 'truncateQuietly'
	/** The right status and headers, then one byte at a time, for as long as the client reads. */
	| 'drip'
	/** The whole body and more bytes behind it; Content-Length agrees with what is sent. */
	| 'trailingBytes'
	/** The true answer, behind 50 MB of blanks; JSON stays valid. */
	| 'oversized'
	/** The right status and headers, but no bytes. */
	| 'empty'
	/** The right status, but an HTML page as the body. */
	| 'html';

/** Answers that tests ask for by name; the call is not carried out. */
const ANSWERS = {
	error500: { status: 500, body: { detail: 'Runtime execution failed' } },
	htmlError502: {
		status: 502,
		body: '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
	},
	rateLimited: {
		status: 429,
		headers: { 'retry-after': '1' },
		body: {
			error: { code: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests' },
			request_id: 'gw_rate_limited',
		},
	},
} as const satisfies Record<string, Answer>;

/** The truth: the call is carried out at once, but its answer is held back until this settles. */
export type HeldBack = { until: Promise<unknown> };

/**
 * What a call may be answered with instead of the truth. An `Answer` replaces it, and the call is
 * then not carried out unless `accepted` says so.
 */
export type Misbehaviour =
	(Answer & { accepted?: boolean }) | HeldBack | Damage | keyof typeof ANSWERS;

export type Outcome = { answer?: Answer; damage?: Damage };

/** The outcome of a call under a misbehaviour; `carryOut` runs only if the call is to be accepted. */
export async function underMisbehaviour(
	misbehaviour: Misbehaviour | undefined,
	carryOut: () => Promise<Outcome>,
): Promise<Outcome> {
	if (misbehaviour === undefined) return carryOut();
	if (typeof misbehaviour === 'object') {
		if ('until' in misbehaviour) {
			const outcome = await carryOut();
			await misbehaviour.until;
			return outcome;
		}
		if (misbehaviour.accepted) await carryOut();
		return { answer: misbehaviour };
	}
	if (misbehaviour in ANSWERS) return { answer: ANSWERS[misbehaviour as keyof typeof ANSWERS] };
	const damage = misbehaviour as Damage;
	if (damage === 'drop' || damage === 'hang') return { damage };
	return { ...(await carryOut()), damage };
}

const DRIP_INTERVAL_MS = 300;
const OVERSIZE_BYTES = 50_000_000;
const PIECE_BYTES = 1_000_000;

export const TRAILING_BYTES = Buffer.alloc(64, 'behind the end ');

const HTML_PAGE = '<!doctype html><html><body><h1>Sign in to continue</h1></body></html>';

/** Sends an outcome. Returns the status that went out; 0 when none did. */
export function send(response: ServerResponse, { answer, damage }: Outcome): number {
	if (damage === 'drop' || damage === 'dropAfterAccept') {
		response.socket?.destroy();
		return 0;
	}
	if (damage === 'hang' || damage === 'hangAfterAccept' || !answer) return 0;

	let { type, bytes } = encode(answer.body);
	if (damage === 'html') [type, bytes] = ['text/html', Buffer.from(HTML_PAGE)];
	if (damage === 'empty') bytes = Buffer.alloc(0);
	const half = bytes.subarray(0, Math.floor(bytes.length / 2));
	if (damage === 'malformedJson' || damage === 'truncateQuietly') bytes = half;

	if (damage === 'oversized') bytes = Buffer.concat([Buffer.alloc(OVERSIZE_BYTES, ' '), bytes]);
	if (damage === 'trailingBytes') bytes = Buffer.concat([bytes, TRAILING_BYTES]);

	response.writeHead(answer.status, {
		'content-type': type,
		...answer.headers,
		...(damage === 'html' ? { 'content-type': type } : {}),
		'content-length': bytes.length,
	});
	if (damage === 'truncate') response.write(half, () => response.socket?.destroy());
	else if (damage === 'drip') drip(response, bytes);
	// Piece by piece, so that a response counts as finished only when the client has taken it all.
	else if (bytes.length > PIECE_BYTES) Readable.from(pieces(bytes)).pipe(response);
	else response.end(bytes);
	return answer.status;
}

function* pieces(bytes: Buffer): Generator<Buffer> {
	for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

function drip(response: ServerResponse, bytes: Buffer): void {
	let sent = 0;
	const timer = setInterval(() => {
		response.write(bytes.subarray(sent, ++sent));
		if (sent < bytes.length) return;
		clearInterval(timer);
		response.end();
	}, DRIP_INTERVAL_MS);
	response.once('close', () => clearInterval(timer));
}

function encode(body: unknown): { type: string; bytes: Buffer } {
	if (Buffer.isBuffer(body)) return { type: 'application/octet-stream', bytes: body };
	if (typeof body === 'string') return { type: 'text/html', bytes: Buffer.from(body) };
	if (body === undefined) return { type: 'text/plain', bytes: Buffer.alloc(0) };
	return { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) };
}
