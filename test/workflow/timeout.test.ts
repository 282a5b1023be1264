import type { ScenarioName } from '../emulator';
import type { Fault } from '../service/faults';
import { CANCELS, ERRORS } from '../service/responses';
import type { Task } from '../service/task';
import { CONTINUE, FORBIDDEN, prompt, refused, tries, useSimulatedFixture } from './fixture';
import type { Settings } from './workflows';

/** How often a wait polls, and what happens when its time is up. */

const fixture = useSimulatedFixture();

const TOO_LATE = { status: 400, body: { status: 'ALREADY_COMPLETED' } };

async function generate(scenario: ScenarioName, options: object = {}) {
	fixture.emulator.play(scenario);
	return await fixture.run({ prompt: 'a red apple', options });
}

const KEEPS_RUNNING = "The task keeps running. To get its images, use 'Get Result' with request ID";

test.each<[string, ScenarioName, string, string]>([
	['a task in the queue', 'stuckInQueue', 'queued', 'IN_QUEUE'],
	['a task that runs', 'stuckInProgress', 'running', 'IN_PROGRESS'],
])('%s: fails and names the request ID and the last status', async (_what, scenario, was, last) => {
	const execution = await generate(scenario, { timeout: 60 });
	const { id } = fixture.onlyTask();
	const message = `Task ${id} was still ${was} after 60 seconds [item 0]`;
	fixture.expectError(execution, message, `Last status: ${last}.`, `${KEEPS_RUNNING} ${id}`);
	expect(fixture.counts()).toMatchObject({ creates: 1, results: 0, cancels: 0 });
});

test('Get Result: On Timeout counts although no result can be asked for', async () => {
	const { id: requestId } = fixture.emulator.addTask({}, 'stuckInProgress');
	fixture.emulator.answerNext('result', { status: 500, body: {} }, 1000);
	const options = { timeout: 5, onTimeout: 'cancel' };
	const startedAt = fixture.time.now;
	const execution = await fixture.run({ operation: 'getResult', requestId, options });
	expect(fixture.time.now - startedAt).toBeLessThan(15_000);
	const outcome = 'was still running after 5 seconds and was cancelled [item 0]';
	fixture.expectError(execution, `Task ${requestId} ${outcome}`);
	expect(fixture.counts()).toMatchObject({ creates: 0, cancels: 1 });
});

describe('how long it waits, and how often it polls', () => {
	test.each([
		['ten minutes, where nothing is set', {}, 600, 20, 200],
		['automatically with a poll interval of 0', { timeout: 60, pollInterval: 0 }, 60, 11, 79],
		// Each interval is up to a tenth longer: at 10.5, 21, 31.5, 42, 52.5 and, for the last time, at 60.
		['at a poll interval', { timeout: 60, pollInterval: 10 }, 60, 6, 6],
		['given as text', { timeout: '5', pollInterval: '1' }, 5, 5, 5],
		['with a poll interval left empty', { timeout: 5, pollInterval: '' }, 5, 2, 10],
	])('%s', async (_what, options, seconds, least, most) => {
		const execution = await generate('stuckInQueue', options);
		expect(execution.error?.message).toContain(`was still queued after ${seconds} seconds`);
		expect(fixture.counts().statuses).toBeGreaterThanOrEqual(least);
		expect(fixture.counts().statuses).toBeLessThanOrEqual(most);
	});

	test('where the polls are held back, as one of another item was refused', async () => {
		fixture.emulator.answerNext('status', refused(300), 1000);
		const options = { timeout: 60, pollInterval: '={{ $json.seconds }}' };
		const items = [{ seconds: 5 }, { seconds: 10 }];
		const execution = await fixture.run({ prompt: 'x', options }, { items, settings: CONTINUE });
		const message = expect.stringContaining('was not seen to finish within 60 seconds');
		const failed = { json: { error: { message } } };
		expect(execution.items('Image')).toMatchObject([failed, failed]);
	});

	test('where no poll is answered, a second longer at most', async () => {
		fixture.emulator.answerNext('status', 'hang', 1000);
		const run = fixture.start({ prompt: 'a red apple', options: { timeout: 60 } });
		await fixture.answered('create');
		const createdAt = fixture.time.now;
		const execution = await run.ended;
		expect(execution.error?.message).toContain('was not seen to finish within 60 seconds');
		expect(fixture.time.now - createdAt).toBeLessThanOrEqual(61_000);
	});

	test.each([
		['an hour back', -3_600_000],
		['two hours forward', 7_200_000],
	])("the system's clock is set %s: a time-out is kept", async (_jump, byMs) => {
		fixture.emulator.play('stuckInQueue');
		const started = fixture.time.now;
		const run = fixture.start({ prompt: 'x', options: { pollInterval: 5, timeout: 60 } });
		await fixture.answered('status');
		fixture.time.moveWallClock(byMs);
		expect((await run.ended).error?.message).toContain('was still queued after 60 seconds');
		expect(Math.round((fixture.time.now - started) / 1000)).toBe(60);
	});
});

