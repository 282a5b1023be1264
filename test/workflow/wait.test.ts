import type { Scenario, ScenarioName } from '../emulator';
import type { Fault } from '../service/faults';
import { ERRORS } from '../service/responses';
import { anotherTask, lowerCase, RESULTS, words } from '../service/variations';
import { useSimulatedFixture } from './fixture';

/** Waiting until a task has ended, whatever the service says on the way. */

const fixture = useSimulatedFixture();

async function generate(scenario: ScenarioName | Scenario) {
	fixture.emulator.play(scenario);
	return await fixture.run({ prompt: 'a red apple' });
}

const first = (times: number, fault: Fault) => (count: number) =>
	count <= times ? fault : undefined;

const statuses = (times: number, fault: Fault): Scenario => ({
	faults: { status: first(times, fault) },
});

const result = (variation: keyof typeof RESULTS): Scenario => ({
	answers: { result: RESULTS[variation] },
});

const WARMING_UP = { IN_QUEUE: 'WARMING_UP', IN_PROGRESS: 'WARMING_UP' };
const notYet = { status: 202, body: { status: 'IN_PROGRESS' } };

describe('brings an image all the same', () => {
	test.each<[string, ScenarioName | Scenario, object?]>([
		['status words in lower case', { answers: { status: lowerCase } }],
		['unknown status words', { answers: { status: words(WARMING_UP) } }],
		['a task that is slow', 'slow', { statuses: 9 }],
		['a create that is refused once', 'rateLimitedOnce', { creates: 2 }],
		['a status that is refused twice', statuses(2, 'rateLimited')],
		['a status that fails once', statuses(1, 'error500')],
		["a gateway's page as a status", statuses(1, 'htmlError502')],
		['a status that breaks off', statuses(1, 'truncateQuietly')],
		['a connection that breaks at a status', statuses(1, 'drop')],
		['a task that is unknown at first', statuses(1, ERRORS.notFound())],
		['a result that is late', { faults: { result: first(2, notYet) } }, { results: 3 }],
		['a result of the older shape', result('older')],
		['a text among the outputs', result('withText')],
	])('%s', async (_what, scenario, calls = {}) => {
		const execution = await generate(scenario);
		expect(execution.error).toBeUndefined();
		const [item, ...more] = execution.items('Image');
		const { id } = fixture.onlyTask();
		expect(more).toEqual([]);
		const json = { request_id: id, state: 'succeeded', index: 0, url: fixture.urlOf(id) };
		expect(item?.json).toMatchObject({ ...json, content_type: 'image/png' });
		expect(await fixture.file(item)).toEqual(await fixture.picture(id));
		expect(fixture.counts()).toEqual({ creates: 1, statuses: 3, results: 1, cancels: 0, ...calls });
	});
});

test('a status response with outputs and no status says that the task has ended', async () => {
	const body = { outputs: [{ type: 'image', url: 'x' }] };
	fixture.emulator.answerNext('status', { status: 200, body });
	const run = fixture.start({ prompt: 'a red apple' });
	const { requestId } = await fixture.emulator.whenRequested(({ call }) => call === 'status');
	fixture.emulator.end(requestId!);
	expect((await run.ended).items('Image')).toHaveLength(1);
	expect(fixture.counts()).toMatchObject({ statuses: 1, results: 1 });
});

