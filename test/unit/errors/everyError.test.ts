import { STOPPED } from '../../../nodes/GptImage1/errors/taskError';
import { EVERY_ERROR } from './everyError';

/** What every error owes its reader. */

describe.each(EVERY_ERROR)('$section: $when', ({ error: { details, message }, requestId }) => {
	test('says in one sentence what could not be done, and then what to do next', () => {
		expect(message).toBe(details.message);
		expect(message).toMatch(/^[A-Z'][^\n]{10,200}[^.\n]$/);
		expect(details.description).toMatch(/[A-Za-z].{10,}/s);
	});

	test('does not make n8n end the run as canceled', () => {
		expect(message).not.toMatch(/canceled/i);
	});

	test('names the request ID where there is one', () => {
		expect(details.requestId).toBe(requestId);
		if (requestId !== undefined) expect(`${message} ${details.description}`).toContain(requestId);
	});

	test("keeps the service's own words, and system codes, out of the message", () => {
		expect(message).not.toContain('was canceled');
		expect(message).not.toMatch(/\bE[A-Z]{4,}/);
	});

	test('leaves no gap where something is not known', () => {
		expect(`${message} ${details.description}`).not.toMatch(/undefined|null|NaN| {2}|""|: \./);
	});
});

test('only the message for Stop makes n8n end the run as canceled', () => {
	expect(STOPPED).toContain('canceled');
});
