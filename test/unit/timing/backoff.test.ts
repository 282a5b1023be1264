import * as fc from 'fast-check';
import { backoffMs, retryAfterMs } from '../../../nodes/GptImage1/timing/backoff';

it('a backoff doubles from a second to thirty, half of it at random', () => {
	for (const [attempt, s] of [1, 2, 4, 8, 16, 30, 30].entries()) {
		expect(backoffMs(attempt, 0)).toBe(s * 500);
		expect(backoffMs(attempt, 0.5)).toBe(s * 750);
	}
});

describe('Retry-After', () => {
	const now = Date.UTC(2026, 5, 1, 12, 0, 0);
	const day = 86_400_000;

	it.each([
		['3', 3_000],
		[0, 0],
		[' 1.25 ', 1_250],
		[['7', '9'], 7_000],
		['Mon, 01 Jun 2026 12:00:05 GMT', 5_000],
		['Mon, 01 Jun 2026 11:00:00 GMT', 0],
		['86399', day - 1_000],
		['86401', day],
		['Fri, 01 Jan 2100 00:00:00 GMT', day],
	])('%j is understood', (header, ms) => expect(retryAfterMs(header, now)).toBe(ms));

	const NONSENSE = [
		...[undefined, null, true, '', ' ', '-1', -1, 'soon', '1e9', '0x10', '1.', '.5', 'Infinity'],
		...[Infinity, Number.NaN, {}, [], [['3']], '3, 5', '2026-06-01T12:00:05Z'],
		...['Mon, 99 Xyz 2026 12:00:05 GMT', 'on Mon, 01 Jun 2026 12:00:05 GMT'],
		'Mon, 01 Jun 2026 12:00:05 GMT+0100',
		`${' '.repeat(200)}3`, // longer than a sound one
	].map((header) => ({ header }));

	it.each(NONSENSE)('$header is made nothing of', ({ header }) => {
		expect(retryAfterMs(header, now)).toBeUndefined();
	});

	it('is undefined or from 0 to a day, whatever comes', () => {
		const date = fc.date({ noInvalidDate: true }).map((at) => at.toUTCString());
		const header = fc.oneof(fc.anything(), fc.double(), fc.nat().map(String), date);
		const isBounded = (ms = 0) => ms >= 0 && ms <= day;
		const rule = fc.property(header, (given) => isBounded(retryAfterMs(given, now)));
		fc.assert(rule, { seed: 4, numRuns: 1_000 });
	});
});
