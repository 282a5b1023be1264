import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowJson } from '../../n8n/client';
import { session } from '../session';
import { imageNode, inARow, node } from '../workflow';
import { useWorld } from '../world';
import { stop, until } from './stopping';

/** A webhook that makes an image of the prompt in its body and answers with the image. */
function imageService(path: string): WorkflowJson {
	const nodes = [
		node(
			'Webhook',
			'webhook',
			{ httpMethod: 'POST', path, responseMode: 'responseNode', options: {} },
			{ typeVersion: 2, webhookId: randomUUID() },
		),
		imageNode({ parameters: { prompt: '={{ $json.body.prompt }}' } }),
		node('Answer', 'respondToWebhook', { respondWith: 'binary', options: {} }),
	];
	return { name: `Image service ${path}`, nodes, connections: inARow(...nodes) };
}

describe('An active workflow behind a webhook', () => {
	const world = useWorld();
	const path = `picture-${randomUUID()}`;
	let workflowId: string;

	const ask = async (prompt: string) =>
		await fetch(`${session().url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ prompt }),
		});

	beforeAll(async () => {
		workflowId = (await world.save(imageService(path))).id;
		await world.client.activateWorkflow(workflowId);
		// A webhook answers some moments after its activation; GET is not its method.
		const registered = async () => {
			const answer = await fetch(`${session().url}/webhook/${path}`);
			return (await answer.text()).includes('not registered for GET');
		};
		while (!(await registered())) await sleep(200);
	});

	afterAll(async () => await world.client.deactivateWorkflow(workflowId));

	test("answers with the image, byte for byte the service's", async () => {
		const answer = await ask('a red apple');
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toBe('image/png');
		const [task] = [...world.emulator.tasks.values()];
		const { bytes } = task!.images[0]!.picture!;
		expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
		expect(world.emulator.creates()).toHaveLength(1);
	});

	test('ten callers at once get an image each, for ten creates', async () => {
		const prompts = Array.from({ length: 10 }, (_, index) => `picture ${index + 1}`);
		const answers = await Promise.all(prompts.map(ask));
		expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
		const images = await Promise.all(answers.map(async (answer) => (await answer.blob()).size));
		expect(images).not.toContain(0);
		expect(world.emulator.creates()).toHaveLength(10);
	});

	test('Stop from the executions list: its task is cancelled', async () => {
		const answer = ask('a cat [stuckInProgress]');
		await until(world.emulator.statusReads, 1);
		const [running] = await world.client.executions(workflowId);
		const { execution, late } = await stop(world, running!.id);
		expect(execution.mode).toBe('webhook');
		expect(execution.status).toBe('canceled');
		expect(world.emulator.cancels()).toHaveLength(1);
		expect(late).toEqual([]);
		await answer;
	});
});
