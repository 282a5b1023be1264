import type { ScenarioName } from '../emulator';
import { CONTINUE, imageWorkflow, refused, useSimulatedFixture } from './fixture';

/** How often a wait polls, and what happens when its time is up. */

const fixture = useSimulatedFixture();

const TOO_LATE = { status: 400, body: { status: 'ALREADY_COMPLETED' } };

async function generate(scenario: ScenarioName, options: object = {}) {
	fixture.emulator.play(scenario);
	return await fixture.run({ prompt: 'a red apple', options });
}

describe('the time-out', () => {
	const notLost = (id: string) =>
		`The task keeps running. To get its images, use 'Get Result' with request ID ${id}`;

	test.each<[ScenarioName, string, string]>([
		['stuckInQueue', 'was still queued', 'Last status: IN_QUEUE.'],
		['stuckInProgress', 'was still running', 'Last status: IN_PROGRESS.'],
	])('%s: fails and names the request ID and the last status', async (scenario, was, last) => {
		const execution = await generate(scenario, { timeout: 60 });
		const { id } = fixture.onlyTask();
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe(`Task ${id} ${was} after 60 seconds [item 0]`);
		expect(execution.error?.description).toContain(last);
		expect(execution.error?.description).toContain(notLost(id));
		expect(fixture.counts()).toMatchObject({ creates: 1, results: 0, cancels: 0 });
	});

	test('names a status word that is not documented', async () => {
		const warming = { status: 200, body: { status: 'Warming_up', eta: 12 } };
		fixture.emulator.answerNext('status', warming, 1000);
		const execution = await generate('stuckInProgress', { timeout: 30 });
		expect(execution.error?.description).toContain('Last status: WARMING_UP (unknown).');
		const reported = execution.logs.map(({ message }) => message).join('\n');
		expect(reported).toContain('task running, status WARMING_UP (unknown)');
	});

	test('On Timeout: Cancel Task and Fail', async () => {
		const execution = await generate('stuckInQueue', { timeout: 60, onTimeout: 'cancel' });
		const { id, ending } = fixture.onlyTask();
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe(
			`Task ${id} was still queued after 60 seconds and was cancelled [item 0]`,
		);
		expect(execution.error?.description).toContain(
			"increase 'Timeout (Seconds)' and run this item again",
		);
		expect(execution.error?.description).not.toContain('keeps running');
		expect(ending).toMatchObject({ how: 'cancelled' });
		expect(fixture.counts().cancels).toBe(1);
	});

	test('On Timeout: Cancel, which no refused poll holds back', async () => {
		fixture.emulator.answerNext('status', refused(300), 1000);
		await generate('stuckInQueue', { timeout: 60, onTimeout: 'cancel' });
		expect(fixture.onlyTask().ending).toMatchObject({ how: 'cancelled' });
	});

	test('On Timeout: Cancel, and the task had just ended: its image is delivered', async () => {
		const options = { timeout: 60, onTimeout: 'cancel' };
		const execution = await generate('alreadyCompletedAtCancel', options);
		expect(execution.error).toBeUndefined();
		const { id } = fixture.onlyTask();
		expect(await fixture.file(execution.items('Image')[0])).toEqual(await fixture.picture(id));
		expect(fixture.counts()).toMatchObject({ cancels: 1, results: 1 });
	});

	test('On Timeout: Cancel, which comes too late but the status says otherwise', async () => {
		fixture.emulator.answerNext('cancel', TOO_LATE);
		const execution = await generate('stuckInProgress', { timeout: 60, onTimeout: 'cancel' });
		const { id } = fixture.onlyTask();
		expect(execution.error?.message).toBe(`Task ${id} was still running after 60 seconds [item 0]`);
		expect(execution.error?.description).toContain(notLost(id));
	});

	test('On Timeout: Cancel, and Stop while the ended task is asked about: no second cancel', async () => {
		const status = (count: number) => (count > 1 ? ('hang' as const) : undefined);
		fixture.emulator.play({ faults: { status } });
		fixture.emulator.answerNext('cancel', TOO_LATE);
		const options = { timeout: 5, pollInterval: 60, onTimeout: 'cancel' };
		const run = fixture.start({ prompt: 'a red apple', options });
		await fixture.untilAnswered('cancel');
		await fixture.time.pass(1000);
		expect(fixture.counts().statuses).toBe(2);
		run.stop();
		expect((await run.ended).status).toBe('canceled');
		await fixture.time.pass(1000);
		expect(fixture.counts().cancels).toBe(1);
	});

	test('is what ends a wait whose polls are held back, as one of another item was refused', async () => {
		fixture.emulator.answerNext('status', refused(300), 1000);
		const options = { timeout: 60, pollInterval: '={{ $json.seconds }}' };
		const items = [{ seconds: 5 }, { seconds: 10 }];
		const execution = await fixture.run({ prompt: 'x', options }, { items, settings: CONTINUE });
		const message = expect.stringContaining('was not seen to finish within 60 seconds');
		const failed = { json: { error: { message } } };
		expect(execution.items('Image')).toMatchObject([failed, failed]);
	});

	test('says that the task was cancelled, where the answer to the first cancel was lost', async () => {
		fixture.emulator.answerNext('cancel', 'dropAfterAccept');
		const execution = await generate('stuckInQueue', { timeout: 60, onTimeout: 'cancel' });
		expect(execution.error?.message).toContain('after 60 seconds and was cancelled');
		expect(fixture.calls().slice(-3)).toEqual(['cancel', 'cancel', 'status']);
	});

	test('of ten minutes, where it is not set', async () => {
		const execution = await generate('stuckInQueue');
		expect(execution.error?.message).toContain('was still queued after 600 seconds');
	});

	test.each([
		['given as text', { timeout: '5', pollInterval: '1' }, 5],
		['with a poll interval of 0, which means none', { timeout: 5, pollInterval: 0 }, 2],
		['with a poll interval of 0 as text', { timeout: 5, pollInterval: '0' }, 2],
		['with a poll interval left empty', { timeout: 5, pollInterval: '' }, 2],
	])('%s', async (_what, options, statuses) => {
		const execution = await generate('stuckInQueue', options);
		expect(execution.error?.message).toContain('was still queued after 5 seconds');
		expect(fixture.counts().statuses).toBeGreaterThanOrEqual(statuses);
	});

	test('On Timeout: Return Task', async () => {
		const execution = await generate('stuckInProgress', { timeout: 60, onTimeout: 'returnTask' });
		const { id } = fixture.onlyTask();
		expect(execution.status).toBe('success');
		const fields = { status: 'IN_PROGRESS', progress: 0, logs: expect.any(Array) };
		const json = { request_id: id, state: 'running', ...fields };
		expect(execution.items('Image')).toEqual([{ json, pairedItem: { item: 0 } }]);
		expect(fixture.counts().cancels).toBe(0);
	});

	test('On Timeout: Return Task, where no poll was answered', async () => {
		fixture.emulator.answerNext('status', 'drop', 1000);
		const options = { timeout: 5, onTimeout: 'returnTask' };
		const execution = await fixture.run({ prompt: 'a red apple', options });
		const { id } = fixture.onlyTask();
		expect(execution.items('Image')[0]?.json).toMatchObject({ request_id: id, state: 'queued' });
	});

	test('comes though no poll is answered, a second late at most', async () => {
		fixture.emulator.answerNext('status', 'hang', 1000);
		const run = fixture.start({ prompt: 'a red apple', options: { timeout: 60 } });
		await fixture.untilAnswered('create');
		const createdAt = fixture.time.now;
		const execution = await run.ended;
		expect(execution.error?.message).toContain('was not seen to finish within 60 seconds');
		expect(fixture.time.now - createdAt).toBeLessThanOrEqual(61_000);
	});

	test('On Timeout: Return Task, of Get Result', async () => {
		const { id } = fixture.emulator.addTask({}, 'stuckInQueue');
		const options = { timeout: 5, onTimeout: 'returnTask' };
		const execution = await fixture.run({ operation: 'getResult', requestId: id, options });
		const json = { request_id: id, status: 'IN_QUEUE', state: 'queued', queue_position: 0 };
		expect(execution.items('Image')).toEqual([{ json, pairedItem: { item: 0 } }]);
	});
});

