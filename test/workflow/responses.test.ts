import { ERRORS } from '../service/responses';
import { tries, useSimulatedFixture } from './fixture';

/** What each operation makes of the responses that the service documents. */

const fixture = useSimulatedFixture();

const itemOf = async (parameters: object, settings = {}) =>
	fixture.onlyItem(await fixture.run(parameters, { settings }));

const queued = { status: 'IN_QUEUE', state: 'queued', queue_position: 0 };
const cancelled = { status: 'CANCELLATION_REQUESTED', state: 'cancelled', cancelled: true };

test.each([
	['a status with 200', 'getStatus', queued, 'status'],
	['a result with 202, without waiting', 'getResult', queued, 'result'],
	['a cancel with 202', 'cancel', cancelled, 'cancel'],
])('%s', async (_what, operation, fields, call) => {
	const { id } = fixture.emulator.addTask();
	const item = await itemOf({ operation, requestId: id, waitForCompletion: false });
	expect(item.json).toEqual({ request_id: id, ...fields });
	expect(fixture.calls()).toEqual([call]);
});

test('a cancel whose response has an `error` is no failed item to n8n', async () => {
	const body = { status: 'CANCELLATION_REQUESTED', error: 'none' };
	fixture.emulator.answerNext('cancel', { status: 202, body });
	const item = await itemOf({ operation: 'cancel', requestId: 'mmsu_1' });
	expect(item.json).toMatchObject({ state: 'cancelled' });
	expect(item.json).not.toHaveProperty('error');
});

test('a cancel that is repeated, as its response was lost, has cancelled the task', async () => {
	fixture.emulator.answerNext('cancel', 'dropAfterAccept');
	const { id } = fixture.emulator.addTask();
	const item = await itemOf({ operation: 'cancel', requestId: id });
	expect(item.json).toMatchObject({ state: 'cancelled', cancelled: true });
	expect(fixture.calls()).toEqual(['cancel', 'cancel', 'status']);
});

test.each(['succeeded', 'failed'] as const)(
	'a cancel with 400, as the task has already %s, is a normal outcome',
	async (state) => {
		const requestId = fixture.endedTask(state);
		const item = await itemOf({ operation: 'cancel', requestId });
		const status = 'ALREADY_COMPLETED';
		expect(item.json).toEqual({ request_id: requestId, status, state, cancelled: false });
		expect(fixture.calls()).toEqual(['cancel', 'status']);
	},
);

// n8n takes an item with a key `error` for a failed run, which Retry On Fail repeats.
test('a task that has failed is an item to Get Status', async () => {
	const requestId = fixture.endedTask('inferenceFailure');
	const item = await itemOf({ operation: 'getStatus', requestId }, tries(3));
	const failure = {
		...{ code: 'MODEL_ERROR', error_type: 'INFERENCE_FAILURE' },
		message: expect.stringContaining('The model failed'),
		provider_error: expect.objectContaining({ code: 'upstream_5003' }),
	};
	const json = { request_id: requestId, status: 'COMPLETED', state: 'failed', failure };
	expect(item.json).toEqual(json);
	expect(fixture.calls()).toEqual(['status']);
});

test.each([
	['its result', undefined, ['result']],
	['its status alone', ERRORS.refused([]), ['result', 'status']],
])('a task that has failed, as %s says, is an error to Get Result', async (_how, answer, calls) => {
	const requestId = fixture.endedTask('failed');
	if (answer) fixture.emulator.answerNext('result', answer);
	const execution = await fixture.run({ operation: 'getResult', requestId });
	const says = 'failed: the model could not generate the image (INFERENCE_FAILURE)';
	const advice = "To try again, use 'Generate', which creates a new task.";
	fixture.expectError(execution, `Task ${requestId} ${says} [item 0]`, advice);
	expect(fixture.calls()).toEqual(calls);
});
