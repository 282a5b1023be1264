import fc from 'fast-check';
import { fingerprint, Ledger } from '../../nodes/GptImage1/task/ledger';
import type { Place } from '../../nodes/GptImage1/task/ledger';

const body = { prompt: 'a secret apple', n: 2 };
const place: Place = { runIndex: 0, itemIndex: 3, body };
const task = { requestId: 'mmsu_1', born: 1000 };

/** What n8n does to the context between two executions: it is stored as text. */
const storedAndRead = (context: object) => JSON.parse(JSON.stringify(context)) as never;

test('a task is found again by its run, its item and its exact body', () => {
	const context = {};
	new Ledger(context).remember(place, task);
	const later = new Ledger(storedAndRead(context));
	expect(later.find({ ...place, body: { ...body } })).toEqual(task);
	expect(later.find({ ...place, runIndex: 1 })).toBeUndefined();
	expect(later.find({ ...place, itemIndex: 4 })).toBeUndefined();
	expect(later.find({ ...place, body: { ...body, n: 3 } })).toBeUndefined();
	expect(later.find({ ...place, body: { ...body, prompt: 'a secret appl' } })).toBeUndefined();
	expect(new Ledger({}).find(place)).toBeUndefined();
});

test('a task is found again by the ledger that is made next, from the same object', () => {
	const context = {};
	new Ledger(context).remember(place, task);
	expect(new Ledger(context).find(place)).toEqual(task);
});

test('a forgotten task is gone', () => {
	const ledger = new Ledger({});
	ledger.forget(place);
	ledger.remember(place, task);
	ledger.forget(place);
	expect(ledger.find(place)).toBeUndefined();
});

test('a create without an answer counts in its own execution alone', () => {
	const context = {};
	new Ledger(context).rememberUnanswered(place, '17');
	const later = new Ledger(storedAndRead(context));
	expect(later.find(place)).toBeUndefined();
	expect(later.isUnanswered(place, '17')).toBe(true);
	expect(later.isUnanswered(place, '18')).toBe(false);
	expect(later.isUnanswered({ ...place, itemIndex: 0 }, '17')).toBe(false);
	later.remember(place, task);
	expect(later.isUnanswered(place, '17')).toBe(false);
	expect(later.find(place)).toEqual(task);
});

test('it holds ids and times, no prompt, and stays small for 500 items', () => {
	const context = {};
	const ledger = new Ledger(context);
	for (let itemIndex = 0; itemIndex < 500; itemIndex++) {
		const one = {
			runIndex: 0,
			itemIndex,
			body: { prompt: `secret ${itemIndex} ${'x'.repeat(999)}` },
		};
		ledger.remember(one, { requestId: `mmsu_${'0'.repeat(22)}${itemIndex}`, born: 1795349369579 });
		ledger.learn(one.body, { after: 1000, by: 2000 });
	}
	const text = JSON.stringify(context);
	expect(text).not.toContain('secret');
	expect(text.length).toBeLessThan(500 * 100 + 2000);
});

describe('durations', () => {
	test('are kept by what was asked for, not by the prompt or the user', () => {
		const context = {};
		const seen = { after: 1000, by: 2000 };
		new Ledger(context).learn(body, seen);
		const later = new Ledger(storedAndRead(context));
		expect(later.durationsOf({ ...body, prompt: 'other', user: 'me' })).toEqual([seen]);
		expect(later.durationsOf({ ...body, n: 1 })).toEqual([]);
	});

	test('a new one makes a new list: what the schedule has learned from the old one stays true', () => {
		const ledger = new Ledger({});
		ledger.learn(body, { after: 1, by: 2 });
		const before = ledger.durationsOf(body);
		ledger.learn(body, { after: 3, by: 4 });
		expect(before).toHaveLength(1);
		expect(ledger.durationsOf(body)).toHaveLength(2);
	});
});

test('fingerprints tell texts apart', () => {
	const seen = new Map<string, string>();
	fc.assert(
		fc.property(fc.string(), (text) => {
			const print = fingerprint(text);
			expect(print).toMatch(/^[0-9a-z]{1,11}$/);
			expect(fingerprint(text)).toBe(print);
			expect(seen.get(print) ?? text).toBe(text);
			seen.set(print, text);
		}),
		{ numRuns: 3000 },
	);
	const near = Array.from({ length: 20_000 }, (_, number) => fingerprint(`a red apple ${number}`));
	expect(new Set(near).size).toBe(near.length);
});
