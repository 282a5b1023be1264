import { CredentialsHelper } from '../harness/credentials';
import type { Execution } from '../harness/execution';
import type { Run } from '../harness/run';
import {
	busiestSecond,
	CONTINUE,
	FORBIDDEN,
	NO_CREDITS,
	prompt,
	prompts,
	refused,
	useSimulatedFixture,
} from './fixture';
import { CANCELS } from '../service/responses';

/** After Stop, no task of the execution is left running, whichever item or try it belongs to. */

const NEVER_ENDS = { progress: { byTime: 86_400_000 } };

const fixture = useSimulatedFixture(NEVER_ENDS);

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 5000 };

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
function tally() {
	const tasks = [...fixture.emulator.tasks.values()];
	const cancelled = tasks.filter(({ ending }) => ending?.how === 'cancelled');
	return { tasks: tasks.length, cancelled: cancelled.length };
}

const allCancelled = (count: number) => ({ tasks: count, cancelled: count });

const warnings = ({ logs }: Execution) =>
	logs.filter(({ level }) => level === 'warn').map(({ message }) => message);

/** A create of which the task is made, while its answer is held back until `answer` is called. */
function holdNextCreate(): { answer: () => void } {
	let answer = () => {};
	const until = new Promise<void>((resolve) => (answer = resolve));
	fixture.emulator.answerNext('create', { until }, 1);
	return { answer };
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
		await fixture.untilAnswered('create', count);
		const execution = await stop(run);
		expect(tally()).toEqual(allCancelled(count));
		expect(busiestSecond(fixture.requests('cancel'))).toBeLessThanOrEqual(10);
		expect(warnings(execution)).toEqual([]);
	});

	test('at once, where the service has refused a poll for a minute', async () => {
		fixture.emulator.answerNext('status', refused(60));
		const run = fixture.start({ prompt: 'x' });
		await fixture.untilAnswered('status');
		await fixture.time.pass(100);
		run.stop();
		await fixture.time.pass(5000);
		expect(tally()).toEqual(allCancelled(1));
	});

	test('before the run ends', async () => {
		const run = fixture.start({ prompt: 'x' });
		await fixture.untilAnswered('status');
		run.stop();
		await run.ended;
		expect(tally()).toEqual(allCancelled(1));
	});

	test('also where its create hangs, though the run ends ten seconds after Stop', async () => {
		const held = holdNextCreate();
		const run = fixture.start({ prompt: 'x' });
		while (fixture.requests('create').length === 0) await fixture.time.pass(5);
		const stoppedAt = fixture.time.now;
		run.stop();
		await run.ended;
		expect(fixture.time.now - stoppedAt).toBe(10_000);
		held.answer();
		await fixture.time.pass(1000);
		expect(tally()).toEqual(allCancelled(1));
	});

	test('with Wait off: those whose creates were answered, and the one on its way', async () => {
		const held = holdNextCreate();
		const run = fixture.start({ prompt, waitForCompletion: false }, { items: prompts(3) });
		await fixture.untilAnswered('create', 2);
		await fixture.time.pass(500);
		run.stop();
		await fixture.time.pass(1000);
		held.answer();
		await stop(run);
		expect(tally()).toEqual(allCancelled(3));
	});

	test('under Continue: also that of an item that has failed', async () => {
		const run = fixture.start({ prompt }, { items: prompts(2), settings: CONTINUE });
		fixture.emulator.answerNext('status', FORBIDDEN, 1);
		await fixture.untilAnswered('status', 2);
		await stop(run);
		expect(tally()).toEqual(allCancelled(2));
	});

	test.each([
		['Stop Workflow', {}],
		['Continue', CONTINUE],
	])('between two tries of Retry On Fail, under %s', async (_name, onError) => {
		const settings = { ...RETRY, ...onError };
		const run = fixture.start({ prompt }, { items: prompts(1), settings });
		fixture.emulator.answerNext('status', FORBIDDEN, 1);
		await fixture.untilAnswered('status');
		await fixture.time.pass(1000);
		await stop(run);
		expect(fixture.requests('create')).toHaveLength(1);
		expect(tally()).toEqual(allCancelled(1));
	});

	test('between two tries, with Wait off: that of the item that did not fail', async () => {
		fixture.emulator.answerNext('create', NO_CREDITS);
		const situation = { items: prompts(2), settings: RETRY };
		const run = fixture.start({ prompt, waitForCompletion: false }, situation);
		await fixture.untilAnswered('create', 2);
		await fixture.time.pass(1000);
		await stop(run);
		expect(fixture.requests('create')).toHaveLength(2);
		expect(tally()).toEqual(allCancelled(1));
	});

	test('where Stop comes while a failure waits for the credential store', async () => {
		let open = () => {};
		fixture.emulator.answerNext('status', FORBIDDEN, 100);
		const run = fixture.start({ prompt }, { items: prompts(1), settings: RETRY });
		while (fixture.requests('status').length === 0) await fixture.time.pass(5);
		store.opened = new Promise<void>((resolve) => (open = resolve));
		await fixture.untilAnswered('status');
		await fixture.time.pass(500);
		run.stop();
		await fixture.time.pass(500);
		open();
		await stop(run);
		expect(tally()).toEqual(allCancelled(1));
	});

	// n8n 2 evaluates an expression in a sandbox, which it takes away when the node has run.
	test.each([
		['the item waits', 2000],
		['the item does not wait any more', 12_000],
	])('where the key cannot be read after the run, and %s', async (_what, answeredAfterMs) => {
		const held = holdNextCreate();
		const run = fixture.start({ prompt }, { items: prompts(1) });
		while (fixture.requests('create').length === 0) await fixture.time.pass(5);
		void run.ended.then(() => {
			store.opened = Promise.reject(new Error('No bridge acquired for this context'));
			store.opened.catch(() => undefined);
		});
		run.stop();
		await fixture.time.pass(answeredAfterMs);
		held.answer();
		await stop(run);
		expect(tally()).toEqual(allCancelled(1));
	});
});

