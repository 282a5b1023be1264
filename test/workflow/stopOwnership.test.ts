import { CredentialsHelper } from '../harness/credentials';
import type { Execution } from '../harness/execution';
import type { Run } from '../harness/run';
import type { Call } from '../service/contract';
import type { Fault } from '../service/faults';
import { CANCELS } from '../service/responses';
import {
	CONTINUE,
	FORBIDDEN,
	leavesOut,
	NEVER_ENDS,
	NO_CREDITS,
	prompt,
	prompts,
	refused,
	THROWS_WITHOUT_PROMPT,
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

/** The most cancels that came within any second. */
function busiestSecond(): number {
	const times = fixture.requests('cancel').map(({ at }) => at);
	return Math.max(
		...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length),
	);
}

/** A create of which the task is made, while its answer is held back. @returns how to let it go */
function holdNextCreate(): () => void {
	let answer = () => {};
	const until = new Promise<void>((resolve) => (answer = resolve));
	fixture.emulator.answerNext('create', { until });
	return answer;
}

/** n8n's credential store: no key is to be had from it before `opened` has settled well. */
const store = { opened: Promise.resolve() };
const { getDecrypted } = CredentialsHelper.prototype;
beforeEach(() => {
	store.opened = Promise.resolve();
	jest.spyOn(CredentialsHelper.prototype, 'getDecrypted').mockImplementation(async function (
		this: CredentialsHelper,
		...given
	) {
		await store.opened;
		return await getDecrypted.apply(this, given);
	});
});

describe('every open task is cancelled', () => {
	test.each([
		['100 of 100, at a service that takes ten cancels a second', 100, { cancel: 10 }],
		['at most ten a second, where the service would take more', 40, {}],
	])('%s', async (_what, count, limits) => {
		fixture.emulator.configure({ ...NEVER_ENDS, limits });
		const options = { maxTasksInFlight: 100 };
		const run = fixture.start({ prompt, options }, { items: prompts(count) });
		await fixture.answered('create', count);
		const execution = await stop(run);
		expectCancelled(count);
		expect(busiestSecond()).toBeLessThanOrEqual(10);
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
		const answer = holdNextCreate();
		const run = fixture.start({ prompt: 'x' });
		await fixture.arrived('create');
		const stoppedAt = fixture.time.now;
		run.stop();
		await run.ended;
		expect(fixture.time.now - stoppedAt).toBe(10_000);
		answer();
		await fixture.time.pass(1000);
		expectCancelled(1);
	});

	test.each([
		['with Wait off: those whose creates were answered, and the one on its way', true, 3],
		['with Wait off: none with Cancel on Stop off', false, 0],
	])('%s', async (_which, cancelOnStop, cancelled) => {
		const answer = holdNextCreate();
		const run = fixture.start({ ...NO_WAIT, options: { cancelOnStop } }, { items: prompts(3) });
		await fixture.answered('create', 2);
		await fixture.time.pass(500);
		run.stop();
		await fixture.time.pass(1000);
		answer();
		await stop(run);
		expectCancelled(cancelled, 3);
		expect(fixture.requests('cancel')).toHaveLength(cancelled);
	});

	test('where Stop comes while a failure waits for the credential store', async () => {
		let open = () => {};
		fixture.emulator.answerNext('status', FORBIDDEN, 100);
		const run = fixture.start({ prompt: 'x' }, { settings: RETRY });
		await fixture.arrived('status');
		store.opened = new Promise<void>((resolve) => (open = resolve));
		await fixture.answered('status');
		await fixture.time.pass(500);
		run.stop();
		await fixture.time.pass(500);
		open();
		await stop(run);
		expectCancelled(1);
	});

	test('where the credential store does not respond for longer than the item waits', async () => {
		let open = () => {};
		fixture.emulator.answerNext('status', FORBIDDEN);
		const run = fixture.start({ prompt: 'x' }, { settings: { ...RETRY, maxTries: 2 } });
		await fixture.answered('status');
		// The next try: n8n's own read of the key gets it, the item's does not.
		jest.spyOn(CredentialsHelper.prototype, 'getDecrypted').mockImplementationOnce(getDecrypted);
		store.opened = new Promise<void>((resolve) => (open = resolve));
		await fixture.time.pass(6000);
		run.stop();
		const ended = jest.fn();
		void run.ended.then(ended);
		await fixture.time.pass(12_000);
		expect(ended).toHaveBeenCalled();
		open();
		await stop(run);
		expectCancelled(1);
	});

	// n8n 2 evaluates an expression in a sandbox, which it takes away when the node has run.
	test.each([
		['the item waits', 2000],
		['the item does not wait any more', 12_000],
	])('where the key cannot be read after the run, and %s', async (_what, answeredAfterMs) => {
		const answer = holdNextCreate();
		const run = fixture.start({ prompt: 'x' });
		await fixture.arrived('create');
		void run.ended.then(() => {
			store.opened = Promise.reject(new Error('No bridge acquired for this context'));
			store.opened.catch(() => undefined);
		});
		run.stop();
		await fixture.time.pass(answeredAfterMs);
		answer();
		await stop(run);
		expectCancelled(1);
	});
});

describe('a cancel that does not succeed at once is repeated', () => {
	test.each<[string, Fault, number, string]>([
		['404: the service is a little behind itself', CANCELS.notFound(), 1, 'generate'],
		['404 for ten seconds', CANCELS.notFound(), 4, 'generate'],
		['404 for ten seconds, of Get Result', CANCELS.notFound(), 4, 'getResult'],
		['429 for three seconds', refused(3), 1, 'generate'],
		['500', 'error500', 1, 'generate'],
		['a dropped connection', 'drop', 1, 'generate'],
		['50 MB', 'oversized', 1, 'generate'],
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
	const create = { prompt: THROWS_WITHOUT_PROMPT, waitForCompletion: false };
	const workflow = imageWorkflow(create, settings);
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

type HandedOn = [where: string, settings: Settings, between: object[]];
const LEFT_OUT: HandedOn = [', also where n8n left out an item', CONTINUE, [{}]];

test.each<HandedOn>([
	['', CONTINUE, []],
	[', also where Retry On Fail was not used up', { ...CONTINUE, ...tries(2) }, [{ prompt: '' }]],
	...(leavesOut ? [LEFT_OUT] : []),
])('Stop in the next node leaves alone what was handed on%s', async (_where, settings, between) => {
	const items = [{ prompt: 'one' }, ...between, { prompt: 'two' }];
	const run = fixture.startWorkflow(createThenCollect(settings), { items });
	await fixture.time.pass(60_000);
	expect(fixture.requests('status').length).toBeGreaterThan(1);
	run.stop();
	expect((await run.ended).status).toBe('canceled');
	await fixture.time.pass(30_000);
	expect(fixture.requests('cancel')).toEqual([]);
	const tasks = [...fixture.emulator.tasks.values()];
	expect(tasks.map(({ ending }) => ending)).toEqual([undefined, undefined]);
});
