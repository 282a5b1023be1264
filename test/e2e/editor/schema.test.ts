import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { session } from '../session';
import { GOOD, IMAGES, imageWorkflow, inARow, node } from '../workflow';
import { useN8n } from '../runningN8n';
import { useEditor } from './browsing';

const SCHEMAS = join(__dirname, '../../../nodes/GptImage1/__schema__/v1.0.0');
const SERVED = '/schemas/n8n-nodes-seaart-gpt-image-1.gptImage1/1.0.0';

/** Some fields of each operation, one of them in no other operation's items. */
const FIELDS: Array<[operation: string, fields: string[]]> = [
	['generate', ['request_id', 'state', 'file_name', 'content_type', 'response_url']],
	['getStatus', ['request_id', 'state', 'queue_position', 'progress']],
	['getResult', ['request_id', 'state', 'file_name', 'url']],
	['cancel', ['request_id', 'state', 'cancelled']],
];

describe('The output schemas', () => {
	test.each(FIELDS)('n8n serves the schema of %s', async (operation) => {
		const response = await fetch(`${session().url}${SERVED}/${operation}.json`);
		expect(response.status).toBe(200);
		const file = readFileSync(join(SCHEMAS, `${operation}.json`), 'utf8');
		expect(await response.json()).toEqual(JSON.parse(file));
	});
});

describe('What the editor tells of a node that has never run', () => {
	const n8n = useN8n();
	const browse = useEditor();

	test.each(FIELDS)('the fields of %s, in the node that follows', async (operation, fields) => {
		const parameters: INodeParameters = {
			operation,
			...(operation !== 'generate' && { requestId: 'any' }),
		};
		const plan = { prompts: ['a red apple'], parameters };
		const { id } = await n8n.save(imageWorkflow(`Fields of ${operation}`, plan));
		await browse(async (editor) => {
			await editor.stretch(1600);
			const canvas = await editor.openWorkflow(id);
			const { page } = await canvas.openNode(GOOD);
			const input = page.getByTestId('ndv-input-panel');
			await input.getByTestId('schema-preview-warning').waitFor();
			for (const field of fields) await input.getByText(field, { exact: true }).first().waitFor();
		});
		expect(n8n.emulator.requests).toEqual([]);
	});

	test('that a run would bring many images, beside the node that would run', async () => {
		const prompts = Array.from({ length: 21 }, (_, number) => `image ${number}`);
		const workflow = imageWorkflow('Many images', { prompts });
		const [start, images] = workflow.nodes;
		// What is pinned has not run, and n8n works out no hint from it.
		const between = node('Between', 'noOp');
		workflow.nodes.push(between);
		Object.assign(workflow.connections, inARow(start!, between, images!));
		const { id } = await n8n.save(workflow);
		await browse(async (editor) => {
			const canvas = await editor.openWorkflow(id);
			const opened = await canvas.openNode(IMAGES);
			const { page } = opened;
			await page.getByTestId('execute-previous-node').first().click();
			await opened.idle();
			await page.getByTestId('node-hint').filter({ hasText: 'more than 20 images' }).waitFor();
		});
		expect(n8n.emulator.requests).toEqual([]);
	});
});
