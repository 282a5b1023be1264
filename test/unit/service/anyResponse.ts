import fc from 'fast-check';

/** Responses of any shape, for properties. */

/** The service's field names, so that generated responses come near real ones. */
const FIELD = fc.constantFrom(
	...['request_id', 'id', 'status', 'error', 'error_type', 'provider_error', 'code', 'message'],
	...['outputs', 'output', 'content', 'url', 'type', 'metadata', 'detail', 'loc', 'msg', 'width'],
	...['__proto__', 'constructor', 'toString', 'file_name', 'file_size', 'content_type', 'metrics'],
);
const WORD = fc.constantFrom('COMPLETED', 'in_queue', 'CANCELED', 'image', ' ', '', 'https://x/y');
/** Any JSON value that a response can be. */
export const response = fc.letrec((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		WORD,
		fc.string(),
		fc.double(),
		fc.constantFrom(null, undefined, true, false, 0, -1),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(FIELD, tie('value'), { maxKeys: 6 }),
	),
})).value;
