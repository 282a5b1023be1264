import type { Execution } from '../harness/execution';
import { useSimulatedFixture } from './fixture';

/** The key appears nowhere, wherever the service repeats it; its spellings are a matter of `redact`. */

const fixture = useSimulatedFixture({ progress: { byTime: 20_000 } });

const KEY = String.raw`schlüssel "quoted" \ and / + 100%`;

const SPELLINGS: Array<[how: string, spelling: string]> = [
	['as it is', KEY],
	['escaped for JSON', JSON.stringify(KEY).slice(1, -1)],
	['encoded for a URL', encodeURIComponent(KEY)],
];

/** Every string that is reachable from these, own properties of errors included. */
function stringsIn(...roots: unknown[]): string[] {
	const seen = new Set<unknown>();
	const found: string[] = [];
	for (const queue = roots; queue.length > 0;) {
		const value = queue.pop();
		if (typeof value === 'string') found.push(value);
		if (typeof value !== 'object' || value === null || seen.has(value)) continue;
		seen.add(value);
		for (const name of Object.getOwnPropertyNames(value)) {
			found.push(name);
			queue.push((value as Record<string, unknown>)[name]);
		}
	}
	return found;
}

/** Runs the node with the key as it may have been pasted into the credential. */
async function run(parameters: object): Promise<Execution> {
	const credential = { ...fixture.credential, apiKey: ` ${KEY}\n` };
	const execution = await fixture.run(parameters, { credential });
	expect(fixture.requests()[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
	const { saved, data, logs } = execution;
	const lines = logs.flatMap(({ message, metadata }) => [message, metadata]);
	const leaks = stringsIn(saved, data, lines).filter((text) =>
		// Whatever becomes of the letters' case: a status word, for one, is shown in capitals.
		SPELLINGS.some(([, spelling]) => text.toLowerCase().includes(spelling.toLowerCase())),
	);
	expect(leaks).toEqual([]);
	return execution;
}

describe.each(SPELLINGS)('the key comes back %s', (_how, spelling) => {
	const words = `The header was "Bearer ${spelling}".`;

	beforeEach(() => fixture.emulator.configure({ key: KEY }));

	test.each([
		['detail of an error', { status: 403, body: { detail: words } }],
		['page of a gateway', { status: 502, body: `<html><body>${words}</body></html>` }],
		['answer that breaks off', { status: 200, body: `{"status":"${words}` }],
		['words of a failed task', { status: 200, body: { status: 'COMPLETED', error: words } }],
		['status word', { status: 200, body: { status: words } }],
	])('in the %s', async (_place, answer) => {
		fixture.emulator.answerNext('status', answer, 1000);
		const execution = await run({ prompt: 'x', options: { timeout: 600, pollInterval: 60 } });
		expect(execution.status).toBe('error');
	});

	test('in an item', async () => {
		const { id } = fixture.emulator.addTask();
		const body = { status: 'IN_PROGRESS', logs: [{ message: words }], [words]: words };
		fixture.emulator.answerNext('status', { status: 200, body });
		const execution = await run({ operation: 'getStatus', requestId: id });
		const logs = [{ message: 'The header was "Bearer [the API key]".' }];
		expect(execution.items('Image')).toMatchObject([{ json: { state: 'running', logs } }]);
	});
});
