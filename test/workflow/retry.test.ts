import { ENDINGS } from '../service/endings';
import { CONTINUE, FORBIDDEN, NO_CREDITS, prompt, tries, useSimulatedFixture } from './fixture';
import { imageWorkflow } from './workflows';

/** Runs of which an item fails: what is created again, what is kept, and what the error says. */

const fixture = useSimulatedFixture();

const one = { prompt: 'an apple' };
const BLOCKED = 'a pear [failsWithContentBlocked]';
const two = [{ prompt: 'one' }, { prompt: 'two' }];

describe('no task is created twice', () => {
	test('Retry On Fail: of three items one always fails, three tries, five creates', async () => {
		const items = [one, { prompt: BLOCKED }, { prompt: 'a plum' }];
		const execution = await fixture.run({ prompt }, { items, settings: tries(3) });
		expect(execution.status).toBe('error');
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 1, [BLOCKED]: 3, 'a plum': 1 });

		const again = await fixture.retry(execution);
		expect(again.status).toBe('error');
		// Three tries more of the one that fails, and nothing else.
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 1, [BLOCKED]: 6, 'a plum': 1 });
	});

	test('"Retry execution" delivers what was finished and creates what has failed', async () => {
		fixture.emulator.play({ times: 3, ending: ENDINGS.failed }, { prompt: 'two' });
		const items = [...two, { prompt: 'three' }];
		const execution = await fixture.run({ prompt }, { items });
		expect(execution.status).toBe('error');
		expect(execution.items('Image')).toEqual([]);
		expect(fixture.createsByPrompt()).toEqual({ one: 1, two: 1, three: 1 });

		const retried = await fixture.retry(execution);
		expect(retried.status).toBe('success');
		expect(fixture.createsByPrompt()).toEqual({ one: 1, two: 2, three: 1 });
		expect(
			retried.items('Image').map(({ json, pairedItem }) => [json.request_id, pairedItem]),
		).toEqual(items.map((its, item) => [fixture.requestIdFor(its.prompt), { item }]));
		for (const image of retried.items('Image')) await fixture.expectItsFile(image);
	});

	test('a failed download', async () => {
		fixture.emulator.play('imageGoneOnce');
		const execution = await fixture.run(one, { settings: tries(2) });
		expect(execution.status).toBe('success');
		expect(execution.items('Image')).toHaveLength(1);
		expect(fixture.counts().creates).toBe(1);
		// A task that has succeeded is not asked about again.
		expect(fixture.calls().lastIndexOf('status')).toBeLessThan(fixture.calls().indexOf('result'));
		const lines = execution.logs.filter(({ message }) =>
			message.includes('resumed from an earlier'),
		);
		expect(lines).toHaveLength(1);
	});

	test('a failed status, result or wait, and the next try asks at once', async () => {
		fixture.emulator.answerNext('status', FORBIDDEN);
		fixture.emulator.answerNext('result', FORBIDDEN);
		fixture.emulator.play('slow');
		const options = { timeout: 8, pollInterval: 7 };
		const execution = await fixture.run({ ...one, options }, { settings: tries(5) });
		expect(execution.status).toBe('success');
		expect(fixture.counts().creates).toBe(1);
		const [failed, next] = fixture.requests('status').map(({ at }) => at);
		expect(next! - failed!).toBeLessThan(5000);
	});

	test('a create without a response: not by Retry On Fail, but by "Retry execution"', async () => {
		fixture.emulator.play('createAcceptedButDropped');
		const execution = await fixture.run(one, { settings: tries(3) });
		const reason = 'the connection was lost, so a task may exist [item 0]';
		const message = `Could not confirm the new task: ${reason}`;
		fixture.expectError(execution, message, 'to avoid a double charge');
		expect(fixture.counts().creates).toBe(1);

		const again = await fixture.retry(execution);
		expect(again.status).toBe('success');
		expect(fixture.counts().creates).toBe(2);
	});

	test('a create that was refused is sent again by every try', async () => {
		fixture.emulator.answerNext('create', NO_CREDITS, 2);
		const execution = await fixture.run(one, { settings: tries(3) });
		expect(execution.status).toBe('success');
		expect(fixture.counts().creates).toBe(3);
		expect(fixture.emulator.tasks.size).toBe(1);
	});
});

