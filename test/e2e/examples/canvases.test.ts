import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/trial';
import { useChatModel } from '../agent/chatModel';
import { useEditor } from '../editor/browsing';
import { takePicture } from '../editor/picture';
import { withSecret } from '../headerAuth';
import { itemsOf, whenWaitsAt } from '../executions';
import { useN8n } from '../runningN8n';

const NAMES = readdirSync(resolve(__dirname, '..', '..', 'examples')).map((file) =>
	file.replace(/\.json$/, ''),
);

const CLICK = 'When clicking ‘Execute workflow’';
const CHAT = 'When chat message received';

interface Start {
	trigger: string;
	/** What the trigger puts out; by itself where not given. */
	json?: IDataObject;
	/** The node at which the execution waits for a person. */
	waitsAt?: string;
}

const MESSAGE = { chatInput: 'Draw a fox in the snow', sessionId: 'one' };
const CALL = { prompt: 'A fox in the snow', size: '1536x1024' };

const STARTS: Record<string, Start> = {
	'agent-with-approval': { trigger: CHAT, json: MESSAGE, waitsAt: 'Ask in the Chat' },
	'agent-with-tool': { trigger: CHAT, json: MESSAGE },
	'durable-collect': { trigger: 'Every Minute', json: {} },
	'product-picture-webhook': { trigger: 'Webhook', json: { body: { product: 'a blue mug' } } },
};

/** The pictures of docs/examples.md: every example after it has run. */
describe('The canvas of the example', () => {
	const n8n = useN8n({ progress: { byTime: 300 } });
	const browse = { light: useEditor('light'), dark: useEditor('dark') };
	const model = useChatModel(n8n);

	/** The example with every credential chosen, and nothing in it that takes a minute. */
	async function save(name: string, log?: string): Promise<string> {
		const example = model.chosenIn(withFailure(exampleWorkflow(name)));
		for (const node of example.nodes) {
			if (node.type.endsWith('.wait')) node.parameters.amount = 1;
			if (log && node.name === 'Paste the Log Lines Here') setText(node, log);
		}
		return (await n8n.save(await withSecret(n8n.client, example))).id;
	}

	async function run(id: string, { trigger, json, waitsAt }: Start = { trigger: CLICK }) {
		const { client } = n8n;
		const execution = await client.runWorkflow(id, trigger, json);
		if (waitsAt) await whenWaitsAt(client, execution, waitsAt);
		else await client.waitForExecution(execution);
		return execution;
	}

	/** What an example needs before it has something to do. */
	async function prepare(name: string): Promise<string> {
		if (name === 'durable-recover') {
			const execution = await run(await save('first-image'));
			const [item] = itemsOf(await n8n.client.execution(execution), 'SeaArt GPT Image 1');
			return await save(name, `task created (task ${String(item!.json.request_id)}, execution 65,`);
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
