import type { Execution } from '../harness/execution';
import type { Run } from '../harness/run';
import type { Call } from '../service/contract';
import type { Fault } from '../service/faults';
import { CANCELS } from '../service/responses';
import {
	after,
	CONTINUE,
	FORBIDDEN,
	NO_CREDITS,
	prompt,
	prompts,
	refused,
	slowCredentialStore,
	tries,
	useSimulatedFixture,
	warnings,
} from './fixture';
import { imageWorkflow } from './workflows';
import type { Settings } from './workflows';

/**
 * After Stop, no task of the execution is left running, whichever item or try it belongs to. Once a run
 * of the node has handed its items on, its tasks are the business of the nodes behind it.
 */

/** Tasks take a day. */
const NEVER_ENDS = { progress: { byTime: 86_400_000 } };
const fixture = useSimulatedFixture(NEVER_ENDS);

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 5000 };
const NO_WAIT = { prompt, waitForCompletion: false };

/** Stops a run and lets the cancels go out; those of a hundred tasks take ten seconds. */
async function stop(run: Run, thenPassMs = 15_000): Promise<Execution> {
	const stoppedAt = fixture.time.now;
	run.stop();
	const execution = await run.ended;
	await fixture.time.pass(Math.max(1, thenPassMs - (fixture.time.now - stoppedAt)));
	expect(execution.status).toBe('canceled');
	return execution;
}

/** How many tasks there are, and how many of them were cancelled. */
function expectCancelled(cancelled: number, tasks = cancelled): void {
	const all = [...fixture.emulator.tasks.values()];
	expect(all.filter(({ ending }) => ending?.how === 'cancelled')).toHaveLength(cancelled);
	expect(all).toHaveLength(tasks);
}

test('Retry On Fail: n8n does not try again after Stop', async () => {
	const run = fixture.start({ prompt }, { items: prompts(1), settings: RETRY });
	await fixture.answered('status');
	const stoppedAt = fixture.time.now;
	run.stop();
	expect((await run.ended).status).toBe('canceled');
	expect(fixture.time.now - stoppedAt).toBeLessThan(RETRY.waitBetweenTries);
	expectCancelled(1);
});

describe('every open task is cancelled', () => {
	test('100 of 100, at a service that takes ten cancels a second', async () => {
		fixture.emulator.configure({ ...NEVER_ENDS, limits: { cancel: 10 } });
		const options = { maxTasksInFlight: 100 };
		const run = fixture.start({ prompt, options }, { items: prompts(100) });
		await fixture.answered('create', 100);
		const execution = await stop(run);
		expectCancelled(100);
		expect(fixture.requests('cancel').filter(({ status }) => status === 429)).toEqual([]);
		expect(warnings(execution)).toEqual([]);
	});

	/** One item a task; the first such call gets this answer, and Stop comes after so many. */
	test.each<[string, number, Settings, [Call, Fault, number], object?]>([
		['soon, though a poll was refused for a minute', 1, {}, ['status', refused(60), 1]],
		['also that of an item that has failed', 2, CONTINUE, ['status', FORBIDDEN, 2]],
		['between two tries', 1, RETRY, ['status', FORBIDDEN, 1]],
		['between two tries, under Continue', 1, { ...RETRY, ...CONTINUE }, ['status', FORBIDDEN, 1]],
		['between two tries of which one item made none', 1, RETRY, ['create', NO_CREDITS, 2], NO_WAIT],
	])('%s', async (_when, tasks, settings, [call, answer, count], parameters = { prompt }) => {
		fixture.emulator.answerNext(call, answer);
		const run = fixture.start(parameters, { items: prompts(count), settings });
		await fixture.answered(call, count);
		await fixture.time.pass(1000);
		await stop(run);
		expect(fixture.requests('create')).toHaveLength(count);
		expectCancelled(tasks);
	});

	test('before the run ends', async () => {
		const run = fixture.start({ prompt: 'x' });
		await fixture.answered('status');
		run.stop();
		await run.ended;
		expectCancelled(1);
	});

	test('also where its create hangs, though the run ends ten seconds after Stop', async () => {
		fixture.emulator.answerNext('create', { until: after(30_000) });
		const run = fixture.start({ prompt: 'x' });
		await fixture.arrived('create');
		const stoppedAt = fixture.time.now;
		run.stop();
		await run.ended;
		expect(fixture.time.now - stoppedAt).toBe(10_000);
		await fixture.time.pass(30_000);
		expectCancelled(1);
	});

	test.each([
		['with Wait off: those whose creates were answered, and the one on its way', true, 3],
		['with Wait off: none with Cancel on Stop off', false, 0],
	])('%s', async (_which, cancelOnStop, cancelled) => {
		fixture.emulator.answerNext('create', { until: after(2000) });
		const run = fixture.start({ ...NO_WAIT, options: { cancelOnStop } }, { items: prompts(3) });
		await fixture.answered('create', 2);
		await stop(run);
		expectCancelled(cancelled, 3);
		expect(fixture.requests('cancel')).toHaveLength(cancelled);
	});

	test('where the credential store does not respond for longer than the item waits', async () => {
		fixture.emulator.answerNext('status', FORBIDDEN);
		const run = fixture.start({ prompt: 'x' }, { settings: { ...RETRY, maxTries: 2 } });
		await fixture.answered('status');
		// The next try: n8n's own read of the key gets it, the item's does not.
		slowCredentialStore(20_000);
		await fixture.time.pass(6000);
		run.stop();
		const ended = jest.fn();
		void run.ended.then(ended);
		await fixture.time.pass(12_000);
		expect(ended).toHaveBeenCalled();
		await stop(run);
		expectCancelled(1);
	});
});

