import type { WorkflowJson } from '../../n8n/client';
import { exampleWorkflow } from '../../n8n/demo';
import { whenAll } from '../executions';
import { createsFor, endAll, tasksFor } from '../tasks';
import { until } from '../until';
import { post, publish } from '../webhooks';
import type { Published } from '../webhooks';
import { SEAART, webhook } from '../workflow';
import type { DurablePair } from './durablePair';

/** A way to make an image, and what "Retry execution" does where n8n was killed in its wait. */
interface Way {
	what: string;
	example: string;
	saveExecutionProgress: boolean;
	/** Creates after the retry, the first one included. */
	creates: Record<'regular' | 'queue', number>;
}

const ONE_NODE = { example: 'first-image', creates: { regular: 2, queue: 1 } };
const TWO_NODES = { ...ONE_NODE, example: 'create-now-collect-later' };

const WAYS: Way[] = [
	{ ...ONE_NODE, what: 'one node that waits', saveExecutionProgress: false },
	{ ...ONE_NODE, what: 'one node that waits, with progress saved', saveExecutionProgress: true },
	{ ...TWO_NODES, what: 'create, then Get Result', saveExecutionProgress: false },
	{
		...TWO_NODES,
		what: 'create, then Get Result, with progress saved',
		saveExecutionProgress: true,
		creates: { regular: 1, queue: 1 },
	},
];

const promptOf = ({ what }: Way) => `${what}, that takes 3600 s`;

/** A worker's lock on an execution lasts a minute; others look for lost ones twice a minute. */
const NOTICED_WITHIN_MS = 180_000;

/** What "Retry execution" does to the money. */
export function retrying(pair: DurablePair): void {
	describe('"Retry execution" after a kill', () => {
		const published = new Map<Way, Published>();

		beforeAll(async () => {
			for (const way of WAYS) {
				const workflow = await publish(pair, asWebhook(way, promptOf(way)));
				published.set(way, workflow);
				await post(workflow, {});
			}
			for (const way of WAYS)
				await until(`${way.what} waits`, () =>
					tasksFor(pair, promptOf(way)).some(({ calls }) => calls.status > 0),
				);
			await pair.processes.kill('workers');
			endAll(pair);
			await pair.processes.restart();
		});

		test.each(WAYS)('$what', async (way) => {
			const { client, processes } = pair;
			const lostIn = ['crashed', 'error'];
			const [lost] = await whenAll(client, published.get(way)!, 1, lostIn, NOTICED_WITHIN_MS);
			// What the retry creates would take an hour.
			const ending = setInterval(() => endAll(pair), 500);
			const pressed = client.retryExecution(lost!.id).finally(() => clearInterval(ending));
			const { status } = await client.waitForExecution(await pressed);
			expect(createsFor(pair, promptOf(way))).toHaveLength(way.creates[processes.mode]);
			expect(status).toBe(processes.mode === 'regular' ? 'success' : 'error');
		});
	});

	test('"Retry execution" twice on one execution', async () => {
		const { client, emulator } = pair;
		const prompt = 'an image that fails at first';
		emulator.play('failsWithInferenceFailure', { prompt });
		const workflow = await publish(pair, asWebhook(WAYS[0]!, prompt));
		await post(workflow, {});
		const [failed] = await whenAll(client, workflow, 1, ['error']);
		for (let press = 1; press <= 2; press++) {
			const { status } = await client.waitForExecution(await client.retryExecution(failed!.id));
			expect(status).toBe('success');
		}
		expect(createsFor(pair, prompt)).toHaveLength(3);
	});
}

/** An example with this prompt, started by a webhook, as in production. */
export function asWebhook(
	{ example, saveExecutionProgress }: Pick<Way, 'example' | 'saveExecutionProgress'>,
	prompt: string,
): WorkflowJson {
	const { nodes, connections, settings } = exampleWorkflow(example);
	const [trigger, ...others] = nodes;
	for (const { type, parameters } of others)
		if (type === SEAART && parameters.operation !== 'getResult') parameters.prompt = prompt;
	const { [trigger!.name]: first, ...rest } = connections;
	const start = webhook();
	return {
		name: prompt,
		nodes: [start, ...others],
		connections: { [start.name]: first!, ...rest },
		settings: { ...settings, saveExecutionProgress },
	};
}
