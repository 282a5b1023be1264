import { neverSent } from './retry';

/** What is known of a request that got no answer. */
export type NetworkFailure = {
	/** The system's code, or what n8n said where there is none. */
	code: string;
	/** The system call that failed, where it is known. */
	syscall?: string;
	/** Whether the request surely never left, so that the service knows nothing of it. */
	neverSent: boolean;
	/** Whether it would fail in the same way however often it is repeated. */
	hopeless: boolean;
};

/** Ends of a call before its request, which no repetition mends: an impossible address, a certificate. */
const UNSENDABLE =
	/^(ERR_INVALID_URL|ERR_TLS_CERT_ALTNAME_INVALID|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

/** n8n's own refusals, such as a host that the credential does not allow; they carry no code. */
const REFUSED_BY_N8N = ['NodeOperationError', 'OperationalError', 'UserError'];

type Layer = Record<'code' | 'syscall' | 'message' | 'name' | 'httpCode' | 'messages', unknown>;

/** The error and what it wraps: n8n wraps axios, which wraps the system. */
function layersOf(error: unknown): Layer[] {
	const layers: Layer[] = [];
	for (let layer = error; typeof layer === 'object' && layer && layers.length < 6;) {
		layers.push(layer as Layer);
		layer = (layer as { cause?: unknown }).cause;
	}
	return layers;
}

const isCode = (value: unknown): value is string =>
	typeof value === 'string' && /^[A-Z][A-Z0-9_]+$/.test(value);

/**
 * What the network reported of a failed request. n8n-workflow 1.120 does not keep what it wraps: its
 * error has the code in `httpCode`, and the system's sentence, "connect ETIMEDOUT …", in `messages`.
 */
export function networkFailure(error: unknown): NetworkFailure {
	const layers = layersOf(error);
	const code =
		layers.map((layer) => layer.code).find(isCode) ??
		layers.map(({ httpCode }) => httpCode).find(isCode);
	const sentences = layers
		.flatMap(({ messages, message }) => [messages, message])
		.flat()
		.filter((said): said is string => typeof said === 'string' && said !== '');
	if (code === undefined) {
		const refused = layers.some(({ name }) => REFUSED_BY_N8N.includes(String(name)));
		return { code: sentences.pop() ?? 'no answer', neverSent: refused, hopeless: refused };
	}
	const syscall =
		layers.map((layer) => layer.syscall).find((call) => typeof call === 'string') ??
		(sentences.some((said) => /^connect E/.test(said)) ? 'connect' : undefined);
	return {
		code,
		...(syscall !== undefined && { syscall }),
		neverSent: UNSENDABLE.test(code) || neverSent(code, syscall),
		hopeless: UNSENDABLE.test(code),
	};
}
