import type { INodeParameters } from 'n8n-workflow';
import { errorTextOf, itemsOf } from '../executions';
import { IMAGES, imageWorkflow } from '../workflow';
import { useN8n } from '../runningN8n';
import { expectImage } from '../tasks';

/** The operations through n8n's REST interface: these need no editor, so an older n8n runs them too. */

describe('The operations', () => {
	const n8n = useN8n();

	const run = async (parameters: INodeParameters, prompts = ['a red apple']) =>
		await n8n.run(
			imageWorkflow(`Operation ${String(parameters.operation)}`, { prompts, parameters }),
		);

	/** Creates a task without waiting for it; its request ID. */
	const createTask = async (prompt: string) => {
		const execution = await run({ operation: 'generate', waitForCompletion: false }, [prompt]);
		return String(itemsOf(execution, IMAGES)[0]?.json.request_id);
	};

	test('Generate: the file is what the service made, byte for byte', async () => {
		const execution = await run({ operation: 'generate', numberOfImages: 2 });
		expect(execution.status).toBe('success');
		const items = itemsOf(execution, IMAGES);
		const [task] = [...n8n.emulator.tasks.values()];
		expect(items.map(({ json }) => [json.request_id, json.state, json.index])).toEqual([
			[task!.id, 'succeeded', 0],
			[task!.id, 'succeeded', 1],
		]);
		for (const item of items) await expectImage(n8n, item);
		expect(n8n.emulator.creates()).toHaveLength(1);
	});

	test('Generate without waiting: the task, and no status is asked for', async () => {
		const execution = await run({ operation: 'generate', waitForCompletion: false });
		const [task] = [...n8n.emulator.tasks.values()];
		expect(itemsOf(execution, IMAGES).map(({ json }) => json)).toEqual([
			expect.objectContaining({ request_id: task!.id, state: 'queued' }),
		]);
		expect(n8n.emulator.statusReads()).toHaveLength(0);
	});

	test('Get Status: the state of the task, asked once', async () => {
		const requestId = await createTask('a cat [stuckInProgress]');
		const execution = await run({ operation: 'getStatus', requestId });
		expect(itemsOf(execution, IMAGES)[0]?.json).toMatchObject({ request_id: requestId });
		expect(n8n.emulator.statusReads().map((request) => request.requestId)).toEqual([requestId]);
	});

	test('Get Result: waits for the task and brings its image, without another create', async () => {
		const requestId = await createTask('a cat');
		const execution = await run({ operation: 'getResult', requestId });
		expect(execution.status).toBe('success');
		const [item] = itemsOf(execution, IMAGES);
		expect(item?.json).toMatchObject({ request_id: requestId, state: 'succeeded' });
		expect(item?.binary?.data?.mimeType).toBe('image/png');
		expect(n8n.emulator.creates()).toHaveLength(1);
	});

	test('Cancel: the task is cancelled', async () => {
		const requestId = await createTask('a cat [stuckInProgress]');
		const execution = await run({ operation: 'cancel', requestId });
		expect(itemsOf(execution, IMAGES)[0]?.json).toMatchObject({
			request_id: requestId,
			status: 'CANCELLATION_REQUESTED',
			cancelled: true,
		});
		expect(n8n.emulator.cancels().map((request) => request.requestId)).toEqual([requestId]);
	});

	test('a task that fails: the execution fails, and the error names the request ID', async () => {
		const execution = await run({ operation: 'generate' }, ['a dog [failsWithContentBlocked]']);
		const [task] = [...n8n.emulator.tasks.values()];
		expect(execution.status).toBe('error');
		expect(errorTextOf(execution)).toContain(task!.id);
	});

	test("the credential's test: right key, wrong key, no create", async () => {
		const { baseUrl, key } = n8n.emulator;
		const testing = async (apiKey: string) => {
			const credential = { name: 'Tested', type: 'seaArtApi', data: { apiKey, baseUrl } };
			const { id } = await n8n.client.createCredential(credential);
			return (await n8n.client.testCredential({ ...credential, id })).status;
		};
		expect([await testing(key), await testing('wrong')]).toEqual(['OK', 'Error']);
		expect(n8n.emulator.creates()).toHaveLength(0);
	});
});
