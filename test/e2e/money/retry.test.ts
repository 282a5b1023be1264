import { errorTextOf, itemsOf } from '../executions';
import { GOOD, imageWorkflow } from '../workflow';
import { useN8n } from '../runningN8n';

const ID = expect.any(String);

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };

describe('Trying again', () => {
	const n8n = useN8n();

	/** The request IDs of the tasks created for each prompt, in the order of their creation. */
	const createdIds = () => {
		const ids: Record<string, string[]> = {};
		for (const { id, parameters } of n8n.emulator.tasks.values()) {
			(ids[parameters.prompt] ??= []).push(id);
		}
		return ids;
	};

	test('Retry On Fail: 3 items of which 1 fails, 3 tries, make 5 creates and not 9', async () => {
		const { emulator } = n8n;
		const execution = await n8n.run(
			imageWorkflow('Retry On Fail, one fails for good', {
				prompts: ['a cat', 'a dog [failsWithInferenceFailure]', 'a cow'],
				settings: RETRY,
			}),
		);
		expect(execution.status).toBe('error');
		expect(emulator.creates()).toHaveLength(5);
		expect(emulator.cancels()).toHaveLength(0);
	});

	test('Retry On Fail: a task that failed is created again, and every image is delivered', async () => {
		const { emulator } = n8n;
		emulator.play('failsWithInferenceFailure', { prompt: 'a dog' });
		const execution = await n8n.run(
			imageWorkflow('Retry On Fail, one fails once', {
				prompts: ['a cat', 'a dog', 'a cow'],
				settings: RETRY,
			}),
		);
		expect(execution.status).toBe('success');
		expect(emulator.creates()).toHaveLength(4);
		expect(itemsOf(execution, GOOD).map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
			['data'],
			['data'],
			['data'],
		]);
	});

	test('Retry On Fail: a failed download is repeated without another create', async () => {
		const { emulator } = n8n;
		const execution = await n8n.run(
			imageWorkflow('Retry On Fail, the image is missing at first', {
				prompts: ['a cat [imageGoneOnce]'],
				settings: RETRY,
			}),
		);
		expect(execution.status).toBe('success');
		expect(emulator.creates()).toHaveLength(1);
		expect(itemsOf(execution, GOOD)).toHaveLength(1);
	});

	test('Retry execution: finished tasks are fetched and not created again', async () => {
		const { client, emulator } = n8n;
		emulator.play('failsWithInferenceFailure', { prompt: 'a dog' });
		const failed = await n8n.run(
			imageWorkflow('Retry execution', { prompts: ['a cat', 'a dog', 'a cow'] }),
		);
		expect(failed.status).toBe('error');
		const before = createdIds();
		expect(before).toEqual({ 'a cat': [ID], 'a dog': [ID], 'a cow': [ID] });
		const readable = errorTextOf(failed);
		for (const [requestId] of Object.values(before)) expect(readable).toContain(requestId);

		const retried = await client.waitForExecution(await client.retryExecution(failed.id));
		expect(retried.status).toBe('success');
		const { 'a cat': cat, 'a dog': dog, 'a cow': cow } = createdIds();
		expect([cat, cow]).toEqual([before['a cat'], before['a cow']]);
		expect(dog).toEqual([...before['a dog']!, ID]);
		expect(itemsOf(retried, GOOD).map(({ json }) => json.request_id)).toEqual([
			cat![0],
			dog![1],
			cow![0],
		]);
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

describe('A create whose answer is lost', () => {
	const n8n = useN8n();

	test.each([
		['createAcceptedButDropped', 'the connection breaks after the task was made'],
		['createAnswers502Html', 'a gateway answers for the service'],
		['createAnswers500', 'the service answers 500'],
	] as const)('%s: %s: it is not repeated, not even by Retry On Fail', async (scenario, _what) => {
		const { emulator } = n8n;
		const execution = await n8n.run(
			imageWorkflow(`Lost answer: ${scenario}`, {
				prompts: [`a cat [${scenario}]`],
				settings: RETRY,
			}),
		);
		expect(execution.status).toBe('error');
		expect(emulator.creates()).toHaveLength(1);
		expect(errorTextOf(execution)).toMatch(/double charge/);
	});

	test('rateLimitedOnce: a create that was definitely refused is repeated', async () => {
		const execution = await n8n.run(
			imageWorkflow('Refused once', { prompts: ['a cat [rateLimitedOnce]'] }),
		);
		expect(execution.status).toBe('success');
		expect(n8n.emulator.creates().map(({ status }) => status)).toEqual([429, 200]);
	});
});
