/** What is known of a request that got no response. */
export type NetworkFailure = {
	/** The system's code, or n8n's message where there is none; one line. */
	code: string;
	/** Whether the request definitely never left, so that the service knows nothing of it. */
	neverSent: boolean;
	/** Whether it would fail in the same way however often it is repeated. */
	hopeless: boolean;
};

/** Codes of a connection that did not come about. */
const NOT_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|UND_ERR_CONNECT_TIMEOUT)$/;

/** These end an open connection too, so it must be `connect` that failed. */
const NOT_CONNECTED_IN_CONNECT =
	/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|ETIMEDOUT|EACCES|EPERM|ECONNRESET|EINVAL)$/;

/** An address that is none, or a certificate that does not verify: a request is sent after both. */
const UNSENDABLE =
	/^(ERR_INVALID_URL|ERR_INVALID_PROTOCOL|ERR_INVALID_CHAR|ERR_TLS_CERT_ALTNAME_INVALID|ERR_UNESCAPED_CHARACTERS|CERT_\w+|CRL_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERROR_IN_\w+|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/;

/** A TLS handshake with something that speaks no TLS, or none that both know. */
const NO_TLS_CODE =
	/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|HTTP_REQUEST|SSLV3_ALERT_HANDSHAKE_FAILURE|TLSV1_ALERT_PROTOCOL_VERSION|TLSV1_UNRECOGNIZED_NAME)$/;
const NO_TLS_SENTENCE =
	/wrong version number|packet length too long|unknown protocol|unsupported protocol|http request|handshake failure|alert protocol version|unrecognized name/i;

/** axios refuses a scheme that it does not know without a code of the system. */
const NO_SCHEME = /^(Unsupported protocol|Invalid URL)/i;

/** The base classes of n8n's own refusals, such as of private addresses or hosts that are closed. */
const REFUSED_BY_N8N = ['NodeOperationError', 'OperationalError', 'UnexpectedError', 'UserError'];

/** What `sendWithKey` rejects with where the credential could not be read. */
export class CredentialUnavailable extends Error {
	constructor(cause: unknown) {
		super(cause instanceof Error ? cause.message : 'The credential could not be read');
	}
}

type Layer = Partial<
	Record<'code' | 'syscall' | 'message' | 'httpCode' | 'messages' | 'cause' | 'errors', unknown>
>;

/** The error and what it wraps: n8n wraps axios, which wraps the system. Bounded. */
function layersOf(error: unknown): Layer[] {
	const layers: Layer[] = [];
	for (let layer = error; typeof layer === 'object' && layer && layers.length < 8;) {
		layers.push(layer);
		layer = (layer as Layer).cause;
	}
	return layers;
}

function isRefusedByN8n(layer: object): boolean {
	for (let one: object | null = layer; one;) {
		const made = one.constructor as { name: string } | undefined;
		if (made && REFUSED_BY_N8N.includes(made.name)) return true;
		one = Object.getPrototypeOf(one) as object | null;
	}
	return false;
}

const isCode = (value: unknown): value is string =>
	typeof value === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(value);

/** Several addresses were tried, and none could be connected to. */
const isNotConnected = ({ errors }: Layer): boolean =>
	Array.isArray(errors) &&
	errors.length > 0 &&
	errors.every((error) => networkFailure(error).neverSent);

/**
 * What the network reported of a failed request. n8n-workflow 1.120 does not keep what it wraps: its
 * error has the code in `httpCode`, and the system's sentence, "connect ETIMEDOUT …", in `messages`.
 */
export function networkFailure(error: unknown): NetworkFailure {
	const layers = layersOf(error);
	const sentences = layers
		.flatMap(({ messages, message }) => [messages, message])
		.flat()
		.filter((text): text is string => typeof text === 'string' && text !== '')
		.map((text) => text.slice(0, 500));
	// The innermost code is the system's own: axios writes ERR_BAD_REQUEST over some.
	const codes = [...layers.map(({ code }) => code), ...layers.map(({ httpCode }) => httpCode)];
	const code = codes.filter(isCode).find((one) => !one.startsWith('ERR_BAD_')) ?? '';
	const inConnect =
		layers.some(({ syscall }) => syscall === 'connect') ||
		sentences.some((text) => /^connect E/.test(text));
	const refused =
		error instanceof CredentialUnavailable ||
		layers.some(isRefusedByN8n) ||
		sentences.some((text) => NO_SCHEME.test(text));
	const noTls =
		NO_TLS_CODE.test(code) ||
		(code === 'EPROTO' && sentences.some((text) => NO_TLS_SENTENCE.test(text)));
	const hopeless = refused || noTls || UNSENDABLE.test(code);
	const notConnected =
		NOT_CONNECTED.test(code) || (inConnect && NOT_CONNECTED_IN_CONNECT.test(code));
	return {
		code: code || (sentences.pop()?.replace(/\s+/g, ' ').slice(0, 200) ?? 'no response'),
		neverSent: hopeless || notConnected || layers.some(isNotConnected),
		hopeless,
	};
}
