import { useSimulatedFixture } from './fixture';
import { expectFailure, RESPONSES } from './cannedResponses';

/** What each operation makes of the responses that the service documents. */

const fixture = useSimulatedFixture();

describe('success', () => {
	test.each([200, 202])('a create with %d', async (status) => {
		fixture.emulator.answerNext('create', { status, body: { id: 'mmsu_older', status: 'QUEUED' } });
		const execution = await fixture.run({ prompt: 'a red apple', waitForCompletion: false });
		expect(execution.rows('Image')).toEqual([
			{
				json: { id: 'mmsu_older', request_id: 'mmsu_older', status: 'QUEUED', state: 'queued' },
				pairedItem: { item: 0 },
			},
		]);
		expect(fixture.calls()).toEqual(['create']);
		fixture.expectNoKey(execution);
	});

	test('a status with 200', async () => {
		const { id } = fixture.emulator.addTask();
		const execution = await fixture.run({ operation: 'getStatus', requestId: id });
		expect(execution.rows('Image')).toEqual([
			{
				json: { request_id: id, status: 'IN_QUEUE', state: 'queued', queue_position: 0 },
				pairedItem: { item: 0 },
			},
		]);
		expect(fixture.calls()).toEqual(['status']);
	});

	test('a result with 200', async () => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.end(id);
		const execution = await fixture.run({ operation: 'getResult', requestId: id });
		const [item] = execution.rows('Image');
		expect(item?.json).toMatchObject({ request_id: id, state: 'succeeded', index: 0 });
		expect(await fixture.file(item)).toEqual(await fixture.picture(id));
		expect(fixture.calls()).toEqual(['result', 'image']);
	});

	test('a result with 202, without waiting', async () => {
		const { id } = fixture.emulator.addTask();
		const parameters = { operation: 'getResult', requestId: id, waitForCompletion: false };
		const execution = await fixture.run(parameters);
		expect(execution.rows('Image')).toEqual([
			{
				json: expect.objectContaining({ request_id: id, state: 'queued', status: 'IN_QUEUE' }),
				pairedItem: { item: 0 },
			},
		]);
		expect(fixture.calls()).toEqual(['result']);
	});

	test('a result with 202, which is then waited for', async () => {
		const { id } = fixture.emulator.addTask();
		const execution = await fixture.run({ operation: 'getResult', requestId: id });
		expect(execution.rows('Image')[0]?.json).toMatchObject({ request_id: id, state: 'succeeded' });
		expect(fixture.calls()).toEqual(['result', 'status', 'status', 'status', 'result', 'image']);
	});

	test('a cancel with 202', async () => {
		const { id } = fixture.emulator.addTask();
		const execution = await fixture.run({ operation: 'cancel', requestId: id });
		expect(execution.rows('Image')).toEqual([
			{
				json: {
					request_id: id,
					status: 'CANCELLATION_REQUESTED',
					state: 'cancelled',
					cancelled: true,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(fixture.calls()).toEqual(['cancel']);
	});

	test('a cancel whose response has an `error` is no failed item to n8n', async () => {
		const body = { status: 'CANCELLATION_REQUESTED', error: 'none' };
		fixture.emulator.answerNext('cancel', { status: 202, body });
		const execution = await fixture.run({ operation: 'cancel', requestId: 'mmsu_1' });
		const [item] = execution.rows('Image');
		expect(item?.json).toMatchObject({ state: 'cancelled' });
		expect(item?.json).not.toHaveProperty('error');
	});

	test('a cancel that is repeated, as its answer was lost, has cancelled the task', async () => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.answerNext('cancel', 'dropAfterAccept');
		const execution = await fixture.run({ operation: 'cancel', requestId: id });
		expect(execution.rows('Image')[0]?.json).toMatchObject({ state: 'cancelled', cancelled: true });
		expect(fixture.calls()).toEqual(['cancel', 'cancel', 'status']);
	});

	test.each(['succeeded', 'failed', 'cancelled'] as const)(
		'a cancel with 400, as the task has already %s, is a normal outcome',
		async (how) => {
			const { id } = fixture.emulator.addTask();
			fixture.emulator.end(id, how);
			const execution = await fixture.run({ operation: 'cancel', requestId: id });
			expect(execution.rows('Image')).toEqual([
				{
					json: {
						request_id: id,
						status: 'ALREADY_COMPLETED',
						state: how,
						cancelled: how === 'cancelled',
					},
					pairedItem: { item: 0 },
				},
			]);
			expect(fixture.calls()).toEqual(['cancel', 'status']);
		},
	);
});

describe('a task that has failed or was cancelled', () => {
	test('Get Status of a failed task is an item and no error', async () => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.end(id, 'failed');
		const execution = await fixture.run({ operation: 'getStatus', requestId: id });
		expect(execution.rows('Image')).toEqual([
			{
				json: {
					request_id: id,
					status: 'COMPLETED',
					state: 'failed',
					failure: { message: 'Model inference failed', error_type: 'INFERENCE_FAILURE' },
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test.each([422, 500] as const)('the status says why a result is an error: %i', async (code) => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.end(id, 'failed');
		fixture.emulator.answerNext('result', RESPONSES[code], 20);
		const execution = await fixture.run({ operation: 'getResult', requestId: id });
		expectFailure(
			fixture,
			execution,
			`Task ${id} failed: the model could not generate the image (INFERENCE_FAILURE) [item 0]`,
			"To try again, use 'Generate', which creates a new task.",
			'SeaArt Cloud says: "Model inference failed"',
		);
		expect([...new Set(fixture.calls())]).toEqual(['result', 'status']);
	});

	test.each(['failed', 'cancelled'] as const)('Get Result of a task that has %s', async (how) => {
		const { id } = fixture.emulator.addTask();
		fixture.emulator.end(id, how);
		const execution = await fixture.run({ operation: 'getResult', requestId: id });
		expectFailure(
			fixture,
			execution,
			how === 'failed'
				? `Task ${id} failed: the model could not generate the image (INFERENCE_FAILURE) [item 0]`
				: `Task ${id} was cancelled [item 0]`,
		);
		expect(fixture.calls()).toEqual(['result']);
	});
});
