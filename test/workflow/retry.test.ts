import type { RecordedRequest } from '../emulator';
import {
	CONTINUE,
	FORBIDDEN,
	imageWorkflow,
	NO_CREDITS,
	prompt,
	tries,
	useSimulatedFixture,
} from './fixture';

/** Runs of which an item fails: what is created again, what is kept, and what the error says. */

const fixture = useSimulatedFixture();

const BLOCKED = 'a pear [failsWithContentBlocked]';
const items = [{ prompt: 'an apple' }, { prompt: BLOCKED }, { prompt: 'a plum' }];

/** The request ID of the `nth` task that is created for a prompt, once it is there. */
async function createdFor(name: string, nth = 1): Promise<string> {
	const isFor = ({ call, body }: RecordedRequest) =>
		call === 'create' && (body as { prompt: string }).prompt === name;
	const { requestId } = await fixture.emulator.whenRequested(
		(request) =>
			isFor(request) &&
			request.status > 0 &&
			fixture.emulator.requests.filter(isFor).indexOf(request) === nth - 1,
	);
	return requestId!;
}

describe('no task is created twice', () => {
	test('Retry On Fail: of three items one always fails, three tries, five creates', async () => {
		const execution = await fixture.run({ prompt }, { items, settings: tries(3) });
		expect(execution.status).toBe('error');
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 1, [BLOCKED]: 3, 'a plum': 1 });

		const again = await fixture.retry(execution);
		expect(again.status).toBe('error');
		// Three tries more of the one that fails, and nothing else.
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 1, [BLOCKED]: 6, 'a plum': 1 });
	});

	test('"Retry execution" delivers what was finished and creates what has failed', async () => {
		const two = 'two [stuckInQueue]';
		const names = ['one', two, 'three'];
		const run = fixture.start({ prompt }, { items: names.map((name) => ({ prompt: name })) });
		fixture.emulator.end(await createdFor(two), 'failed');
		const execution = await run.ended;
		expect(execution.status).toBe('error');
		expect(execution.items('Image')).toEqual([]);
		expect(fixture.createsByPrompt()).toEqual({ one: 1, [two]: 1, three: 1 });

		const again = fixture.startRetry(execution);
		fixture.emulator.end(await createdFor(two, 2));
		const retried = await again.ended;
		expect(retried.status).toBe('success');
		expect(fixture.createsByPrompt()).toEqual({ one: 1, [two]: 2, three: 1 });
		for (const [item, image] of retried.items('Image').entries()) {
			expect(image.pairedItem).toEqual({ item });
			expect(image.json.request_id).toBe(fixture.requestIdFor(names[item]!));
			expect(await fixture.file(image)).toEqual(await fixture.picture(image.json.request_id));
		}
	});

	test('a failed download', async () => {
		fixture.emulator.play('imageGoneOnce');
		const execution = await fixture.run({ prompt: 'an apple' }, { settings: tries(2) });
		expect(execution.status).toBe('success');
		expect(execution.items('Image')).toHaveLength(1);
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 1 });
		// A task that has succeeded is not asked about again.
		expect(fixture.calls().lastIndexOf('status')).toBeLessThan(fixture.calls().indexOf('result'));
		const lines = execution.logs.map(({ message }) => message);
		expect(lines.filter((line) => line.includes('resumed from an earlier attempt'))).toHaveLength(
			1,
		);
	});

	test('a failed status, and the next try asks at once', async () => {
		fixture.emulator.answerNext('status', FORBIDDEN);
		const parameters = { prompt: 'an apple', options: { pollInterval: 60 } };
		await fixture.run(parameters, { settings: tries(2) });
		const [failed, next] = fixture.requests('status').map(({ at }) => at);
		expect(next! - failed!).toBeLessThan(10_000);
	});

	test('a failed status, result or wait', async () => {
		fixture.emulator.answerNext('status', FORBIDDEN);
		fixture.emulator.answerNext('result', FORBIDDEN);
		fixture.emulator.play('slow');
		const parameters = { prompt: 'an apple', options: { timeout: 3, pollInterval: 1 } };
		const execution = await fixture.run(parameters, { settings: tries(5) });
		expect(execution.status).toBe('success');
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 1 });
	});

	test('under Continue, where n8n runs the node again if the first item has failed', async () => {
		const [apple, pear, plum] = items;
		const settings = { ...CONTINUE, ...tries(3) };
		const execution = await fixture.run({ prompt }, { items: [pear!, apple!, plum!], settings });
		expect(execution.items('Image')).toHaveLength(3);
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 1, [BLOCKED]: 3, 'a plum': 1 });
	});

	test('a create without a response: not by Retry On Fail, but by "Retry execution"', async () => {
		fixture.emulator.play('createAcceptedButDropped');
		const execution = await fixture.run({ prompt: 'an apple' }, { settings: tries(3) });
		expect(execution.error?.message).toBe(
			'Could not confirm the new task: an earlier attempt got no response, so a task may exist [item 0]',
		);
		expect(execution.error?.description).toContain('to avoid a double charge');
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 1 });

		const again = await fixture.retry(execution);
		expect(again.status).toBe('success');
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 2 });
	});

	test('a create that was refused is sent again by every try', async () => {
		fixture.emulator.answerNext('create', NO_CREDITS, 2);
		const execution = await fixture.run({ prompt: 'an apple' }, { settings: tries(3) });
		expect(execution.status).toBe('success');
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 3 });
		expect(fixture.emulator.tasks.size).toBe(1);
	});
});

