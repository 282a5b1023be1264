import type { RecordedRequest } from '../emulator';
import { core } from '../harness/n8n';
import {
	batching,
	CONTINUE,
	prompt,
	prompts,
	refused,
	tries,
	useSimulatedFixture,
} from './fixture';

/** Items that n8n starts one after the other, and a run that it gives up before all have started. */

const fixture = useSimulatedFixture({ progress: { byTime: 20_000 } });

/** The prompt of each item; n8n throws at a text that is no date. */
const THROWS_WITHOUT_PROMPT = '={{ $json.prompt ?? "never".toDateTime() }}';

/** Whether n8n under "Continue" leaves out an item whose expression throws, and goes on. */
const leavesOut = !['2.0', '2.30'].includes(process.env.ENGINE ?? '');

/** An older n8n does not. */
const tellsOfTheEnd = 'onExecutionFinish' in core.ExecuteSingleContext.prototype;

/** As n8n before 2.31, which tells the items that wait of no end. */
function tellNothing(): void {
	const context = Object.getPrototypeOf(core.ExecuteSingleContext.prototype) as {
		onExecutionFinish?: () => void;
	};
	if (context.onExecutionFinish) jest.spyOn(context, 'onExecutionFinish').mockReturnValue();
}

/** Runs so many items with a prompt, and one behind them whose expression throws. */
async function runUntilOneThrows(count: number, batchInterval: number, options = {}) {
	const parameters = { prompt: THROWS_WITHOUT_PROMPT, ...batching(batchInterval), options };
	const items = [...prompts(count), {}];
	expect((await fixture.run(parameters, { items })).status).toBe('error');
}

test('of a batch in which an expression throws nothing is created, at any try', async () => {
	const batch = { batchSize: 4, batchInterval: 10_000 };
	const parameters = { prompt: THROWS_WITHOUT_PROMPT, requestOptions: { batching: { batch } } };
	const situation = { items: [...prompts(7), {}, ...prompts(2)], settings: tries(2) };
	expect((await fixture.run(parameters, situation)).status).toBe('error');
	await fixture.time.pass(600_000);
	const first = prompts(4).map((item): [string, number] => [item.prompt, 1]);
	expect(fixture.createsByPrompt()).toEqual(Object.fromEntries(first));
});

test('the batches before poll no more until the next try', async () => {
	const batch = { batchSize: 2, batchInterval: 5000 };
	const parameters = { prompt: THROWS_WITHOUT_PROMPT, requestOptions: { batching: { batch } } };
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 5000 };
	await fixture.run(parameters, { items: [...prompts(3), {}], settings });
	const [{ at: begin }] = fixture.requests('create') as [RecordedRequest];
	const ages = fixture.requests('status').map(({ at }) => at - begin);
	expect(ages.filter((age) => age < 5000)).not.toEqual([]);
	expect(ages.filter((age) => age > 5100 && age < 9900)).toEqual([]);
});

test.each([4, 2.5, '2', 0, -1])('batches of %j bring an image for each item', async (batchSize) => {
	const requestOptions = { batching: { batch: { batchSize, batchInterval: 1000 } } };
	const execution = await fixture.run({ prompt, requestOptions }, { items: prompts(6) });
	expect(execution.items('Image')).toHaveLength(6);
});

test('items that wait for their turn create nothing after the end, though n8n tells no end', async () => {
	tellNothing();
	await runUntilOneThrows(40, 100);
	expect(fixture.requests('create')).toHaveLength(10);
	await fixture.time.pass(600_000);
	expect(fixture.requests('create')).toHaveLength(10);
});

describe('nothing follows once an expression of a later item has ended the run', () => {
	/** What arrives within a minute after the end; the first item waits, the second one throws. */
	async function arrivesAfterTheEnd(secondAfterMs: number) {
		await runUntilOneThrows(1, secondAfterMs, { pollInterval: 1 });
		const before = fixture.calls().length;
		await fixture.time.pass(60_000);
		return fixture.calls().slice(before);
	}

	test('to a result, where n8n tells of the end; before n8n 2.31 it is still asked for', async () => {
		const running = { status: 202, body: { status: 'IN_PROGRESS' } };
		fixture.emulator.answerNext('result', running, 1000);
		const after = [...new Set(await arrivesAfterTheEnd(30_000))];
		expect(after).toEqual(tellsOfTheEnd ? [] : ['result']);
		expect(fixture.calls()).toContain('result');
	});

	test.each([
		['a create that was refused', 'create', refused(20)],
		['a poll', 'status', { status: 202, body: { status: 'IN_PROGRESS' } }],
	] as const)('to %s, where n8n tells nothing', async (_what, call, answer) => {
		tellNothing();
		fixture.emulator.answerNext(call, answer);
		expect(await arrivesAfterTheEnd(5000)).toEqual([]);
		expect(fixture.calls().at(-1)).toBe(call);
	});
});

// Jest fails a test in which a rejection is left unhandled.
test.each([
	['nothing is created', 'x', {}],
	['nothing is created at any try', 'x', tries(2)],
	['a bad parameter before it leaves no rejection unhandled', '', {}],
])('an expression of a later item that throws at once: %s', async (_what, first, settings) => {
	const parameters = { prompt: THROWS_WITHOUT_PROMPT };
	const execution = await fixture.run(parameters, { items: [{ prompt: first }, {}], settings });
	expect(execution.status).toBe('error');
	await fixture.time.pass(60_000);
	expect(fixture.requests()).toEqual([]);
});

// n8n 2.0 to 2.30 end the run under "Continue" too, and drop what the other items bring.
test('the same under "Continue": the others are created where n8n leaves that item out', async () => {
	const parameters = { prompt: THROWS_WITHOUT_PROMPT };
	const items = [{ prompt: 'image 0' }, {}, { prompt: 'image 1' }];
	const { status } = await fixture.run(parameters, { items, settings: CONTINUE });
	await fixture.time.pass(60_000);
	expect(status).toBe(leavesOut ? 'success' : 'error');
	expect(fixture.createsByPrompt()).toEqual(leavesOut ? { 'image 0': 1, 'image 1': 1 } : {});
});
