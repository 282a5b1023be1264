import type { Execution } from '../harness/execution';
import { useSimulatedFixture } from './fixture';

/** The key appears nowhere, in whatever spelling the service repeats it. */

const fixture = useSimulatedFixture({ progress: { byTime: 20_000 } });

const jsonEscaped = (text: string) => JSON.stringify(text).slice(1, -1);

const asciiOnly = (text: string) =>
	jsonEscaped(text).replace(
		/[^ -~]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);

const SPELLINGS: Record<string, (key: string) => string> = {
	'as it is': (key) => key,
	'escaped for JSON': jsonEscaped,
	'escaped for JSON twice': (key) => jsonEscaped(jsonEscaped(key)),
	'escaped for JSON in ASCII': asciiOnly,
	'with escaped slashes': (key) => jsonEscaped(key).replaceAll('/', '\\/'),
	'encoded for a URL': encodeURIComponent,
	'encoded for a query': (key) => new URLSearchParams({ key }).toString().slice('key='.length),
};

const KEYS = {
	'with quotes, slashes and blanks inside': String.raw`sk "quoted" \ and / + 100%`,
	'with letters beyond ASCII': 'schlüssel-für-die-tests',
};

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

function expectNoKey({ saved, data, logs }: Execution, key: string): void {
	// Whatever becomes of the letters' case: a status word, for one, is shown in capitals.
	const spellings = Object.values(SPELLINGS).map((spell) => spell(key).toLowerCase());
	const lines = logs.flatMap(({ message, metadata }) => [message, metadata]);
	const leaks = stringsIn(saved, data, lines).filter((text) =>
		spellings.some((spelling) => text.toLowerCase().includes(spelling)),
	);
	expect(leaks).toEqual([]);
}

const cases = Object.entries(KEYS).flatMap(([what, key]) =>
	Object.entries(SPELLINGS)
		.map(([how, spell]) => [what, how, key, spell(key)] as const)
		.filter(([, , , spelling], at, all) => all.findIndex((other) => other[3] === spelling) === at),
);

describe.each(cases)('a key %s comes back %s', (_what, _how, key, spelling) => {
	const words = `The header was "Bearer ${spelling}".`;

	/** Runs the node with the key as it may have been pasted into the credential. */
	async function run(parameters: object): Promise<Execution> {
		const credential = { ...fixture.credential, apiKey: ` ${key}\n` };
		const execution = await fixture.run(parameters, { credential });
		expect(fixture.requests().length).toBeGreaterThan(0);
		expect(fixture.requests()[0]?.headers.authorization).toBe(`Bearer ${key}`);
		return execution;
	}

	test.each([
		['detail of an error', { status: 403, body: { detail: words } }],
		['page of a gateway', { status: 502, body: `<html><body>${words}</body></html>` }],
		['answer that breaks off', { status: 200, body: `{"status":"${words}` }],
		['words of a failed task', { status: 200, body: { status: 'COMPLETED', error: words } }],
		['status word', { status: 200, body: { status: words } }],
	])('in the %s', async (_place, answer) => {
		fixture.emulator.configure({ key });
		fixture.emulator.answerNext('status', answer, 1000);
		const options = { timeout: 600, pollInterval: 60 };
		const execution = await run({ prompt: 'x', options });
		expect(execution.status).toBe('error');
		expectNoKey(execution, key);
	});

	test('in an item', async () => {
		fixture.emulator.configure({ key });
		const { id } = fixture.emulator.addTask({});
		const body = { status: 'IN_PROGRESS', logs: [{ message: words }], [words]: words };
		fixture.emulator.answerNext('status', { status: 200, body }, 1000);
		const execution = await run({ operation: 'getStatus', requestId: id });
		expect(execution.rows('Image')).toMatchObject([{ json: { state: 'running' } }]);
		expectNoKey(execution, key);
	});
});
