import { tries, useSimulatedFixture } from './fixture';
import { expectFailure, RESPONSES } from './cannedResponses';

/** What each operation makes of the responses that the service documents. */

const fixture = useSimulatedFixture();

/** The one item that a run puts out, linked to its input item, and the calls that it took. */
async function onlyItem(parameters: object) {
	const execution = await fixture.run(parameters);
	const [item, ...more] = execution.items('Image');
	expect([item?.pairedItem, more]).toEqual([{ item: 0 }, []]);
	fixture.expectNoKey(execution);
	return { item, json: item?.json, calls: fixture.calls() };
}

describe('success', () => {
	test.each([200, 202])('a create with %d', async (status) => {
		fixture.emulator.answerNext('create', { status, body: { id: 'mmsu_older', status: 'QUEUED' } });
		const { json, calls } = await onlyItem({ prompt: 'a red apple', waitForCompletion: false });
		expect(json).toEqual({
			...{ id: 'mmsu_older', request_id: 'mmsu_older', status: 'QUEUED', state: 'queued' },
		});
		expect(calls).toEqual(['create']);
	});

	const queued = { status: 'IN_QUEUE', state: 'queued', queue_position: 0 };
	const cancelled = { status: 'CANCELLATION_REQUESTED', state: 'cancelled', cancelled: true };

	test.each([
		['a status with 200', { operation: 'getStatus' }, queued, 'status'],
		[
			'a result with 202, without waiting',
			{ operation: 'getResult', waitForCompletion: false },
			queued,
			'result',
		],
		['a cancel with 202', { operation: 'cancel' }, cancelled, 'cancel'],
	])('%s', async (_what, parameters, fields, call) => {
		const { id } = fixture.emulator.addTask();
		const { json, calls } = await onlyItem({ ...parameters, requestId: id });
		expect(json).toEqual({ request_id: id, ...fields });
		expect(calls).toEqual([call]);
	});

	test.each([
		['200', true, ['result', 'image']],
		['202, for which it waits', false, ['result', 'status', 'status', 'status', 'result', 'image']],
	])('a result with %s', async (_status, hasEnded, expected) => {
		const { id } = fixture.emulator.addTask();
		if (hasEnded) fixture.emulator.end(id);
		const { item, json, calls } = await onlyItem({ operation: 'getResult', requestId: id });
		expect(json).toMatchObject({ request_id: id, state: 'succeeded', index: 0 });
		expect(await fixture.file(item)).toEqual(await fixture.picture(id));
		expect(calls).toEqual(expected);
	});

	test('a cancel whose response has an `error` is no failed item to n8n', async () => {
		const body = { status: 'CANCELLATION_REQUESTED', error: 'none' };
		fixture.emulator.answerNext('cancel', { status: 202, body });
		const { json } = await onlyItem({ operation: 'cancel', requestId: 'mmsu_1' });
		expect(json).toMatchObject({ state: 'cancelled' });
		expect(json).not.toHaveProperty('error');
	});

	test('a cancel that is repeated, as its answer was lost, has cancelled the task', async () => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.answerNext('cancel', 'dropAfterAccept');
		const execution = await fixture.run({ operation: 'cancel', requestId: id });
		expect(execution.items('Image')[0]?.json).toMatchObject({
			state: 'cancelled',
			cancelled: true,
		});
		expect(fixture.calls()).toEqual(['cancel', 'cancel', 'status']);
	});

	test.each(['succeeded', 'failed', 'cancelled'] as const)(
		'a cancel with 400, as the task has already %s, is a normal outcome',
		async (state) => {
			const requestId = fixture.endedTask(state);
			const { json, calls } = await onlyItem({ operation: 'cancel', requestId });
			expect(json).toEqual({
				request_id: requestId,
				status: 'ALREADY_COMPLETED',
				state,
				cancelled: state === 'cancelled',
			});
			expect(calls).toEqual(['cancel', 'status']);
		},
	);
});

describe('a task that has failed or was cancelled', () => {
	const FAILED =
		'Task ID failed: the model could not generate the image (INFERENCE_FAILURE) [item 0]';

	test.each([{}, tries(3)])('is an item and no error to Get Status: %j', async (settings) => {
		const requestId = fixture.endedTask('inferenceFailure');
		const execution = await fixture.run({ operation: 'getStatus', requestId }, { settings });
		expect(execution.status).toBe('success');
		const failure = {
			...{ code: 'MODEL_ERROR', error_type: 'INFERENCE_FAILURE' },
			message: expect.stringContaining('The model failed'),
			provider_error: expect.objectContaining({ code: 'upstream_5003' }),
		};
		const json = { request_id: requestId, status: 'COMPLETED', state: 'failed', failure };
		expect(execution.items('Image')).toEqual([{ json, pairedItem: { item: 0 } }]);
		expect(fixture.calls()).toEqual(['status']);
	});

	test.each([422, 500] as const)('the status says why a result is an error: %i', async (code) => {
		const requestId = fixture.endedTask('failed');
		fixture.emulator.answerNext('result', RESPONSES[code], 20);
		const execution = await fixture.run({ operation: 'getResult', requestId });
		expectFailure(
			fixture,
			execution,
			FAILED.replace('ID', requestId),
			"To try again, use 'Generate', which creates a new task.",
			'SeaArt Cloud says: "Model inference failed"',
		);
		expect([...new Set(fixture.calls())]).toEqual(['result', 'status']);
	});

	test.each([
		['failed', FAILED],
		['cancelled', 'Task ID was cancelled [item 0]'],
	] as const)('is an error to Get Result: %s', async (how, message) => {
		const requestId = fixture.endedTask(how);
		const execution = await fixture.run({ operation: 'getResult', requestId });
		expectFailure(fixture, execution, message.replace('ID', requestId));
		expect(fixture.calls()).toEqual(['result']);
	});
});
