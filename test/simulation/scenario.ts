import type { INodeExecutionData } from 'n8n-workflow';
import type { WorkflowJson } from '../engine/engine';
import type { Random } from './random';

/** What the user has set up, and what he does while it runs: drawn from the seed. */

export type Operation = 'generate' | 'getResult' | 'getStatus' | 'cancel';

export type OnError = 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';

export type Scenario = {
	operation: Operation;
	items: number;
	images: number;
	wait: boolean;
	download: boolean;
	singleItem: boolean;
	/** Seconds. */
	timeout: number;
	onTimeout: 'fail' | 'cancel' | 'returnTask';
	pollInterval: number;
	inFlight: number;
	cancelOnStop: boolean;
	format: 'png' | 'jpeg' | 'webp';
	onError: OnError;
	/** Tries of Retry On Fail; 1 where it is off. */
	tries: number;
	waitBetweenTries: number;
	/** Milliseconds between the starts of two items; 0 where n8n starts all at once. */
	batchInterval: number;
	/** The item whose number of images the service does not take, if there is one. */
	badItem: number | undefined;
	/** When the user presses Stop: so long after a certain request has left. */
	stop: { afterRequests: number; plus: number } | undefined;
	/** How often the user presses "Retry execution" at most. */
	retryExecution: number;
	/** Whether images may be fetched over http, as the base URL is http itself. */
	http: boolean;
	key: string;
};

const TRIGGER = 'Start';
export const NODE = 'Image';

export function drawScenario(random: Random): Scenario {
	const operation = random.weighted<Operation>({
		generate: 16,
		getResult: 3,
		getStatus: 1,
		cancel: 1,
	});
	const items = random.pick([
		() => 1,
		() => random.whole(2, 4),
		() => random.whole(2, 4),
		() => random.whole(3, 8),
		() => (random.chance(0.1) ? random.whole(20, 40) : random.whole(5, 12)),
	])();
	const retries = random.chance(0.35);
	return {
		operation,
		items,
		images: random.chance(0.6) ? 1 : random.whole(2, items > 12 ? 2 : 4),
		wait: random.chance(operation === 'generate' ? 0.88 : 0.8),
		download: random.chance(0.85),
		singleItem: random.chance(0.35),
		timeout: random.chance(0.5) ? 600 : Math.round(random.magnitude(2, 900)),
		onTimeout: random.weighted({ fail: 2, cancel: 1, returnTask: 1 }),
		pollInterval: random.chance(0.7) ? 0 : Math.round(random.magnitude(1, 20)),
		inFlight: random.chance(0.4) ? 10 : random.whole(1, 4),
		cancelOnStop: random.chance(0.8),
		format: random.pick(['png', 'jpeg', 'webp']),
		onError: random.weighted({
			stopWorkflow: 4,
			continueRegularOutput: 2,
			continueErrorOutput: 2,
		}),
		tries: retries ? random.whole(2, 3) : 1,
		waitBetweenTries: random.pick([1, 1000, 5000]),
		batchInterval: random.chance(0.05) ? random.whole(50, 2000) : 0,
		badItem: random.chance(0.04) ? random.whole(0, items - 1) : undefined,
		stop: random.chance(0.3)
			? {
					afterRequests: Math.round(random.magnitude(1, 6 * items)),
					plus: random.pick([0, 1, random.whole(0, 400), random.whole(0, 20_000)]),
				}
			: undefined,
		retryExecution: random.chance(0.6) ? random.whole(1, 2) : 0,
		http: random.chance(0.25),
		key: `sk-${Math.floor(random.next() * 1e12).toString(36)}-${Math.floor(random.next() * 1e12).toString(36)}`,
	};
}

/** Item numbers travel in the prompt, so that the service knows for whom it works. */
const PROMPT = /^Picture (\d+)$/;

export const itemOfPrompt = (prompt: unknown) => Number(PROMPT.exec(String(prompt))?.[1] ?? NaN);

/** @param requestIds ids of tasks that exist before the run, one an item */
export function itemsOf(scenario: Scenario, requestIds: string[]): INodeExecutionData[] {
	return Array.from({ length: scenario.items }, (_, item) => ({
		json: {
			prompt: `Picture ${item}`,
			images: item === scenario.badItem ? 11 : scenario.images,
			requestId: requestIds[item] ?? '',
		},
	}));
}

export function workflowOf(scenario: Scenario): WorkflowJson {
	const { operation, singleItem, timeout, onTimeout, pollInterval, cancelOnStop } = scenario;
	const waitOptions = { timeout, onTimeout, cancelOnStop, ...(pollInterval && { pollInterval }) };
	const options = {
		...(scenario.wait && waitOptions),
		...(singleItem && { imageOutput: 'singleItem' }),
		...(operation === 'generate' && { maxTasksInFlight: scenario.inFlight }),
		...(operation === 'generate' && { outputFormat: scenario.format }),
	};
	const own =
		operation === 'generate'
			? { prompt: '={{ $json.prompt }}', numberOfImages: '={{ $json.images }}' }
			: { requestId: '={{ $json.requestId }}' };
	const node = { typeVersion: 1, position: [0, 0] as [number, number] };
	return {
		nodes: [
			{
				...node,
				id: '1',
				name: TRIGGER,
				type: 'n8n-nodes-base.manualTrigger',
				parameters: {},
			},
			{
				...node,
				id: '2',
				name: NODE,
				type: 'n8n-nodes-seaart-gpt-image-1.gptImage1',
				parameters: {
					operation,
					...own,
					waitForCompletion: scenario.wait,
					downloadImages: scenario.download,
					options,
					...(scenario.batchInterval > 0 && {
						requestOptions: {
							batching: { batch: { batchSize: 1, batchInterval: scenario.batchInterval } },
						},
					}),
				},
				onError: scenario.onError,
				retryOnFail: scenario.tries > 1,
				maxTries: scenario.tries,
				waitBetweenTries: scenario.waitBetweenTries,
			},
		],
		// Another one makes n8n work out time zones for every expression, which is slow.
		settings: { timezone: 'UTC' },
		connections: { [TRIGGER]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
	};
}