describe('what the tasks of an execution have taken tells when those that follow are polled', () => {
	/** The ages in s at which a task is polled first; later where it need not be asked soon. */
	const UNLEARNED = [3, 3];
	const LEARNED = [6, 12];
	const BLOCKED = { prompt: 'a pear [failsWithContentBlocked]' };
	const elevenSlow = Array<object>(11).fill({});

	test.each<[string, object[], Settings, number[]]>([
		['the first of its kind is polled early', [{}], {}, UNLEARNED],
		['the second is not', [{}, {}], {}, LEARNED],
		['one of another kind learns nothing', [{}, { quality: 'high' }], {}, UNLEARNED],
		['one that has failed tells nothing', [BLOCKED, {}], CONTINUE, UNLEARNED],
		['one of an earlier try tells nothing', [{}, {}], tries(2), UNLEARNED],
		['what lies ten tasks back is forgotten', [{ prompt: 'fast' }, ...elevenSlow], {}, LEARNED],
	])('%s', async (_what, items, settings, polledAt) => {
		const byTime = ({ parameters }: Pick<Task, 'parameters'>) =>
			parameters.prompt === 'fast' ? 9_000 : 60_000;
		fixture.emulator.configure({ progress: { byTime } });
		if (settings.retryOnFail) fixture.emulator.answerNext('status', FORBIDDEN);
		const quality = '={{ $json.quality ?? "auto" }}';
		const parameters = { prompt, quality, downloadImages: false, options: { maxTasksInFlight: 1 } };
		const given = items.map((one) => ({ prompt: 'an apple', ...one }));
		await fixture.run(parameters, { items: given, settings });
		const create = fixture.requests('create').at(-1)!;
		const polls = fixture.requests('status').filter((one) => one.requestId === create.requestId);
		const ages = polls.slice(0, 2).map(({ at }) => Math.round((at - create.at) / 1000));
		expect(ages).toEqual(polledAt);
	});
});

