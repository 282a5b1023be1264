import type { WorkflowJson } from '../../n8n/client';
import { useN8n } from '../runningN8n';
import { call, publish } from '../webhooks';
import type { Published } from '../webhooks';
import { imageNode, inARow, node, webhook } from '../workflow';
import { arrived, stop } from './stopping';

/** A webhook that makes an image of the prompt in its body and answers with the image. */
function imageService(): WorkflowJson {
	const nodes = [
		webhook({ responseMode: 'responseNode' }),
		imageNode({ parameters: { prompt: '={{ $json.body.prompt }}' } }),
		node('Answer', 'respondToWebhook', { respondWith: 'binary', options: {} }),
	];
	return { name: 'Image service', nodes, connections: inARow(...nodes) };
}

describe('An active workflow behind a webhook', () => {
	const n8n = useN8n();
	let service: Published;

	const ask = async (prompt: string) => await call(service, { prompt });

	beforeAll(async () => void (service = await publish(n8n, imageService())));
	afterAll(async () => await n8n.client.deactivateWorkflow(service.id));

	test("answers with the image, byte for byte the service's", async () => {
		const answer = await ask('a red apple');
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toBe('image/png');
		const [task] = [...n8n.emulator.tasks.values()];
		const { bytes } = task!.images[0]!.picture!;
		expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
		expect(n8n.emulator.creates()).toHaveLength(1);
	});

	test('ten callers at once get an image each, for ten creates', async () => {
		const prompts = Array.from({ length: 10 }, (_, index) => `picture ${index + 1}`);
		const answers = await Promise.all(prompts.map(ask));
		expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
		const images = await Promise.all(answers.map(async (answer) => (await answer.blob()).size));
		expect(images).not.toContain(0);
		expect(n8n.emulator.creates()).toHaveLength(10);
	});

	test('Stop from the executions list: its task is cancelled', async () => {
		const answer = ask('a cat [stuckInProgress]');
		await arrived(n8n.emulator.statusReads, 1);
		const [running] = await n8n.client.executions(service.id);
		const { execution, late } = await stop(n8n, running!.id, 1);
		expect(execution.mode).toBe('webhook');
		expect(execution.status).toBe('canceled');
		expect(n8n.emulator.cancels()).toHaveLength(1);
		expect(late).toEqual([]);
		await answer;
	});
});
