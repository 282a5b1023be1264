import type { INodeParameters } from 'n8n-workflow';
import { useN8n } from '../runningN8n';
import { GOOD, imageWorkflow } from '../workflow';
import { openNode, openWorkflow, useEditor } from './editor';

/** Some fields of each operation, one of them in no other operation's items. */
const FIELDS: Array<[operation: string, fields: string[]]> = [
	['generate', ['request_id', 'state', 'file_name', 'content_type', 'response_url']],
	['getStatus', ['request_id', 'state', 'queue_position', 'progress']],
	['getResult', ['request_id', 'state', 'file_name', 'url']],
	['cancel', ['request_id', 'state', 'cancelled']],
];

describe('What the editor tells of a node that has never run', () => {
	const n8n = useN8n();
	const browse = useEditor();

	test.each(FIELDS)('the fields of %s, in the node that follows', async (operation, fields) => {
		const parameters: INodeParameters = { operation, requestId: 'any' };
		const plan = { prompts: ['a red apple'], parameters };
		const { id } = await n8n.save(imageWorkflow(`Fields of ${operation}`, plan));
		await browse(async (page) => {
			await page.setViewportSize({ width: 1280, height: 1600 });
			await openWorkflow(page, id);
			await openNode(page, GOOD);
			const input = page.getByTestId('ndv-input-panel');
			await input.getByTestId('schema-preview-warning').waitFor();
			for (const field of fields) await input.getByText(field, { exact: true }).first().waitFor();
		});
		expect(n8n.emulator.requests).toEqual([]);
	});
});
