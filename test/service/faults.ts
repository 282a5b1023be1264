import { inPieces } from './body';
import type { BodyPlan } from './body';
import { HUNG_UP, RESET } from './networkFaults';
import type { NetworkFault } from './networkFaults';
import { ERRORS } from './responses';
import type { Answer } from './responses';

/**
 * What a call meets instead of the truth. An `Answer` replaces it, and the call is then not carried
 * out unless `accepted` says so. With `until` it is carried out at once, and its answer held back.
 */
export type Fault =
	| (Answer & { accepted?: boolean })
	| { until: Promise<unknown> }
	| NetworkFault
	| keyof typeof CONNECTIONS
	| keyof typeof DAMAGES
	| keyof typeof ANSWERS;

export type Response = {
	status: number;
	headers: Record<string, string>;
	body: BodyPlan;
	/** What it says once all of it has come; undefined where that is no JSON object. */
	json?: Record<string, unknown>;
};

/** What goes back: a response, a connection that fails, or nothing at all. */
export type Wire = Response | { failure: NetworkFault; sent: boolean } | 'silence';

const ANSWERS = {
	error500: ERRORS.failed(),
	rateLimited: ERRORS.tooMany('Too many requests', 1),
};

/** Connections that break or stay silent, before or after the call has been carried out. */
const CONNECTIONS = {
	drop: { accepted: false, wire: { failure: HUNG_UP, sent: true } },
	dropAfterAccept: { accepted: true, wire: { failure: RESET, sent: true } },
	hang: { accepted: false, wire: 'silence' },
	hangAfterAccept: { accepted: true, wire: 'silence' },
} as const satisfies Record<string, { accepted: boolean; wire: Wire }>;

const JSON_TYPE = 'application/json';
const HTML_PAGE = '<!doctype html><html><body><h1>Sign in to continue</h1></body></html>';
const DRIP_INTERVAL_MS = 300;
const PIECE_BYTES = 64 * 1024;
const OVERSIZE_PIECES = 800;
const BLANKS = Buffer.alloc(PIECE_BYTES, ' ');

export const TRAILING_BYTES = Buffer.alloc(64, 'behind the end ');

/** Piece by piece, so that a large response counts as finished only when the client has taken it. */
const whole = (bytes: Buffer): BodyPlan => ({
	next: inPieces(bytes, PIECE_BYTES),
	length: bytes.length,
});

const half = (bytes: Buffer) => whole(bytes.subarray(0, Math.floor(bytes.length / 2)));

/** What is done to the body of the true answer; its status and headers stay. */
const DAMAGES = {
	/** Half of it, less than Content-Length says, then the connection breaks. */
	truncate: (bytes) => ({ ...half(bytes), length: bytes.length, end: 'breaks' }),
	/** Half of it, and a Content-Length that agrees. */
	truncateQuietly: half,
	/** Half of it, and then nothing more. */
	stall: (bytes) => ({ ...half(bytes), length: bytes.length, end: 'stalls' }),
	/** One byte at a time. */
	drip: (bytes) => ({ ...whole(bytes), next: inPieces(bytes, 1), gapMs: () => DRIP_INTERVAL_MS }),
	/** More bytes behind it. */
	trailingBytes: (bytes) => whole(Buffer.concat([bytes, TRAILING_BYTES])),
	doubled: (bytes) => whole(Buffer.concat([bytes, bytes])),
	/** Behind more than 50 MB of blanks; JSON stays valid. */
	oversized: (bytes) => {
		const rest = whole(bytes);
		let left = OVERSIZE_PIECES;
		const next = () => (left-- > 0 ? BLANKS : rest.next());
		return { next, length: OVERSIZE_PIECES * PIECE_BYTES + bytes.length };
	},
	/** Its beginning, and then more forever. */
	endless: (bytes) => {
		const head = inPieces(bytes.subarray(0, 40), 40);
		return { next: () => head() ?? BLANKS };
	},
	empty: () => whole(Buffer.alloc(0)),
	html: () => whole(Buffer.from(HTML_PAGE)),
} satisfies Record<string, (bytes: Buffer) => BodyPlan>;

const isIn = <T extends object>(table: T, name: string): name is Extract<keyof T, string> =>
	Object.hasOwn(table, name);

/** What goes back for a call under a fault; `carryOut` runs only if the call is accepted. */
export async function respond(
	fault: Fault | undefined,
	carryOut: () => Promise<Answer>,
): Promise<Wire> {
	if (fault === undefined) return wireOf(await carryOut());
	if (typeof fault === 'string') {
		if (isIn(ANSWERS, fault)) return wireOf(ANSWERS[fault]);
		if (!isIn(CONNECTIONS, fault)) return wireOf(await carryOut(), fault);
		const { accepted, wire } = CONNECTIONS[fault];
		if (accepted) await carryOut();
		return wire;
	}
	if ('code' in fault) return { failure: fault, sent: false };
	if ('until' in fault) {
		const answer = await carryOut();
		await fault.until;
		return wireOf(answer);
	}
	if (fault.accepted) await carryOut();
	return wireOf(fault);
}

function wireOf(answer: Answer, damage?: keyof typeof DAMAGES): Wire {
	const { type, bytes } = encoded(answer.body);
	const headers = { 'content-type': type, ...answer.headers };
	if (damage === 'html') headers['content-type'] = 'text/html';
	const body = damage ? DAMAGES[damage](bytes) : whole(bytes);
	const isWhole = damage === undefined || damage === 'drip';
	const json = type === JSON_TYPE && isWhole ? (answer.body as Record<string, unknown>) : undefined;
	return { status: answer.status, headers, body, json };
}

function encoded(body: unknown): { type: string; bytes: Buffer } {
	if (Buffer.isBuffer(body)) return { type: 'application/octet-stream', bytes: body };
	if (typeof body === 'string') return { type: 'text/html', bytes: Buffer.from(body) };
	if (body === undefined) return { type: 'text/plain', bytes: Buffer.alloc(0) };
	return { type: JSON_TYPE, bytes: Buffer.from(JSON.stringify(body)) };
}
