import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/demo';
import { itemsOf, requestIdsOf } from '../executions';
import { createdInLog } from '../processes';
import { createsFor, endAll, expectImage, tasksFor } from '../tasks';
import { until } from '../until';
import { post, publish } from '../webhooks';
import { inARow, node } from '../workflow';
import type { DurablePair } from './durablePair';
import { asWebhook } from './retrying';

const SCALING = resolve(__dirname, '..', '..', '..', 'docs', 'scaling.md');

const PROMPT = 'a sheet of which only the log knows, that takes 3600 s';

const ITEMS = 30;

/** Does with the log what docs/scaling.md says, to the letter. */
export function recoveringFromLog(pair: DurablePair): void {
	test('killed in the creates of many items: the log', async () => {
		const { client, processes } = pair;
		const workflow = await publish(pair, manyItems());
		await post(workflow, { prompts: Array(ITEMS).fill(PROMPT) });
		const logged = await until('five tasks are logged', () => {
			const ids = tasksFor(pair, PROMPT).map(({ id }) => id);
			const lines = createdInLog(processes.log()).filter(({ id }) => ids.includes(id));
			return lines.length >= 5 && lines;
		});
		await processes.kill('workers');
		endAll(pair);
		const created = createsFor(pair, PROMPT).length;
		// The others were to be created as soon as one of these had ended.
		expect(created).toBeLessThan(ITEMS);
		await processes.restart();

		const lines = asDocumented(processes.log(), logged[0]!.execution);
		const { id } = await pair.save(recoverWorkflow(lines));
		const run = await client.runWorkflow(id, 'When clicking ‘Execute workflow’');
		const items = itemsOf(await client.waitForExecution(run, { timeoutMs: 120_000 }), 'Images');
		for (const item of items) await expectImage(pair, item);
		expect(new Set(requestIdsOf(items)).size).toBe(lines.split('\n').length);
		expect(createsFor(pair, PROMPT)).toHaveLength(created);
	});
}

/** The lines that the command of the documentation finds, run by a shell. */
function asDocumented(log: string, execution: string): string {
	const [, command = ''] =
		/^ +(grep 'task created .*)n8n\.log$/m.exec(readFileSync(SCALING, 'utf8')) ?? [];
	if (!command.includes('execution 65,')) throw new Error('docs/scaling.md has no such command.');
	const ours = command.replace('execution 65,', `execution ${execution},`);
	return execFileSync('sh', ['-c', ours], { input: log, encoding: 'utf8' }).trimEnd();
}

/** The example with these lines pasted into it. */
function recoverWorkflow(lines: string): WorkflowJson {
	const shipped = JSON.stringify(exampleWorkflow('durable-recover'));
	const empty = '"name":"log","value":""';
	expect(shipped).toContain(empty);
	const pasted = shipped.replace(empty, () => `"name":"log","value":${JSON.stringify(lines)}`);
	return JSON.parse(pasted) as WorkflowJson;
}

/** A workflow with an item for each prompt that it is sent. */
function manyItems(): WorkflowJson {
	const workflow = asWebhook({ example: 'first-image', saveExecutionProgress: true }, PROMPT);
	const [start, images] = workflow.nodes;
	const split = node('One Item per Prompt', 'splitOut', { fieldToSplitOut: 'body.prompts' });
	const nodes = [start!, split, images!];
	return { ...workflow, nodes, connections: inARow(...nodes) };
}
