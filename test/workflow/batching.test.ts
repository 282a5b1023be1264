import { core } from '../harness/n8n';
import { realProcess } from '../harness/realProcess';
import {
	batching,
	CONTINUE,
	leavesOut,
	prompt,
	prompts,
	refused,
	THROWS_WITHOUT_PROMPT,
	tries,
	useSimulatedFixture,
} from './fixture';

/** Items that n8n starts one after the other, and a run that it gives up before all have started. */

const fixture = useSimulatedFixture({ progress: { byTime: 20_000 } });

/** An older n8n does not. */
const tellsOfTheEnd = 'onExecutionFinish' in core.ExecuteSingleContext.prototype;

const once = (count: number) => Object.fromEntries(prompts(count).map(({ prompt }) => [prompt, 1]));

/** As n8n before 2.31, which tells the items that wait of no end. */
function tellNothing(): void {
	const context = Object.getPrototypeOf(core.ExecuteSingleContext.prototype) as {
		onExecutionFinish?: () => void;
	};
	if (context.onExecutionFinish) jest.spyOn(context, 'onExecutionFinish').mockReturnValue();
}

/** Runs so many items with a prompt, and one behind them whose expression throws. */
async function runUntilOneThrows(count: number, batchInterval: number, settings = {}, more = {}) {
	const parameters = { prompt: THROWS_WITHOUT_PROMPT, ...batching(batchInterval), ...more };
	const situation = { items: [...prompts(count), {}], settings };
	expect((await fixture.run(parameters, situation)).status).toBe('error');
}

describe('an expression of a later item throws while earlier creates are on their way', () => {
	test('Retry On Fail creates none of them again', async () => {
		fixture.emulator.configure({ latency: 10_000 });
		await runUntilOneThrows(7, 1000, tries(3), { waitForCompletion: false });
		await fixture.time.pass(60_000);
		expect(fixture.createsByPrompt()).toEqual(once(7));
	});

	test('those that wait for their turn create nothing after the end, though n8n tells no end', async () => {
		tellNothing();
		await runUntilOneThrows(40, 100);
		expect(fixture.requests('create')).toHaveLength(10);
		await fixture.time.pass(600_000);
		expect(fixture.requests('create')).toHaveLength(10);
	});
});

describe('nothing follows once an expression of a later item has ended the run', () => {
	/** What arrives within a minute after the end; the first item waits, the second one throws. */
	async function arrivesAfterTheEnd(secondAfterMs: number) {
		await runUntilOneThrows(1, secondAfterMs, {}, { options: { pollInterval: 1 } });
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
	expect(fixture.createsByPrompt()).toEqual(leavesOut ? once(2) : {});
});

test('Stop between the starts of two items leaves no rejection unhandled', async () => {
	const unhandled = jest.fn();
	realProcess.on('unhandledRejection', unhandled);
	fixture.emulator.play('stuckInQueue');
	const run = fixture.start({ prompt, ...batching(30_000) }, { items: prompts(3) });
	await fixture.arrived('status');
	run.stop();
	expect((await run.ended).status).toBe('canceled');
	await fixture.time.pass(120_000);
	realProcess.off('unhandledRejection', unhandled);
	expect(fixture.createsByPrompt()).toEqual(once(1));
	expect(unhandled).not.toHaveBeenCalled();
});