describe('fails', () => {
	test.each<[ScenarioName, string, string, string]>([
		[
			'failsWithContentBlocked',
			'was blocked by the safety policy (CONTENT_BLOCKED)',
			"Change 'Prompt' and run this item again.",
			'Your request was rejected by the safety system',
		],
		[
			'failsWithInferenceFailure',
			'failed: the model could not generate the image (INFERENCE_FAILURE)',
			"To try again with a new task, select 'Retry execution' on this execution",
			'MODEL_ERROR: The model failed | upstream_5003: resource preexisting on worker',
		],
		// It ends in an error: a task that somebody else has cancelled is no Stop.
		[
			'cancelledElsewhere',
			'was cancelled',
			"select 'Retry execution' on this execution",
			'Request was canceled',
		],
	])('%s', async (scenario, what, advice, said) => {
		const execution = await generate(scenario);
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toBe(`Task ${fixture.onlyTask().id} ${what} [item 0]`);
		expect(execution.error?.description).toContain(advice);
		expect(execution.error?.description).toContain(`SeaArt Cloud says: "${said}"`);
		expect(fixture.counts()).toEqual({ creates: 1, statuses: 3, results: 0, cancels: 0 });
		fixture.expectNoKey(execution);
	});

	test.each<[string, Scenario, string, string, object]>([
		[
			'no output for half a minute',
			result('empty'),
			'result',
			'it has no image',
			{ results: expect.any(Number) },
		],
		[
			'a result that is refused: the status is polled again, and knows of no failure',
			result('refused'),
			'result',
			'SeaArt Cloud refused the request (HTTP 422)',
			{ statuses: 4 },
		],
		[
			'anotherRequestId: the responses are not used',
			{ answers: { status: anotherTask } },
			'status',
			'the response is about another task',
			{ statuses: 10, results: 0 },
		],
	])('%s', async (_what, scenario, call, reason, calls) => {
		const execution = await generate(scenario);
		const { id } = fixture.onlyTask();
		expect(execution.error?.message).toBe(
			`Could not get the ${call} of task ${id}: ${reason} [item 0]`,
		);
		expect(execution.error?.description).toContain(`with request ID ${id}`);
		expect(fixture.counts()).toEqual({ creates: 1, statuses: 3, results: 1, cancels: 0, ...calls });
	});

	test('an error of which only the result speaks: believed after half a minute', async () => {
		const execution = await generate(result('failed'));
		const { id } = fixture.onlyTask();
		expect(execution.error?.message).toBe(
			`Task ${id} was blocked by the safety policy (CONTENT_BLOCKED) [item 0]`,
		);
		const { creates, statuses, results } = fixture.counts();
		expect({ creates, statuses }).toEqual({ creates: 1, statuses: 4 });
		expect(results).toBeGreaterThan(3);
		expect(results).toBeLessThan(12);
	});

	const blocked = { status: 'COMPLETED', error: 'blocked', error_type: 'CONTENT_BLOCKED' };

	test.each([
		['the result has a status word', { status: 200, body: blocked }, 'was blocked by the safety'],
		['the status says so, too', { status: 422, body: {} }, 'failed: the model could not generate'],
	])('a failure told after a success is believed at once where %s', async (_where, late, what) => {
		const requestId = fixture.endedTask('failed');
		fixture.emulator.answerNext('result', notYet);
		fixture.emulator.answerNext('status', { status: 200, body: { status: 'COMPLETED' } });
		fixture.emulator.answerNext('result', late);
		const execution = await fixture.run({ operation: 'getResult', requestId });
		expect(execution.error?.message).toContain(`Task ${requestId} ${what}`);
		expect(fixture.counts().results).toBe(2);
	});

	test('a result that stays away after the task has succeeded is given up after three minutes', async () => {
		const requestId = fixture.endedTask();
		fixture.emulator.answerNext('result', notYet, 100);
		const execution = await fixture.run({ operation: 'getResult', requestId });
		expect(execution.error?.message).toBe(
			`Could not get the result of task ${requestId}: it was not available after 180 seconds [item 0]`,
		);
		expect(execution.error?.description).toContain('The task has succeeded.');
		expect(execution.error?.description).not.toMatch(/Timeout|still running|keeps running/);
		expect(fixture.counts().results).toBeGreaterThan(5);
		expect(fixture.counts().results).toBeLessThan(30);
	});

	test('without waiting, Get Result never says `succeeded` without an image', async () => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.end(id);
		const body = { request_id: id, status: 'COMPLETED' };
		fixture.emulator.answerNext('result', { status: 202, body }, 2);
		const parameters = { operation: 'getResult', requestId: id, waitForCompletion: false };
		const execution = await fixture.run(parameters);
		expect(execution.items('Image')[0]?.binary).toHaveProperty('data');
		expect(fixture.counts()).toEqual({ creates: 0, statuses: 0, results: 3, cancels: 0 });
	});

	test('a task that stays unknown to the service is given up after half a minute', async () => {
		fixture.emulator.answerNext('status', ERRORS.notFound(), 99);
		const execution = await fixture.run({ prompt: 'a red apple' });
		expect(execution.error?.message).toBe(
			`Could not get the status of task ${fixture.onlyTask().id}: SeaArt Cloud does not know this task (HTTP 404) [item 0]`,
		);
		expect(fixture.counts().statuses).toBeGreaterThan(3);
		expect(fixture.counts().statuses).toBeLessThan(12);
	});
});
