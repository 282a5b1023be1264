import * as fc from 'fast-check';
import { mayRetry, retryAfterOf, retryDelay } from '../../nodes/GptImage1/task/retry';

describe('a create', () => {
	it('is repeated after 429 and after no other status', () => {
		for (let status = 100; status < 600; status++) {
			expect(mayRetry('create', { status })).toBe(status === 429);
		}
	});

	it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
		'is repeated after %s: it was never sent',
		(code) => expect(mayRetry('create', { code })).toBe(true),
	);

	it.each(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'])(
		'is repeated after %s only where the connection failed with it',
		(code) => {
			expect(mayRetry('create', { code, syscall: 'connect' })).toBe(true);
			expect(mayRetry('create', { code, syscall: 'read' })).toBe(false);
			expect(mayRetry('create', { code })).toBe(false);
		},
	);

	it.each(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_CANCELED', 'toString', undefined])(
		'is never repeated after %s: it may have been accepted',
		(code) => expect(mayRetry('create', { code, syscall: 'connect' })).toBe(false),
	);
});

describe('a read', () => {
	it('is repeated after what can pass by itself', () => {
		for (const status of [408, 425, 429, 500, 502, 503, 504, 599]) {
			expect(mayRetry('read', { status })).toBe(true);
		}
		for (const status of [200, 202, 301, 400, 401, 402, 403, 404, 410, 422, 600]) {
			expect(mayRetry('read', { status })).toBe(false);
		}
		for (const code of ['ECONNRESET', 'ETIMEDOUT', undefined]) {
			expect(mayRetry('read', { code })).toBe(true);
		}
	});
});

describe('retryDelay', () => {
	it('doubles from a second to thirty, half of it by chance', () => {
		for (const [attempt, whole] of [1, 2, 4, 8, 16, 30, 30].entries()) {
			expect(retryDelay(attempt, 0)).toBe((whole * 1_000) / 2);
			expect(retryDelay(attempt, 0.999999)).toBeCloseTo(whole * 1_000, -1);
		}
	});

	it('is finite for any attempt and never sooner than the service asks', () => {
		const random = fc.double({ min: 0, max: 0.999999, noNaN: true });
		fc.assert(
			fc.property(fc.double(), random, fc.nat(600_000), (attempt, chance, retryAfter) => {
				expect(retryDelay(attempt, chance)).toBeGreaterThanOrEqual(500);
				expect(retryDelay(attempt, chance)).toBeLessThanOrEqual(30_000);
				expect(retryDelay(attempt, chance, retryAfter)).toBeGreaterThanOrEqual(retryAfter);
				expect(retryDelay(attempt, chance, retryAfter)).toBeLessThanOrEqual(retryAfter + 1_000);
			}),
			{ seed: 4 },
		);
	});
});

describe('retryAfterOf', () => {
	const now = Date.UTC(2026, 5, 1, 12, 0, 0);

	it.each([
		['3', 3_000],
		[3, 3_000],
		[' 0.5 ', 500],
		[['7', '9'], 7_000],
		['Mon, 01 Jun 2026 12:00:05 GMT', 5_000],
		['Mon, 01 Jun 2026 11:00:00 GMT', 0],
		['999999999', 600_000],
		['Fri, 01 Jan 2100 00:00:00 GMT', 600_000],
	])('understands %j', (header, wait) => {
		expect(retryAfterOf(header, now)).toBe(wait);
	});

	it.each([
		[undefined],
		[null],
		[''],
		['-1'],
		['soon'],
		['1e9'],
		['0x10'],
		['Infinity'],
		[Number.NaN],
		[{}],
		[[]],
		['Mon, 99 Xyz 2026 12:00:05 GMT'],
		['2026-06-01T12:00:05Z'],
	])('makes nothing of %j', (header) => {
		expect(retryAfterOf(header, now)).toBeUndefined();
	});
});
