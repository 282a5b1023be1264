import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';
import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/trial';
import { whenAll } from '../queue/executions';
import { activate, post } from '../queue/workflows';
import type { Active } from '../queue/workflows';
import type { Environment } from './environment';
import { count, createsFor, tasksFor } from './phases';

/** A way to make an image, and what "Retry execution" does where n8n was killed in its wait. */
interface Way {
	what: string;
	example: string;
	saveExecutionProgress: boolean;
	/** Creates after the retry, the first one included. */
	creates: Record<'regular' | 'queue', number>;
}

const WAYS: Way[] = [
	{
		what: 'one node that waits',
		example: 'first-image',
		saveExecutionProgress: false,
		creates: { regular: 2, queue: 1 },
	},
	{
		what: 'one node that waits, with progress saved',
		example: 'first-image',
		saveExecutionProgress: true,
		creates: { regular: 2, queue: 1 },
	},
	{
		what: 'create, then Get Result',
		example: 'create-now-collect-later',
		saveExecutionProgress: false,
		creates: { regular: 2, queue: 1 },
	},
	{
		what: 'create, then Get Result, with progress saved',
		example: 'create-now-collect-later',
		saveExecutionProgress: true,
		creates: { regular: 1, queue: 1 },
	},
];

const NODE = 'n8n-nodes-seaart-gpt-image-1.gptImage1';

/** A worker's lock on an execution lasts a minute; others look for lost ones twice a minute. */
const NOTICED_WITHIN_MS = 180_000;

/** What "Retry execution" does to the money. */
export async function retrying(env: Environment): Promise<void> {
	await retryAfterKill(env);
	await retryTwice(env);
}

/** Kills n8n while each way waits for its task, presses "Retry execution", and counts creates. */
async function retryAfterKill(env: Environment): Promise<void> {
	const { system, emulator, checks, say, signal } = env;
	const { client, mode } = system;
	const started: Array<{ way: Way; prompt: string; workflow: Active }> = [];
	for (const way of WAYS) {
		const prompt = `${way.what}, that takes 3600 s`;
		const workflow = await activate(client, env.credential, asWebhook(way, prompt));
		await post(workflow, {});
		started.push({ way, prompt, workflow });
	}
	for (const { prompt } of started) await isWaitedFor(env, prompt);
	await system.kill('workers');
	for (const { id, ending } of emulator.tasks.values()) if (!ending) emulator.end(id);
	await system.restart();
	for (const { way, prompt, workflow } of started) {
		let images = 0;
		await checks.check(`${mode} mode, "Retry execution" after a kill: ${way.what}`, async () => {
			const timeout = { timeoutMs: NOTICED_WITHIN_MS, signal };
			const [lost] = await whenAll(client, workflow, 1, ['crashed', 'error'], timeout);
			// What the retry creates would take an hour.
			const ending = setInterval(() => {
				for (const { id, ending: end } of tasksFor(env, prompt)) if (!end) emulator.end(id);
			}, 500);
			const pressed = client.retryExecution(lost!.id).finally(() => clearInterval(ending));
			const { status } = await client.waitForExecution(await pressed, { signal });
			images = tasksFor(env, prompt).filter(({ id }) => emulator.downloads(id).length > 0).length;
			assert.equal(createsFor(env, prompt).length, way.creates[mode], 'creates');
			assert.equal(status, mode === 'regular' ? 'success' : 'error');
		});
		say(
			`durable: ${mode} mode, killed in the wait, "Retry execution" of ${way.what}: ${count(createsFor(env, prompt).length, 'create')} in all, ${count(images, 'image')}`,
		);
	}
}

/** "Retry execution" pressed twice on one failed execution, and not on its retry. */
async function retryTwice(env: Environment): Promise<void> {
	const { system, emulator, checks, say, signal } = env;
	const { client, mode } = system;
	const prompt = 'an image that fails at first';
	const way = { ...WAYS[0]!, what: prompt };
	await checks.check(`${mode} mode, "Retry execution" twice on one execution`, async () => {
		emulator.play('failsWithInferenceFailure');
		const workflow = await activate(client, env.credential, asWebhook(way, prompt));
		await post(workflow, {});
		const [failed] = await whenAll(client, workflow, 1, ['error'], { signal });
		for (let press = 1; press <= 2; press++) {
			const { status } = await client.waitForExecution(await client.retryExecution(failed!.id));
			assert.equal(status, 'success');
		}
		assert.equal(createsFor(env, prompt).length, 3);
	});
	say(
		`durable: ${mode} mode, "Retry execution" twice on one failed execution: ${createsFor(env, prompt).length - 1} creates by the two retries, one image each`,
	);
}

/** A task exists for this prompt, and its execution asks after it. */
async function isWaitedFor(env: Environment, prompt: string): Promise<void> {
	for (;;) {
		const [task] = tasksFor(env, prompt);
		if (task && env.emulator.statusReads(task.id).length > 0) return;
		await sleep(100, undefined, { signal: env.signal });
	}
}

/** An example with this prompt, started by a webhook, as in production. */
export function asWebhook(
	{ example, saveExecutionProgress, what }: Pick<Way, 'example' | 'saveExecutionProgress' | 'what'>,
	prompt: string,
): WorkflowJson {
	const workflow = exampleWorkflow(example);
	const [trigger] = workflow.nodes;
	const webhook: INode = {
		...trigger!,
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: randomUUID(),
		parameters: { httpMethod: 'POST', path: randomUUID(), options: {} },
	};
	const nodes = workflow.nodes
		.slice(1)
		.map((node) =>
			node.type === NODE && node.parameters.operation !== 'getResult'
				? { ...node, parameters: { ...node.parameters, prompt } }
				: node,
		);
	const { [trigger!.name]: first, ...others } = workflow.connections;
	return {
		name: what,
		nodes: [webhook, ...nodes],
		connections: { Webhook: first!, ...others },
		settings: { ...workflow.settings, saveExecutionProgress },
	};
}
