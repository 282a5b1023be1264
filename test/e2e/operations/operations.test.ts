import type { INodeParameters } from 'n8n-workflow';
import { itemsOf } from '../executions';
import { useN8n } from '../runningN8n';
import { expectImage } from '../tasks';
import { IMAGES, imageWorkflow } from '../workflow';

/** The operations through n8n's REST interface: these need no editor, so an older n8n runs them too. */

describe('The operations', () => {
	const n8n = useN8n();

	/** The items that the node puts out. */
	const run = async (parameters: INodeParameters, prompt = 'a red apple') => {
		const execution = await n8n.run(
			imageWorkflow(String(parameters.operation), { prompts: [prompt], parameters }),
		);
		expect(execution.data.resultData.error?.message).toBeUndefined();
		expect(execution.status).toBe('success');
		return itemsOf(execution, IMAGES);
	};

	/** Creates a task without waiting for it; its request ID. */
	const createTask = async (prompt: string) => {
		const [item] = await run({ operation: 'generate', waitForCompletion: false }, prompt);
		const [task] = [...n8n.emulator.tasks.values()];
		expect(item?.json).toMatchObject({ request_id: task!.id, state: 'queued' });
		expect(n8n.emulator.statusReads()).toHaveLength(0);
		return task!.id;
	};

	test('Generate: the file is what the service made, byte for byte', async () => {
		const items = await run({ operation: 'generate', numberOfImages: 2 });
		const [request_id] = [...n8n.emulator.tasks.keys()];
		expect(items.map(({ json }) => json)).toMatchObject(
			[0, 1].map((index) => ({ request_id, state: 'succeeded', index })),
		);
		for (const item of items) await expectImage(n8n, item);
		expect(n8n.emulator.creates()).toHaveLength(1);
	});

	test('Get Result: waits for the task and brings its image, without another create', async () => {
		const requestId = await createTask('a cat');
		const [item] = await run({ operation: 'getResult', requestId });
		expect(item?.json).toMatchObject({ request_id: requestId, state: 'succeeded' });
		await expectImage(n8n, item!);
		expect(n8n.emulator.creates()).toHaveLength(1);
	});

	test('Get Status asks once, and Cancel cancels the task', async () => {
		const requestId = await createTask('a cat [stuckInProgress]');
		const [asked] = await run({ operation: 'getStatus', requestId });
		expect(asked?.json).toMatchObject({ request_id: requestId });
		expect(n8n.emulator.statusReads().map((request) => request.requestId)).toEqual([requestId]);
		const [cancelled] = await run({ operation: 'cancel', requestId });
		const status = 'CANCELLATION_REQUESTED';
		expect(cancelled?.json).toMatchObject({ request_id: requestId, status, cancelled: true });
		expect(n8n.emulator.cancels().map((request) => request.requestId)).toEqual([requestId]);
	});

	test.each([
		{ of: 'a right key', set: {}, message: /success/ },
		{ of: 'a wrong key', set: { apiKey: 'wrong' }, message: /didn't recognize this API key/ },
		{ of: 'a wrong path', set: { path: '/modle' }, message: /isn't SeaArt Cloud/ },
	])("the credential's test of $of says so, and creates nothing", async ({ set, message }) => {
		const { emulator, client } = n8n;
		const { apiKey = emulator.key, path = '/model' } = set;
		const data = { apiKey, baseUrl: emulator.baseUrl.replace('/model', path) };
		const credential = { name: 'Tested', type: 'seaArtApi', data };
		// n8n 1.123 tests saved ones only.
		const { id } = await client.createCredential(credential);
		const credentials = { ...credential, id };
		const answer = await client.request('POST', '/credentials/test', { credentials });
		const status = Object.keys(set).length === 0 ? 'OK' : 'Error';
		expect(answer).toMatchObject({ status, message: expect.stringMatching(message) });
		expect(emulator.requests.map(({ call }) => call).filter((call) => call !== 'status')).toEqual(
			[],
		);
	});

	test.each<Record<string, string>>([
		{ allowedHttpRequestDomains: 'none' },
		{ allowedHttpRequestDomains: 'domains', allowedDomains: 'n8n.example' },
	])('a credential closed to the HTTP Request node (%j) serves this node', async (closed) => {
		const { key: apiKey, baseUrl } = n8n.emulator;
		const open = n8n.credentials.seaArtApi!;
		await n8n.addCredential('seaArtApi', { apiKey, baseUrl, ...closed });
		expect(await run({ operation: 'generate' })).toHaveLength(1);
		n8n.credentials.seaArtApi = open;
	});
});
