import type { INodeExecutionData } from 'n8n-workflow';
import type { WorkflowJson } from '../harness/engine';
import type { Task } from '../service/task';
import type { Scenario } from './scenario';

/** The workflow of a scenario, and the items that it begins with. */

const TRIGGER = 'Start';
export const NODE = 'Image';

/** Item numbers travel in the prompt, so that the service knows for whom it works. */
const PROMPT = /^Picture (\d+)$/;

export const promptOf = (item: number) => `Picture ${item}`;

export const itemOfPrompt = (prompt: unknown) => Number(PROMPT.exec(String(prompt))?.[1] ?? NaN);

export const itemOf = ({ parameters }: Task) => itemOfPrompt(parameters.prompt);

/** @param requestIds IDs of tasks that exist before the run, one an item */
export function itemsOf(scenario: Scenario, requestIds: string[]): INodeExecutionData[] {
	return Array.from({ length: scenario.items }, (_, item) => ({
		json: {
			prompt: promptOf(item),
			images: item === scenario.badItem ? 11 : scenario.images,
			requestId: requestIds[item] ?? '',
			throws: item >= (scenario.throwsFrom ?? Infinity),
		},
	}));
}

/** n8n throws at a node that is not there. */
const given = ({ throwsFrom }: Scenario, field: string) =>
	throwsFrom === undefined
		? `={{ $json.${field} }}`
		: `={{ $json.throws ? $("Nowhere").item.json.x : $json.${field} }}`;

export function workflowOf(scenario: Scenario): WorkflowJson {
	const { operation, singleItem, timeout, onTimeout, pollInterval, cancelOnStop, wait } = scenario;
	const generates = operation === 'generate';
	const waitOptions = { timeout, onTimeout, ...(pollInterval && { pollInterval }) };
	const options = {
		...(wait && waitOptions),
		...((generates || wait) && { cancelOnStop }),
		...(singleItem && { imageOutput: 'singleItem' }),
		...(generates && { maxTasksInFlight: scenario.inFlight, outputFormat: scenario.format }),
	};
	const own = generates
		? { prompt: given(scenario, 'prompt'), numberOfImages: '={{ $json.images }}' }
		: { requestId: given(scenario, 'requestId') };
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
					waitForCompletion: wait,
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
