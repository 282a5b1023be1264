import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow, withCredential } from '../../n8n/trial';
import { rowsOf } from '../queue/executions';
import { activate, post } from '../queue/workflows';
import type { Environment } from './environment';
import { createsFor, tasksFor } from './phases';
import { asWebhook } from './retrying';

const SCALING = resolve(__dirname, '..', '..', '..', 'docs', 'scaling.md');

const PROMPT = 'a sheet of which only the log knows';

/**
 * Kills n8n in the middle of a node that creates many tasks, and does with the log what
 * docs/scaling.md says, to the letter.
 */
export async function recoverFromLog(env: Environment): Promise<void> {
	const { system, emulator, checks, say, signal } = env;
	const { client, mode } = system;
	let images = 0;
	await checks.check(`${mode} mode, killed in the creates of many items: the log`, async () => {
		const workflow = await activate(
			client,
			env.credential,
			manyItems(
				asWebhook({ example: 'first-image', saveExecutionProgress: true, what: PROMPT }, PROMPT),
			),
		);
		await post(workflow, { prompts: Array.from({ length: 30 }, () => PROMPT) });
		const logged = () =>
			[...system.log().matchAll(/task created \(task (\S+), execution (\d+), item \d+\)/g)].filter(
				([, id]) => tasksFor(env, PROMPT).some((task) => task.id === id),
			);
		while (logged().length < 5) await sleep(20, undefined, { signal });
		await system.kill('workers');
		const [, , execution = ''] = logged()[0]!;
		const created = createsFor(env, PROMPT).length;
		assert(created < 30, 'All were created before the kill.');
		await system.restart();

		const lines = asDocumented(system.log(), execution);
		const shipped = JSON.stringify(exampleWorkflow('durable-recover'));
		const empty = '"name":"log","value":""';
		assert(shipped.includes(empty));
		const pasted = shipped.replace(empty, () => `"name":"log","value":${JSON.stringify(lines)}`);
		const recover = withCredential(JSON.parse(pasted) as WorkflowJson, env.credential);
		const { id } = await client.createWorkflow(recover);
		const run = await client.runWorkflow(id, 'When clicking ‘Execute workflow’');
		const ended = await client.waitForExecution(run, { signal, timeoutMs: 120_000 });
		const rows = rowsOf(ended, 'Images');
		images = rows.length;
		for (const { json, binary } of rows) {
			const { bytes } = emulator.tasks.get(json.request_id as string)!.images[0]!.picture!;
			assert((await client.binary(binary!.data!)).equals(bytes));
		}
		assert.equal(new Set(rows.map(({ json }) => json.request_id)).size, lines.split('\n').length);
		assert.equal(createsFor(env, PROMPT).length, created, 'creates');
	});
	say(
		`durable: ${mode} mode, killed in the creates of 30 items: ${createsFor(env, PROMPT).length} created, ${images} images by the recipe for the log`,
	);
}

/** The lines that the command of the documentation finds, run by a shell. */
function asDocumented(log: string, execution: string): string {
	const [, command] =
		/^ +(grep 'task created .*n8n\.log)$/m.exec(readFileSync(SCALING, 'utf8')) ?? [];
	if (!command?.includes('execution 65,')) throw new Error('docs/scaling.md has no such command.');
	const folder = mkdtempSync(join(tmpdir(), 'log-'));
	try {
		writeFileSync(join(folder, 'n8n.log'), log);
		const ours = command.replace('execution 65,', `execution ${execution},`);
		return execFileSync('sh', ['-c', ours], { cwd: folder, encoding: 'utf8' }).trimEnd();
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** The workflow with an item for each prompt that it is sent. */
function manyItems(workflow: WorkflowJson): WorkflowJson {
	const [webhook, node] = workflow.nodes;
	const split = {
		...webhook!,
		id: 'split',
		name: 'One Item per Prompt',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		parameters: { fieldToSplitOut: 'body.prompts', options: {} },
	};
	return {
		...workflow,
		nodes: [webhook!, split, node!],
		connections: {
			Webhook: { main: [[{ node: split.name, type: 'main', index: 0 }]] },
			[split.name]: { main: [[{ node: node!.name, type: 'main', index: 0 }]] },
		},
	};
}