describe('On Timeout: Cancel Task and Fail', () => {
	const options = { timeout: 60, onTimeout: 'cancel' };
	const CANCELLED = ' and was cancelled';
	const NOT_CANCELLED = ' and could not be cancelled';
	const INCREASE = "increase 'Timeout (Seconds)' and run this item again";

	test.each<[string, Fault | undefined, number, string, string]>([
		['is accepted', undefined, 0, CANCELLED, INCREASE],
		['was accepted, but the response lost', 'dropAfterAccept', 1, CANCELLED, INCREASE],
		['comes too late, but the status says otherwise', TOO_LATE, 1, '', KEEPS_RUNNING],
		['is refused', ERRORS.notAllowed(), 1000, NOT_CANCELLED, 'cancel'],
		['is unknown', CANCELS.notFound(), 1000, NOT_CANCELLED, 'cancel'],
	])('and the cancel %s', async (_what, answer, times, end, advice) => {
		if (answer) fixture.emulator.answerNext('cancel', answer, times);
		const execution = await generate('stuckInQueue', options);
		const message = `Task ${fixture.onlyTask().id} was still queued after 60 seconds${end} [item 0]`;
		fixture.expectError(execution, message, advice);
	});

	test('and a poll was refused, which does not hold the cancel back', async () => {
		fixture.emulator.answerNext('status', refused(300), 1000);
		await generate('stuckInQueue', options);
		expect(fixture.onlyTask().ending).toMatchObject({ how: 'cancelled' });
	});

	test('On Timeout: Cancel, and the task had just ended: its image is delivered', async () => {
		const execution = await generate('alreadyCompletedAtCancel', options);
		expect(execution.error).toBeUndefined();
		await fixture.expectItsFile(execution.items('Image')[0]);
		expect(fixture.counts()).toMatchObject({ cancels: 1, results: 1 });
	});

	test('and Stop while the ended task is asked about: no second cancel', async () => {
		fixture.emulator.play({ faults: { status: (count) => (count > 1 ? 'hang' : undefined) } });
		fixture.emulator.answerNext('cancel', TOO_LATE);
		const pollOnce = { ...options, timeout: 5, pollInterval: 60 };
		const run = fixture.start({ prompt: 'x', options: pollOnce });
		await fixture.answered('cancel');
		await fixture.time.pass(1000);
		run.stop();
		expect((await run.ended).status).toBe('canceled');
		await fixture.time.pass(1000);
		expect(fixture.counts()).toMatchObject({ statuses: 2, cancels: 1 });
	});
});

describe('On Timeout: Return Task', () => {
	const options = { timeout: 60, onTimeout: 'returnTask' };

	test.each(['generate', 'getResult'])('of %s', async (operation) => {
		fixture.emulator.play('stuckInProgress');
		const requestId =
			operation === 'getResult' && fixture.emulator.addTask({}, 'stuckInProgress').id;
		const execution = await fixture.run({ operation, prompt: 'x', requestId, options });
		expect(execution.status).toBe('success');
		const fields = { status: 'IN_PROGRESS', progress: 0, logs: expect.any(Array) };
		const json = { request_id: fixture.onlyTask().id, state: 'running', ...fields };
		expect(fixture.onlyItem(execution).json).toEqual(json);
		expect(fixture.counts().cancels).toBe(0);
	});

	test('where no poll was answered', async () => {
		fixture.emulator.answerNext('status', 'drop', 1000);
		const execution = await fixture.run({ prompt: 'x', options: { ...options, timeout: 5 } });
		const { id } = fixture.onlyTask();
		expect(execution.items('Image')[0]?.json).toMatchObject({ request_id: id, state: 'queued' });
	});
});

describe('what is logged', () => {
	test('a task in an unchanged state every ten seconds', async () => {
		const execution = await generate('stuckInQueue', { timeout: 60, pollInterval: 1 });
		const lines = execution.logs.filter(({ message }) => message.includes('task queued'));
		expect(fixture.counts().statuses).toBeGreaterThan(50);
		expect(lines.length).toBeGreaterThanOrEqual(5);
		expect(lines.length).toBeLessThanOrEqual(6);
	});

	test('each change of state, which is shown in the console of the editor, too', async () => {
		const shown: string[] = [];
		const onMessage = (message: string) => shown.push(message);
		const execution = await fixture.run({ prompt: 'a red apple' }, { onMessage });
		const { id } = fixture.onlyTask();
		expect(shown.map((line) => line.split(/ \(| after/)[0])).toEqual(
			['created', 'queued', 'running', 'succeeded'].map((what) =>
				expect.stringContaining(`Task ${id} ${what}`),
			),
		);
		const lines = execution.logs.filter(({ metadata }) => 'elapsedSeconds' in metadata);
		const about = `task ${id}, execution ${execution.id}, item 0`;
		expect(lines).toMatchObject(
			['queued', 'running', 'succeeded'].map((what) => ({
				level: what === 'succeeded' ? 'info' : 'debug',
				message: expect.stringMatching(`^SeaArt GPT Image 1: task ${what} .*\\d+ s .*${about}`),
				metadata: { requestId: id, elapsedSeconds: expect.any(Number) },
			})),
		);
	});
});