describe('a cancel that does not succeed at once is repeated', () => {
	test.each<[string, Fault, number, string]>([
		['404 for ten seconds', CANCELS.notFound(), 4, 'generate'],
		['404 for ten seconds, of Get Result', CANCELS.notFound(), 4, 'getResult'],
		['429 for three seconds', refused(3), 1, 'generate'],
		['500', 'error500', 1, 'generate'],
	])('%s', async (_name, answer, times, operation) => {
		const requestId = operation === 'getResult' && fixture.emulator.addTask().id;
		const run = fixture.start({ operation, prompt: 'x', requestId });
		await fixture.answered('status');
		fixture.emulator.answerNext('cancel', answer, times);
		const execution = await stop(run, 30_000);
		expectCancelled(1);
		expect(fixture.requests('cancel')).toHaveLength(times + 1);
		expect(warnings(execution)).toEqual([]);
	});

	test('404 for good: a warning in the log names the task', async () => {
		const run = fixture.start({ prompt: 'x' });
		await fixture.answered('create');
		fixture.emulator.answerNext('cancel', CANCELS.notFound(), 1000);
		const execution = await stop(run, 80_000);
		expect(warnings(execution).join('\n')).toContain(fixture.onlyTask().id);
		const sent = fixture.requests('cancel').length;
		expect(sent).toBeGreaterThan(1);
		await fixture.time.pass(120_000);
		expect(fixture.requests('cancel')).toHaveLength(sent);
	});
});

test('a create that never gets its answer is named by the log, as a task may exist', async () => {
	fixture.emulator.answerNext('create', 'hangAfterAccept');
	const run = fixture.start({ prompt: 'x' });
	await fixture.time.pass(2000);
	const execution = await stop(run, 300_000);
	expect(fixture.calls()).toEqual(['create']);
	expect(warnings(execution).join()).toMatch(/stopped: .*a task may exist.*item 0/);
});

/** Creates without waiting; the node behind it waits for the tasks, and leaves them on Stop. */
function createThenCollect(settings: Settings) {
	const workflow = imageWorkflow(NO_WAIT, settings);
	const parameters = {
		operation: 'getResult',
		requestId: '={{ $json.request_id ?? "unknown" }}',
		options: { cancelOnStop: false, timeout: 3600 },
	};
	const [, image] = workflow.nodes;
	workflow.nodes.push({ ...image!, ...CONTINUE, id: 'Collect', name: 'Collect', parameters });
	workflow.connections.Image = { main: [[{ node: 'Collect', type: 'main', index: 0 }]] };
	return workflow;
}

test.each<[string, Settings, object[]]>([
	['', CONTINUE, []],
	[', also where Retry On Fail was not used up', { ...CONTINUE, ...tries(2) }, [{ prompt: '' }]],
])('Stop in the next node leaves alone what was handed on%s', async (_where, settings, between) => {
	const items = [{ prompt: 'one' }, ...between, { prompt: 'two' }];
	const run = fixture.startWorkflow(createThenCollect(settings), { items });
	await fixture.time.pass(60_000);
	expect(fixture.requests('status').length).toBeGreaterThan(1);
	await stop(run);
	expect(fixture.requests('cancel')).toEqual([]);
	expectCancelled(0, 2);
});
