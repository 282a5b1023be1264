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
import { isResult } from '../../../nodes/GptImage1/service/types';
import { response } from './anyResponse';

/** Characters that break a line, or of which one becomes two as a capital. */
const ODD = fc.constantFrom('a', ' ', '\n', '\r', '\u2028', '\u0000', '\u0085', 'ß', 'ﬃ', '🍎');

describe('any response', () => {
	test.each([
		['parseStatus', parseStatus],
		['parseResult', parseResult],
		['parseCreated', parseCreated],
		['parseCancel', parseCancel],
		['requestIdIn', requestIdIn],
		['serviceMessage', serviceMessage],
		['requestIdForSupport', requestIdForSupport],
	] as Array<[string, (body: unknown) => unknown]>)('%s never throws', (_name, read) => {
		fc.assert(
			fc.property(response, (body) => void read(body)),
			{ numRuns: 2000, seed: 41 },
		);
	});

	test('a failure is there exactly when the state is failed or cancelled', () => {
		fc.assert(
			fc.property(response, (body) => {
				const status = parseStatus(body);
				if (!status) return true;
				const bad = status.state === 'failed' || status.state === 'cancelled';
				return bad === (status.failure !== undefined) && status.failure?.message !== '';
			}),
			{ numRuns: 2000, seed: 41 },
		);
	});

	test('a result has a URL for every image', () => {
		fc.assert(
			fc.property(response, (body) => {
				const result = parseResult(body);
				if (!result || !isResult(result)) return true;
				return result.images.every(({ url }) => typeof url === 'string' && url !== '');
			}),
			{ numRuns: 2000, seed: 41 },
		);
	});

	test('a status word is one short line', () => {
		fc.assert(
			fc.property(fc.string({ unit: ODD, maxLength: 400, size: 'max' }), (word) => {
				const status = parseStatus({ status: word });
				return status === undefined || /^.{1,70}$/u.test(status.word);
			}),
			{ numRuns: 2000, seed: 41 },
		);
	});

	test('a request ID cannot change the path that it is put into', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('.', '..')), (given) => {
				const id = requestIdIn(given);
				if (id === undefined) return true;
				const url = new URL(`https://x.y/a/requests/${encodeURIComponent(id)}/status`);
				return url.pathname === `/a/requests/${encodeURIComponent(id)}/status`;
			}),
			{ numRuns: 500, seed: 41 },
		);
	});
});