test('with Wait for Completion off, a task of an earlier try is put out as it stands by now', async () => {
	fixture.emulator.play('insufficientCredits', { prompt: 'one' });
	const parameters = { prompt, waitForCompletion: false };
	const execution = await fixture.run(parameters, { items: two, settings: tries(2) });
	// The first one is put out as its create described it, without a status.
	expect(execution.items('Image')).toMatchObject([
		{ json: { state: 'queued', response_url: expect.any(String) } },
		{ json: { state: 'queued', status: 'IN_QUEUE' } },
	]);
	expect(fixture.createsByPrompt()).toEqual({ one: 2, two: 1 });
	expect(fixture.counts().statuses).toBe(1);
});

describe('Retry On Fail resumes also where an expression yields another prompt at each try', () => {
	test.each([
		['after a create of another item was refused', 'create', {}, [{}, {}]],
		['under Continue, after its status was refused', 'status', CONTINUE, [{}]],
		['under Continue, after its download was refused', 'image', CONTINUE, [{}]],
	] as const)('%s', async (_when, call, onError, items) => {
		fixture.emulator.answerNext(call, NO_CREDITS);
		const situation = { items: [...items], settings: { ...onError, ...tries(2) } };
		const execution = await fixture.run({ prompt: '=an apple {{ Date.now() }}' }, situation);
		expect(execution.items('Image').map(({ json }) => json.state)).toEqual(
			items.map(() => 'succeeded'),
		);
		expect(fixture.emulator.tasks.size).toBe(items.length);
	});
});

describe('a new task is made', () => {
	test('for another run of the node in the same execution', async () => {
		const workflow = imageWorkflow(one, tries(2));
		const [toImage] = workflow.connections.Start!.main![0]!;
		const id = 'Aside';
		workflow.nodes.push({ ...workflow.nodes[0]!, id, name: id, type: 'n8n-nodes-base.noOp' });
		workflow.connections.Start!.main![0]!.push({ ...toImage!, node: id });
		workflow.connections[id] = { main: [[toImage!]] };
		fixture.emulator.play('imageGoneOnce', { times: 2 });
		const execution = await fixture.startWorkflow(workflow).ended;
		expect(execution.status).toBe('success');
		const runs = [0, 1].map((run) => execution.items('Image', 0, run)[0]?.json.request_id);
		expect(new Set(runs).size).toBe(2);
		expect(fixture.counts().creates).toBe(2);
	});

	test.each([
		['when On Timeout has cancelled the one before', 'stuckInQueue', 0],
		['when the one before has failed after it was resumed', 'failsWithInferenceFailure', 1],
		['when someone else has cancelled the one before', 'cancelledElsewhere', 0],
	] as const)('%s', async (_when, scenario, refusedStatuses) => {
		if (refusedStatuses > 0) fixture.emulator.answerNext('status', FORBIDDEN);
		fixture.emulator.play(scenario);
		const options = { timeout: 30, onTimeout: 'cancel' };
		const execution = await fixture.run({ ...one, options }, { settings: tries(3) });
		expect(execution.status).toBe('success');
		expect(fixture.counts().creates).toBe(2);
	});

	test('when the one before has failed, and a try that does not wait has seen it', async () => {
		const parameters = { prompt, waitForCompletion: false };
		fixture.emulator.play('insufficientCredits', { prompt: 'one', times: 2 });
		const run = fixture.start(parameters, { items: two, settings: { ...CONTINUE, ...tries(3) } });
		await fixture.answered('create', 2);
		// The second try finds that the second task has failed, and fails itself with the first item.
		fixture.emulator.end(fixture.onlyTask().id, 'failed');
		await run.ended;
		expect(fixture.createsByPrompt()).toEqual({ one: 3, two: 2 });
	});
});
