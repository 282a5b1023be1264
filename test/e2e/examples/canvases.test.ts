import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow, withCredential } from '../../n8n/trial';
import { startChatModel } from '../agent/chatModel';
import type { ChatModel } from '../agent/chatModel';
import { useEditor } from '../editor/browsing';
import { takePicture } from '../editor/picture';
import { withSecret } from '../headerAuth';
import { rowsOf } from '../rows';
import { useWorld } from '../world';

const NAMES = readdirSync(resolve(__dirname, '..', '..', 'examples')).map((file) =>
	file.replace(/\.json$/, ''),
);

const CLICK = 'When clicking ‘Execute workflow’';
const CHAT = 'When chat message received';

interface Start {
	trigger: string;
	/** What the trigger puts out; by itself where not given. */
	json?: IDataObject;
	/** The execution does not end, but waits for a person. */
	waits?: boolean;
}

const MESSAGE = { chatInput: 'Draw a fox in the snow', sessionId: 'one' };
const CALL = { prompt: 'A fox in the snow', size: '1536x1024' };

const STARTS: Record<string, Start> = {
	'agent-with-approval': { trigger: CHAT, json: MESSAGE, waits: true },
	'agent-with-tool': { trigger: CHAT, json: MESSAGE },
	'durable-collect': { trigger: 'Every Minute', json: {} },
	'product-picture-webhook': { trigger: 'Webhook', json: { body: { product: 'a blue mug' } } },
};

/** The pictures of docs/examples.md: every example after it has run. */
describe('The canvas of the example', () => {
	const world = useWorld({ progress: { byTime: 300 } });
	const browse = { light: useEditor('light'), dark: useEditor('dark') };
	let model: ChatModel;
	let openAi: { id: string; name: string };

	beforeAll(async () => {
		model = await startChatModel();
		const data = { apiKey: 'any', url: model.url };
		openAi = await world.client.createCredential({ name: 'OpenAI', type: 'openAiApi', data });
	});
	afterAll(async () => await model.stop());

	/** The example with every credential chosen, and nothing in it that takes a minute. */
	async function save(name: string, log?: string): Promise<string> {
		const example = withCredential(withFailure(exampleWorkflow(name)), world.credential);
		for (const node of example.nodes) {
			if (node.type.endsWith('lmChatOpenAi')) node.credentials = { openAiApi: openAi };
			if (node.type.endsWith('.wait')) node.parameters.amount = 1;
			if (log && node.name === 'Paste the Log Lines Here') setText(node, log);
		}
		const { id } = await world.client.createWorkflow(await withSecret(world.client, example));
		return id;
	}

	async function run(id: string, { trigger, json, waits }: Start = { trigger: CLICK }) {
		const { client } = world;
		const execution = await client.runWorkflow(id, trigger, json);
		if (waits) await waiting(execution);
		else await client.waitForExecution(execution);
		return execution;
	}

	async function waiting(execution: string): Promise<void> {
		for (;;) {
			const { status } = await world.client.execution(execution);
			if (status === 'waiting') return;
			if (status !== 'new' && status !== 'running') throw new Error(`It did not wait: ${status}`);
			await new Promise((later) => setTimeout(later, 200));
		}
	}

	/** What an example needs before it has something to do. */
	async function prepare(name: string): Promise<string> {
		if (name === 'durable-recover') {
			const execution = await run(await save('first-image'));
			const [row] = rowsOf(await world.client.execution(execution), 'SeaArt GPT Image 1');
			return await save(name, `task created (task ${String(row!.json.request_id)}, execution 65,`);
		}
		const id = await save(name);
		if (name !== 'durable-collect') return id;
		const order = await save('durable-order');
		// One order whose image is ready, and one of which nothing is created yet.
		await run(order);
		await run(id, STARTS[name]);
		await run(order);
		return id;
	}

	test.each(NAMES)('%s', async (name) => {
		const id = await prepare(name);
		model.willCall(name === 'agent-with-approval' ? { toolParameters: CALL } : CALL);
		const execution = await run(id, STARTS[name]);
		for (const theme of ['light', 'dark'] as const)
			await browse[theme](async (editor) => {
				const canvas = await editor.openExecution(id, execution);
				const area = await canvas.fitIntoView();
				expect(await canvas.warnings()).toBe(0);
				await takePicture(`example-${name}`, theme, editor.page, area);
			});
	});
});

/** One of the prompts of "A sheet of prompts" fails, so that both outputs have something. */
const withFailure = (example: WorkflowJson) =>
	JSON.parse(
		JSON.stringify(example).replace('A red bicycle', '$& [failsWithContentBlocked]'),
	) as WorkflowJson;

function setText(node: WorkflowJson['nodes'][number], log: string): void {
	const { assignments } = node.parameters.assignments as { assignments: IDataObject[] };
	assignments[0]!.value = log;
}
