import fc from 'fast-check';
import {
	parseCancel,
	parseCreated,
	parseResult,
	parseStatus,
} from '../../../nodes/GptImage1/service/parseResponse';
import { requestIdIn } from '../../../nodes/GptImage1/service/requestId';
import {
	requestIdForSupport,
	serviceMessage,
} from '../../../nodes/GptImage1/service/serviceMessage';

/** The service's field names, so that generated responses come near real ones. */
const FIELD = fc.constantFrom(
	...['request_id', 'id', 'status', 'error', 'error_type', 'provider_error', 'code', 'message'],
	...['outputs', 'output', 'content', 'url', 'type', 'metadata', 'detail', 'loc', 'msg', 'width'],
	...['__proto__', 'constructor', 'toString', 'file_name', 'file_size', 'content_type', 'metrics'],
);

const WORD = fc.constantFrom('COMPLETED', 'in_queue', 'CANCELED', 'image', ' ', '', 'https://x/y');

/** Any JSON value that a response can be. */
const response = fc.letrec((tie) => ({
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

const SEEDED = { numRuns: 2000, seed: 41 };

test.each<[string, (body: unknown) => unknown]>([
	['parseResult', parseResult],
	['parseCreated', parseCreated],
	['parseCancel', parseCancel],
	['requestIdIn', requestIdIn],
	['serviceMessage', serviceMessage],
	['requestIdForSupport', requestIdForSupport],
])('%s never throws', (_name, read) => {
	fc.assert(
		fc.property(response, (body) => void read(body)),
		SEEDED,
	);
});

test('a status has a failure exactly when its state is failed or cancelled', () => {
	fc.assert(
		fc.property(response, (body) => {
			const status = parseStatus(body);
			const bad = status?.state === 'failed' || status?.state === 'cancelled';
			return bad === (status?.failure !== undefined) && status?.failure?.message !== '';
		}),
		SEEDED,
	);
});

test('a status word is one short line', () => {
	/** Characters that break a line, or of which one becomes two as a capital. */
	const odd = fc.constantFrom('a', ' ', '\n', '\r', '\u2028', '\u0000', '\u0085', 'ß', 'ﬃ', '🍎');
	fc.assert(
		fc.property(fc.string({ unit: odd, maxLength: 400, size: 'max' }), (word) => {
			const status = parseStatus({ status: word });
			return status === undefined || /^.{1,70}$/u.test(status.word);
		}),
		SEEDED,
	);
});
