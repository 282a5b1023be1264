import { core } from '../harness/n8n';
import { realProcess } from '../harness/realProcess';
import {
	batching,
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

describe('an expression of a later item throws while earlier creates are on their way', () => {
	test('Retry On Fail creates none of them again', async () => {
		fixture.emulator.configure({ latency: 10_000 });
		const parameters = {
			prompt: THROWS_WITHOUT_PROMPT,
			waitForCompletion: false,
			...batching(1000),
		};
		const input = [...prompts(7), {}];
		const execution = await fixture.run(parameters, { items: input, settings: tries(3) });
		await fixture.time.pass(60_000);
		expect(execution.status).toBe('error');
		expect(fixture.createsByPrompt()).toEqual(once(7));
	});

	test('those that wait for their turn create nothing after the end, though n8n tells no end', async () => {
		tellNothing();
		const parameters = { prompt: THROWS_WITHOUT_PROMPT, ...batching(100) };
		const execution = await fixture.run(parameters, { items: [...prompts(40), {}] });
		expect(execution.status).toBe('error');
		expect(fixture.requests('create')).toHaveLength(10);
		await fixture.time.pass(600_000);
		expect(fixture.requests('create')).toHaveLength(10);
	});

	test('a try in which it does not throw takes them over', async () => {
		fixture.emulator.configure({ latency: 20_000 });
		const fixedAt = Date.now() + 2001;
		const parameters = {
			prompt: `={{ $json.prompt === 'image 2' && $now.toMillis() < ${fixedAt} ? $("Nowhere").item.json.prompt : $json.prompt }}`,
			downloadImages: false,
			...batching(1000),
		};
		const situation = { items: prompts(3), settings: tries(2) };
		const execution = await fixture.run(parameters, situation);
		expect(execution.status).toBe('success');
		expect(fixture.createsByPrompt()).toEqual(once(3));
		expect(execution.items('Image').map(({ json }) => json.request_id)).toEqual(
			prompts(3).map((item) => fixture.requestIdFor(item.prompt)),
		);
	});
});

describe('nothing follows once an expression of a later item has ended the run', () => {
	/** What arrives within a minute after the end; the first item waits, the second one throws. */
	async function arrivesAfterTheEnd(secondAfterMs: number) {
		const parameters = {
			prompt: THROWS_WITHOUT_PROMPT,
			...batching(secondAfterMs),
			options: { pollInterval: 1 },
		};
		const execution = await fixture.run(parameters, { items: [{ prompt: 'x' }, {}] });
		expect(execution.status).toBe('error');
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

	test('to a create that was refused, where n8n tells nothing', async () => {
		tellNothing();
		fixture.emulator.answerNext('create', refused(20));
		expect(await arrivesAfterTheEnd(5000)).toEqual([]);
		expect(fixture.calls()).toEqual(['create']);
	});

	test('to a poll, where n8n tells nothing', async () => {
		tellNothing();
		expect(await arrivesAfterTheEnd(5000)).toEqual([]);
		expect(fixture.calls()).toContain('status');
	});

	test('to the polls of a try, where n8n tells nothing and makes another try', async () => {
		tellNothing();
		fixture.emulator.play('stuckInQueue');
		const parameters = {
			prompt: THROWS_WITHOUT_PROMPT,
			...batching(30_000),
			options: { pollInterval: 1 },
		};
		const situation = { items: [{ prompt: 'x' }, {}], settings: tries(2) };
		await fixture.run(parameters, situation);
		// One a second, and not one of each try.
		expect(fixture.counts()).toMatchObject({ creates: 1 });
		expect(fixture.counts().statuses).toBeLessThan(70);
	});
});

// Jest fails a test in which a rejection is left unhandled.
test.each([
	['nothing is created', 'x'],
	['a bad parameter before it leaves no rejection unhandled', ''],
])('an expression of a later item that throws at once: %s', async (_what, first) => {
	const parameters = { prompt: THROWS_WITHOUT_PROMPT };
	const execution = await fixture.run(parameters, { items: [{ prompt: first }, {}] });
	expect(execution.status).toBe('error');
	await fixture.time.pass(60_000);
	expect(fixture.requests()).toEqual([]);
});

test('Stop between the starts of two items leaves no rejection unhandled', async () => {
	const unhandled = jest.fn();
	realProcess.on('unhandledRejection', unhandled);
	fixture.emulator.play('stuckInQueue');
	const parameters = { prompt, ...batching(30_000) };
	const run = fixture.start(parameters, { items: prompts(3) });
	await fixture.emulator.whenRequested(({ call }) => call === 'status');
	run.stop();
	expect((await run.ended).status).toBe('canceled');
	await fixture.time.pass(120_000);
	realProcess.off('unhandledRejection', unhandled);
	expect(fixture.createsByPrompt()).toEqual(once(1));
	expect(unhandled).not.toHaveBeenCalled();
});

test('whether it is "Batching" says the first item, as for n8n', async () => {
	const batchInterval = "={{ $json.prompt === 'image 0' ? 100 : 0 }}";
	const parameters = {
		...{ prompt, downloadImages: false },
		requestOptions: { batching: { batch: { batchSize: 1, batchInterval } } },
	};
	const execution = await fixture.run(parameters, { items: prompts(3) });
	expect(execution.status).toBe('success');
	expect(execution.items('Image')).toHaveLength(3);
});
