import { ERRORS } from '../service/responses';
import { tries, useSimulatedFixture } from './fixture';

/** What each operation makes of the responses that the service documents. */

const fixture = useSimulatedFixture();

const itemOf = async (parameters: object, settings = {}) =>
	fixture.onlyItem(await fixture.run(parameters, { settings }));

test.each([200, 202])('a create with %d', async (status) => {
	fixture.emulator.answerNext('create', { status, body: { id: 'mmsu_older', status: 'QUEUED' } });
	const item = await itemOf({ prompt: 'a red apple', waitForCompletion: false });
	expect(item.json).toEqual({
		...{ id: 'mmsu_older', request_id: 'mmsu_older', status: 'QUEUED', state: 'queued' },
	});
	expect(fixture.calls()).toEqual(['create']);
});

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

test('a cancel that is repeated, as its answer was lost, has cancelled the task', async () => {
	fixture.emulator.answerNext('cancel', 'dropAfterAccept');
	const { id } = fixture.emulator.addTask();
	const item = await itemOf({ operation: 'cancel', requestId: id });
	expect(item.json).toMatchObject({ state: 'cancelled', cancelled: true });
	expect(fixture.calls()).toEqual(['cancel', 'cancel', 'status']);
});

test.each(['succeeded', 'failed', 'cancelled'] as const)(
	'a cancel with 400, as the task has already %s, is a normal outcome',
	async (state) => {
		const requestId = fixture.endedTask(state);
		const item = await itemOf({ operation: 'cancel', requestId });
		const status = 'ALREADY_COMPLETED';
		expect(item.json).toEqual({
			...{ request_id: requestId, status, state, cancelled: state === 'cancelled' },
		});
		expect(fixture.calls()).toEqual(['cancel', 'status']);
	},
);

test.each([{}, tries(3)])(
	'a task that has failed is an item to Get Status: %j',
	async (settings) => {
		const requestId = fixture.endedTask('inferenceFailure');
		const item = await itemOf({ operation: 'getStatus', requestId }, settings);
		const failure = {
			...{ code: 'MODEL_ERROR', error_type: 'INFERENCE_FAILURE' },
			message: expect.stringContaining('The model failed'),
			provider_error: expect.objectContaining({ code: 'upstream_5003' }),
		};
		const json = { request_id: requestId, status: 'COMPLETED', state: 'failed', failure };
		expect(item.json).toEqual(json);
		expect(fixture.calls()).toEqual(['status']);
	},
);

const FAILED = 'failed: the model could not generate the image (INFERENCE_FAILURE)';

test.each([
	['has failed', 'failed', undefined, FAILED, ['result']],
	['was cancelled', 'cancelled', undefined, 'was cancelled', ['result']],
	[
		'has failed, which its status alone says',
		'failed',
		ERRORS.refused([]),
		FAILED,
		['result', 'status'],
	],
	['has failed, as its status says', 'failed', ERRORS.failed(), FAILED, ['result', 'status']],
] as const)('a task that %s is an error to Get Result', async (_what, how, answer, says, calls) => {
	const requestId = fixture.endedTask(how);
	if (answer) fixture.emulator.answerNext('result', answer, 20);
	const execution = await fixture.run({ operation: 'getResult', requestId });
	const advice = "To try again, use 'Generate', which creates a new task.";
	fixture.expectError(execution, `Task ${requestId} ${says} [item 0]`, advice);
	expect([...new Set(fixture.calls())]).toEqual(calls);
});
