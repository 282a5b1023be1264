import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { Execution, WorkflowJson } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/demo';
import { useChatModel } from '../agent/chatModel';
import { openWorkflow, useEditor } from '../editor/editor';
import { areaOfWorkflow, takePicture } from '../editor/picture';
import { itemsOf, whenWaitsAt } from '../executions';
import { useN8n } from '../runningN8n';
import type { RunningN8n } from '../runningN8n';
import { expectImage } from '../tasks';
import { call, publish } from '../webhooks';

const FOLDER = resolve(__dirname, '..', '..', 'examples');
const NAMES = readdirSync(FOLDER).map((file) => basename(file, '.json'));

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

/** What an example with this name has to come to, where it says more than that it ran. */
const OUTCOMES: Record<string, (n8n: RunningN8n, execution: Execution) => unknown> = {
	'first-image': async (n8n, execution) => {
		const [item] = itemsOf(execution, 'SeaArt GPT Image 1');
		await expectImage(n8n, item!);
	},

	'prompt-sheet': (_, execution) => {
		expect(itemsOf(execution, 'Images')).toHaveLength(2);
		const failed = itemsOf(execution, 'Prompts That Failed').map(({ json }) => json);
		expect(failed).toEqual([
			expect.objectContaining({
				prompt: 'A red bicycle [failsWithContentBlocked] leaning on a white wall',
				why: expect.stringContaining('CONTENT_BLOCKED'),
				what_to_do: expect.stringContaining("Change 'Prompt'"),
				request_id: expect.stringMatching(/^mmsu_/),
			}),
		]);
	},

	'sizes-in-one-item': (_, execution) => {
		const items = itemsOf(execution, 'All in One Item');
		const files = items.map(({ binary = {} }) =>
			Object.fromEntries(Object.entries(binary).map(([name, { mimeType }]) => [name, mimeType])),
		);
		expect(files).toEqual([
			{
				image_1024x1024: 'image/webp',
				image_1024x1536: 'image/webp',
				image_1536x1024: 'image/webp',
			},
		]);
	},

	'create-now-collect-later': async (n8n, execution) => {
		const [item] = itemsOf(execution, 'Collect the Image');
		await expectImage(n8n, item!);
		expect(n8n.emulator.creates()).toHaveLength(1);
	},

	'agent-with-tool': ({ emulator }, execution) => {
		const [item] = itemsOf(execution, 'AI Agent');
		expect(emulator.creates().map(({ body }) => body)).toEqual([CALL]);
		expect(String(item!.json.output)).toContain(`${emulator.imagesOrigin}/`);
	},
};

/** The importable examples. docs/examples.md shows pictures of them, each after it has run. */
describe('The example workflow', () => {
	const n8n = useN8n({ progress: { byTime: 300 } });
	const browse = useEditor();
	const model = useChatModel(n8n);

	/** The example with nothing in it that takes a minute. */
	async function save(name: string, log?: string): Promise<string> {
		const example = withFailure(exampleWorkflow(name));
		for (const node of example.nodes) {
			if (node.type.endsWith('.wait')) node.parameters.amount = 1;
			if (log && node.name === 'Paste the Log Lines Here') setText(node, log);
		}
		return (await n8n.save(example)).id;
	}

	async function run(
		id: string,
		{ trigger, json, waitsAt }: Start = { trigger: CLICK },
	): Promise<Execution> {
		const { client } = n8n;
		const execution = await client.runWorkflow(id, trigger, json);
		if (waitsAt) return await whenWaitsAt(client, execution, waitsAt);
		return await client.waitForExecution(execution);
	}

	/** What an example needs before it has something to do. */
	async function prepare(name: string): Promise<string> {
		if (name === 'durable-recover') {
			const [item] = itemsOf(await run(await save('first-image')), 'SeaArt GPT Image 1');
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

	test.each(NAMES)('%s runs, and its picture is taken', async (name) => {
		const id = await prepare(name);
		model.calls = [name === 'agent-with-approval' ? { toolParameters: CALL } : CALL];
		const execution = await run(id, STARTS[name]);
		expect(execution.data.resultData.error).toBeUndefined();
		await OUTCOMES[name]?.(n8n, execution);
		await browse(async (page) => {
			await page.setViewportSize({ width: 1800, height: 1400 });
			await openWorkflow(page, `${id}/executions/${execution.id}`);
			const area = await areaOfWorkflow(page);
			// Of a credential that is missing or a field to fill in.
			expect(await page.getByTestId('node-issues').count()).toBe(0);
			await takePicture(`example-${name}`, page, area);
		});
	});

	test('product-picture-webhook returns the image or the reason, to callers with the secret', async () => {
		const workflow = await publish(n8n, exampleWorkflow('product-picture-webhook'));
		try {
			const answer = await call(workflow, { product: 'a mug' });
			expect(answer.headers.get('content-type')).toBe('image/png');
			const bytes = Buffer.from(await answer.arrayBuffer());
			expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
			expect(n8n.emulator.creates().at(-1)?.body).toMatchObject({ background: 'transparent' });

			const creates = n8n.emulator.creates().length;
			for (const secret of [{}, { 'x-api-key': 'a guess' }] as Array<Record<string, string>>)
				expect((await call(workflow, { product: 'a mug' }, secret)).status).toBe(403);
			expect(n8n.emulator.creates()).toHaveLength(creates);

			const refused = await call(workflow, { product: 'a mug [failsWithContentBlocked]' });
			expect(refused.status).toBe(502);
			expect(await refused.json()).toMatchObject({
				error: expect.stringContaining('CONTENT_BLOCKED'),
			});
		} finally {
			await n8n.client.deactivateWorkflow(workflow.id);
		}
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
