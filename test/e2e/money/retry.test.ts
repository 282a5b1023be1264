import { errorTextOf, itemsOf, requestIdsOf } from '../executions';
import { useN8n } from '../runningN8n';
import { tasksFor } from '../tasks';
import { GOOD, imageWorkflow } from '../workflow';

const PROMPTS = ['a cat', 'a dog', 'a cow'];

describe('Trying again', () => {
	const n8n = useN8n();

	test('Retry On Fail: 3 items of which 1 fails, 3 tries, make 5 creates and not 9', async () => {
		const { emulator } = n8n;
		const prompts = ['a cat', 'a dog [failsWithInferenceFailure]', 'a cow'];
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
		const execution = await n8n.run(imageWorkflow('Retry On Fail', { prompts, settings }));
		expect(execution.status).toBe('error');
		expect(emulator.creates()).toHaveLength(5);
		expect(emulator.cancels()).toHaveLength(0);
	});

	test('Retry execution: finished tasks are fetched and not created again', async () => {
		const { client, emulator } = n8n;
		emulator.play('failsWithInferenceFailure', { prompt: 'a dog' });
		const failed = await n8n.run(imageWorkflow('Retry execution', { prompts: PROMPTS }));
		expect(failed.status).toBe('error');
		const idsFor = (prompt: string) => tasksFor(n8n, prompt).map(({ id }) => id);
		const before = PROMPTS.flatMap(idsFor);
		expect(before).toHaveLength(3);
		for (const requestId of before) expect(errorTextOf(failed)).toContain(requestId);

		const retried = await client.waitForExecution(await client.retryExecution(failed.id));
		expect(retried.status).toBe('success');
		const [cat, dog, cow] = PROMPTS.map(idsFor);
		expect([cat, dog?.slice(0, -1), cow]).toEqual(before.map((id) => [id]));
		expect(requestIdsOf(itemsOf(retried, GOOD))).toEqual([cat![0], dog![1], cow![0]]);
	});

	test('a new execution of the same workflow makes new tasks', async () => {
		const { client, emulator } = n8n;
		const { id } = await n8n.save(imageWorkflow('Twice', { prompts: ['a cat'] }));
		for (let run = 1; run <= 2; run++) {
			const execution = await client.waitForExecution(await client.runWorkflow(id, 'Start'));
			expect(execution.status).toBe('success');
			expect(emulator.creates()).toHaveLength(run);
		}
	});
});
