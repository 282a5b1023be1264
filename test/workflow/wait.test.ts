import { NodeExecution } from '../../nodes/GptImage1/run/nodeExecution';
import type { Scenario, ScenarioName } from '../emulator';
import type { Fault } from '../service/faults';
import { ERRORS } from '../service/responses';
import { anotherTask, RESULTS } from '../service/variations';
import { tries, useSimulatedFixture } from './fixture';

/** Waiting until a task has ended, whatever the service says on the way. */

const fixture = useSimulatedFixture();

async function generate(scenario: ScenarioName | Scenario) {
	fixture.emulator.play(scenario);
	return await fixture.run({ prompt: 'a red apple' });
}

/** The first calls of a kind for the task are answered so. */
const first = (call: 'status' | 'result', times: number, fault: Fault): Scenario => ({
	faults: { [call]: (count: number) => (count <= times ? fault : undefined) },
});

const result = (variation: keyof typeof RESULTS): Scenario => ({
	answers: { result: RESULTS[variation] },
});

const NOT_YET = { status: 202, body: { status: 'IN_PROGRESS' } };

test.each<[string, Scenario, object?]>([
	['a status that fails once', first('status', 1, 'error500')],
	['a connection that breaks at a status', first('status', 1, 'drop')],
	['a result that is late', first('result', 2, NOT_YET), { results: 3 }],
	['a result that is unknown for seconds', first('result', 5, ERRORS.notFound()), { results: 6 }],
])('brings an image all the same: %s', async (_what, scenario, calls = {}) => {
	const execution = await generate(scenario);
	expect(execution.error).toBeUndefined();
	const item = fixture.onlyItem(execution);
	const { id } = fixture.onlyTask();
	const json = { request_id: id, state: 'succeeded', index: 0, url: fixture.urlOf(id) };
	expect(item.json).toMatchObject({ ...json, content_type: 'image/png' });
	await fixture.expectItsFile(item);
	expect(fixture.counts()).toEqual({ creates: 1, statuses: 3, results: 1, cancels: 0, ...calls });
});

test.each([400, 409, 500])(
	'Get Result waits where HTTP %i refuses the result so far',
	async (status) => {
		const { id: requestId } = fixture.emulator.addTask();
		fixture.emulator.answerNext(
			'result',
			{ status, body: { detail: 'Not ready' } },
			status === 500 ? 8 : 1,
		);
		const execution = await fixture.run({ operation: 'getResult', requestId });
		expect(execution.error).toBeUndefined();
		await fixture.expectItsFile(fixture.onlyItem(execution));
	},
);

test.each<[string, ScenarioName | Scenario, string, object]>([
	[
		'a task that someone else has cancelled, which is no Stop',
		'cancelledElsewhere',
		'Task ID was cancelled',
		{ results: 0 },
	],
	[
		'no output for half a minute',
		result('empty'),
		'Could not get the result of task ID: it has no image',
		{ results: 7 },
	],
	[
		'anotherRequestId: the responses are not used',
		{ answers: { status: anotherTask } },
		'Could not get the status of task ID: the response is about another task',
		{ statuses: 10, results: 0 },
	],
])('fails: %s', async (_what, scenario, message, calls) => {
	const execution = await generate(scenario);
	fixture.expectError(execution, `${message.replace('ID', fixture.onlyTask().id)} [item 0]`);
	expect(fixture.counts()).toEqual({ creates: 1, statuses: 3, results: 1, cancels: 0, ...calls });
});

test('a fault of the node itself names the task', async () => {
	jest.spyOn(NodeExecution.prototype, 'noteFoundEnded').mockImplementation(() => {
		throw new Error('This cannot be');
	});
	const { message, description } = (await generate({})).error!;
	expect(`${message} ${description}`).toContain(fixture.onlyTask().id);
});

describe('a result that contradicts the status', () => {
	test.each(['generate', 'getResult'])(
		'%s: a failure of which a result speaks once, after the task has succeeded',
		async (operation) => {
			const requestId = fixture.endedTask();
			const body = { error: { code: 'INTERNAL', message: 'try again' } };
			fixture.emulator.answerNext('result', { status: 200, body });
			const parameters = { operation, prompt: 'x', requestId };
			const execution = await fixture.run(parameters, { settings: tries(2) });
			expect(execution.error).toBeUndefined();
			expect(execution.items('Image')[0]?.binary).toHaveProperty('data');
			expect(fixture.counts().creates).toBe(operation === 'generate' ? 1 : 0);
		},
	);

	test('an error of which only the result speaks: believed after half a minute', async () => {
		const execution = await generate(result('failed'));
		const what = 'was blocked by the safety policy (CONTENT_BLOCKED)';
		fixture.expectError(execution, `Task ${fixture.onlyTask().id} ${what} [item 0]`);
		expect(fixture.counts()).toMatchObject({ creates: 1, statuses: 4, results: 7 });
	});

	const blocked = { status: 'COMPLETED', error: 'blocked', error_type: 'CONTENT_BLOCKED' };

	test.each([
		['the result has a status word', { status: 200, body: blocked }, 'was blocked by the safety'],
		['the status says so, too', { status: 422, body: {} }, 'failed: the model could not generate'],
	])('a failure told after a success is believed at once where %s', async (_where, late, what) => {
		const requestId = fixture.endedTask('failed');
		fixture.emulator.answerNext('result', NOT_YET);
		fixture.emulator.answerNext('status', { status: 200, body: { status: 'COMPLETED' } });
		fixture.emulator.answerNext('result', late);
		const execution = await fixture.run({ operation: 'getResult', requestId });
		expect(execution.error?.message).toContain(`Task ${requestId} ${what}`);
		expect(fixture.counts().results).toBe(2);
	});
});

describe('Get Result of a task that has succeeded', () => {
	test('a result that stays away after the task has succeeded is given up after three minutes', async () => {
		const requestId = fixture.endedTask();
		fixture.emulator.answerNext('result', NOT_YET, 100);
		const execution = await fixture.run({ operation: 'getResult', requestId });
		const message = `Could not get the result of task ${requestId}: it was not available after 180 seconds [item 0]`;
		fixture.expectError(execution, message, 'The task has succeeded.');
		expect(fixture.counts().results).toBeLessThan(30);
	});

	const COMPLETED = { status: 202, body: { status: 'COMPLETED' } };
	const UNKNOWN = Array<Fault>(5).fill(ERRORS.notFound());

	test.each([
		['is unknown after it was not there yet', [NOT_YET, ...UNKNOWN], {}, 1],
		['is late, without waiting', [COMPLETED, COMPLETED], { waitForCompletion: false }, 0],
	])('brings its image where the result %s', async (_what, answers, parameters, statuses) => {
		const requestId = fixture.endedTask();
		for (const answer of answers) fixture.emulator.answerNext('result', answer);
		const execution = await fixture.run({ operation: 'getResult', requestId, ...parameters });
		expect(execution.error?.message).toBeUndefined();
		await fixture.expectItsFile(execution.items('Image')[0]);
		const results = answers.length + 1;
		expect(fixture.counts()).toEqual({ creates: 0, statuses, results, cancels: 0 });
	});
});