describe('how often it polls', () => {
	test('at the given poll interval', async () => {
		const execution = await generate('stuckInQueue', { timeout: 60, pollInterval: 10 });
		expect(execution.error?.message).toContain('was still queued after 60 seconds');
		// Each interval is up to a tenth longer: at 10.5, 21, 31.5, 42, 52.5 and, for the last time, at 60.
		expect(fixture.counts().statuses).toBe(6);
	});

	test('by default, more often than that and not too often', async () => {
		await generate('stuckInQueue', { timeout: 60, pollInterval: 0 });
		expect(fixture.counts().statuses).toBeGreaterThan(10);
		expect(fixture.counts().statuses).toBeLessThan(80);
	});

	test('a task in an unchanged state is logged every ten seconds', async () => {
		const execution = await generate('stuckInQueue', { timeout: 60, pollInterval: 1 });
		const lines = execution.logs.filter(({ message }) => message.includes('task queued'));
		expect(fixture.counts().statuses).toBeGreaterThan(50);
		expect(lines.length).toBeGreaterThanOrEqual(5);
		expect(lines.length).toBeLessThanOrEqual(6);
	});

	test('each change of state is logged, and shown in the console of the editor', async () => {
		const shown: string[] = [];
		const onMessage = (message: string) => shown.push(message);
		const workflow = imageWorkflow({ prompt: 'a red apple' });
		const execution = await fixture.startWorkflow(workflow, { onMessage }).ended;
		const { id } = fixture.onlyTask();
		expect(shown.map((one) => one.split(/ \(| after/)[0])).toEqual(
			['created', 'queued', 'running', 'succeeded'].map((what) =>
				expect.stringContaining(`Task ${id} ${what}`),
			),
		);
		const lines = execution.logs.filter(({ metadata }) => 'elapsedSeconds' in metadata);
		expect(
			lines.map(({ level, message }) => [
				level,
				message.replace(/ \(?\d+ s .*| after \d+ s.*/, ''),
			]),
		).toEqual([
			['debug', 'SeaArt GPT Image 1: task queued'],
			['debug', 'SeaArt GPT Image 1: task running'],
			['info', 'SeaArt GPT Image 1: task succeeded'],
		]);
		for (const { message, metadata } of lines) {
			expect(message).toContain(`task ${id}, execution ${execution.id}, item 0`);
			expect(metadata).toMatchObject({ requestId: id, elapsedSeconds: expect.any(Number) });
		}
	});
});
