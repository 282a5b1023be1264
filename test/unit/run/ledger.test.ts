import { fingerprint, Ledger, ledgerKey } from '../../../nodes/GptImage1/run/ledger';

const body = { prompt: 'a secret apple', n: 2 };
const key = ledgerKey(0, 3, body);
const entry = { id: 'mmsu_1', createdAt: 1000 };

test('a task is found again by its run, its item and its exact body', () => {
	const context = {};
	new Ledger(context).set(key, entry);
	// Between two executions n8n stores the context as text.
	const later = new Ledger(JSON.parse(JSON.stringify(context)));
	expect(later.get(ledgerKey(0, 3, { ...body }))).toEqual(entry);
	const others = [ledgerKey(1, 3, body), ledgerKey(0, 4, body), ledgerKey(0, 3, { ...body, n: 3 })];
	for (const other of [...others, 'toString', '__proto__', 'constructor'])
		expect(later.get(other)).toBeUndefined();
	expect(new Ledger({}).get(key)).toBeUndefined();
});

test('it holds request IDs and times, no prompt, and stays small for 500 items', () => {
	const context = {};
	const ledger = new Ledger(context);
	for (let item = 0; item < 500; item++) {
		const its = ledgerKey(0, item, { prompt: `secret ${item} ${'x'.repeat(999)}` });
		ledger.set(its, { id: `mmsu_${'0'.repeat(22)}${item}`, createdAt: 1795349369579 });
	}
	const text = JSON.stringify(context);
	expect(text).not.toContain('secret');
	expect(text.length).toBeLessThan(500 * 100);
});

test.each([
	['', 'wvjl67o803'],
	['a red apple', '14s9sxyek92'],
	['ä🍎', '1ulki86vybc'],
])('the fingerprint of %j is what an execution of an earlier version has saved', (text, print) => {
	expect(fingerprint(text)).toBe(print);
});

test('fingerprints tell texts apart', () => {
	const near = Array.from({ length: 20_000 }, (_, number) => fingerprint(`a red apple ${number}`));
	expect(new Set(near).size).toBe(near.length);
	expect(near.filter((print) => !/^[0-9a-z]{1,11}$/.test(print))).toEqual([]);
});