describe('a cancel that does not succeed at once is repeated', () => {
	const answers = {
		'404: the service is a little behind itself': CANCELS.notFound(),
		'429 for three seconds': refused(3),
		'500': 'error500',
		'a dropped connection': 'drop',
		'50 MB': 'oversized',
	} as const;

	test.each(Object.entries(answers))('%s', async (_name, answer) => {
		const run = fixture.start({ prompt }, { items: prompts(1) });
		await fixture.untilAnswered('create');
		fixture.emulator.answerNext('cancel', answer, 1);
		const execution = await stop(run);
		expect(tally()).toEqual(allCancelled(1));
		expect(warnings(execution)).toEqual([]);
	});

	test.each([
		['Generate', () => ({ prompt: 'x' })],
		['Get Result', () => ({ operation: 'getResult', requestId: fixture.emulator.addTask().id })],
	])('404 for ten seconds, of %s', async (_operation, parameters) => {
		const run = fixture.start(parameters());
		await fixture.untilAnswered('status');
		fixture.emulator.answerNext('cancel', CANCELS.notFound(), 1000);
		run.stop();
		await fixture.time.pass(10_000);
		fixture.emulator.answerTruly();
		await stop(run, 20_000);
		expect(tally()).toEqual(allCancelled(1));
	});

	test('404 for good: a warning in the log names the task', async () => {
		const run = fixture.start({ prompt }, { items: prompts(1) });
		await fixture.untilAnswered('create');
		fixture.emulator.answerNext('cancel', CANCELS.notFound(), 1000);
		run.stop();
		await fixture.time.pass(20_000);
		const until = fixture.requests('cancel').length;
		expect(until).toBeGreaterThan(1);
		const execution = await stop(run, 60_000);
		expect(warnings(execution).join('\n')).toContain(fixture.onlyTask().id);
		const sent = fixture.requests('cancel').length;
		await fixture.time.pass(120_000);
		expect(fixture.requests('cancel')).toHaveLength(sent);
	});
});

test('with Cancel on Stop off nothing is cancelled, also where Wait is off', async () => {
	const held = holdNextCreate();
	const parameters = { prompt, options: { cancelOnStop: false }, waitForCompletion: false };
	const run = fixture.start(parameters, { items: prompts(2) });
	await fixture.untilAnswered('create', 1);
	run.stop();
	await fixture.time.pass(500);
	held.answer();
	await stop(run);
	expect(fixture.requests('cancel').length).toBe(0);
	expect(tally()).toEqual({ tasks: 2, cancelled: 0 });
});

test('without a Stop, the task of an item that has failed under Continue keeps running', async () => {
	fixture.emulator.configure({ progress: { byTime: 20_000 } });
	fixture.emulator.answerNext('status', FORBIDDEN, 1);
	const execution = await fixture.run({ prompt }, { items: prompts(2), settings: CONTINUE });
	await fixture.time.pass(60_000);
	expect(execution.status).toBe('success');
	expect(fixture.requests('cancel')).toEqual([]);
});

test('a create that never gets its answer is named by the log, as a task may exist', async () => {
	fixture.emulator.answerNext('create', 'hangAfterAccept');
	const run = fixture.start({ prompt: 'x' });
	await fixture.time.pass(2000);
	const execution = await stop(run, 300_000);
	expect(fixture.counts()).toEqual({ creates: 1, statuses: 0, results: 0, cancels: 0 });
	expect(warnings(execution).join()).toMatch(/stopped: .*a task may exist.*item 0/);
});