describe('with Wait for Completion off', () => {
	/** Creates two tasks: that of the second item at the first try, the other at the second. */
	async function createAtSecondTry() {
		fixture.emulator.play('insufficientCredits', { prompt: 'one' });
		const two = [{ prompt: 'one' }, { prompt: 'two' }];
		const parameters = { prompt, waitForCompletion: false };
		const execution = await fixture.run(parameters, { items: two, settings: tries(2) });
		expect(execution.status).toBe('success');
		expect(fixture.createsByPrompt()).toEqual({ one: 2, two: 1 });
		return execution.items('Image').map(({ json }) => json);
	}

	test('a task of an earlier try is put out as it stands by now', async () => {
		// The first one is put out as its create described it, without a status.
		expect((await createAtSecondTry()).map(({ status, state }) => [status, state])).toEqual([
			[undefined, 'queued'],
			['IN_QUEUE', 'queued'],
		]);
		expect(fixture.counts()).toMatchObject({ creates: 3, statuses: 1 });
	});

	test('one that has failed meanwhile is an item with the state failed, and no error', async () => {
		const body = { status: 'COMPLETED', error: 'bad', error_type: 'INFERENCE_FAILURE' };
		fixture.emulator.answerNext('status', { status: 200, body });
		const [, failed] = await createAtSecondTry();
		const failure = { message: 'bad', error_type: 'INFERENCE_FAILURE' };
		expect(failed).toMatchObject({ state: 'failed', failure });
		expect(failed).not.toHaveProperty('error');
	});
});

describe('Retry On Fail resumes also where an expression yields another prompt at each try', () => {
	const parameters = { prompt: '=an apple {{ Date.now() }}' };

	test('after a create of another item was refused', async () => {
		fixture.emulator.answerNext('create', NO_CREDITS);
		const execution = await fixture.run(parameters, { items: [{}, {}], settings: tries(2) });
		expect(execution.status).toBe('success');
		expect(fixture.emulator.tasks.size).toBe(2);
	});

	test.each(['status', 'image'] as const)(
		'under Continue, after its %s was refused',
		async (call) => {
			fixture.emulator.answerNext(call, NO_CREDITS);
			const execution = await fixture.run(parameters, { settings: { ...CONTINUE, ...tries(2) } });
			expect(execution.items('Image')[0]?.json).toMatchObject({ state: 'succeeded' });
			expect(fixture.emulator.tasks.size).toBe(1);
		},
	);
});

describe('a new task is made', () => {
	test('for another body', async () => {
		const options = { timeout: 1 };
		fixture.emulator.play('stuckInQueue');
		const parameters = { prompt: '=an apple, {{ $execution.id }}', options };
		const execution = await fixture.run(parameters);
		expect(execution.error?.message).toContain('was still queued after 1 second [item 0]');
		const again = await fixture.retry(execution);
		expect(Object.keys(fixture.createsByPrompt())).toEqual([
			`an apple, ${execution.id}`,
			`an apple, ${again.id}`,
		]);
	});

	test('for another run of the node in the same execution', async () => {
		const workflow = imageWorkflow({ prompt: 'an apple' }, tries(2));
		const image = { node: 'Image', type: 'main', index: 0 } as const;
		for (const name of ['Left', 'Right']) {
			workflow.nodes.push({ ...workflow.nodes[0]!, id: name, name, type: 'n8n-nodes-base.noOp' });
			workflow.connections[name] = { main: [[image]] };
		}
		workflow.connections.Start = {
			main: [['Left', 'Right'].map((node) => ({ ...image, node }))],
		};
		fixture.emulator.play('imageGoneOnce', { times: 2 });
		const execution = await fixture.startWorkflow(workflow).ended;
		expect(execution.status).toBe('success');
		const runs = [0, 1].map((run) => execution.items('Image', 0, run)[0]?.json.request_id);
		expect(new Set(runs).size).toBe(2);
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 2 });
	});

	test('for another item with the same prompt', async () => {
		await fixture.run({ prompt: 'an apple' }, { items: [{}, {}] });
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 2 });
	});

	test('for another execution', async () => {
		await fixture.run({ prompt: 'an apple' });
		await fixture.run({ prompt: 'an apple' });
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 2 });
	});

	test.each([
		['when On Timeout has cancelled the one before', 'stuckInQueue', []],
		[
			'when the one before has failed after it was resumed',
			'failsWithInferenceFailure',
			[FORBIDDEN],
		],
		['when somebody else has cancelled the one before', 'cancelledElsewhere', []],
	] as const)('%s', async (_when, scenario, statuses) => {
		for (const answer of statuses) fixture.emulator.answerNext('status', answer);
		fixture.emulator.play(scenario);
		const parameters = { prompt: 'an apple', options: { timeout: 30, onTimeout: 'cancel' } };
		const execution = await fixture.run(parameters, { settings: tries(3) });
		expect(execution.status).toBe('success');
		expect(fixture.createsByPrompt()).toEqual({ 'an apple': 2 });
	});

	test('when the one before has failed, and a try that does not wait has seen it', async () => {
		const parameters = { prompt, waitForCompletion: false };
		const two = [{ prompt: 'one' }, { prompt: 'two' }];
		fixture.emulator.play('insufficientCredits', { prompt: 'one', times: 2 });
		const run = fixture.start(parameters, { items: two, settings: { ...CONTINUE, ...tries(3) } });
		await fixture.untilAnswered('create', 2);
		// The second try finds that the second task has failed, and fails itself with the first item.
		fixture.emulator.end(fixture.onlyTask().id, 'failed');
		await run.ended;
		expect(fixture.createsByPrompt()).toEqual({ one: 3, two: 2 });
	});
});
