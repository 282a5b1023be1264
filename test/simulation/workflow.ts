import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { WorkflowJson } from '../harness/engine';
import type { Task } from '../service/task';
import type { Scenario } from './scenario';

/** The workflow of a scenario, and the items that it begins with. */

export const TRIGGER = 'Start';
export const NODE = 'Image';
/** The node before it that creates, where one collects. */
export const CREATE = 'Create';

/** Item numbers travel in the prompt, so that the service knows for whom it works. */
export const promptOf = (item: number) => `Picture ${item}`;
export const itemOfPrompt = (prompt: unknown) => parseInt(String(prompt).replace('Picture ', ''));
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

/** What a node is set to. */
function parametersOf(scenario: Scenario): INodeParameters {
	const { operation, singleItem, pollInterval, cancelOnStop, wait } = scenario;
	const { batchInterval, batchSize } = scenario;
	const generates = operation === 'generate';
	const { timeout, onTimeout } = scenario;
	const waitOptions = { timeout, onTimeout, ...(pollInterval && { pollInterval }) };
	const options = {
		...(wait && waitOptions),
		...((generates || wait) && { cancelOnStop }),
		...(singleItem && { imageOutput: 'singleItem' }),
		...(generates && { maxTasksInFlight: scenario.inFlight, outputFormat: scenario.format }),
	};
	const own = generates
		? { prompt: given(scenario, 'prompt'), numberOfImages: '={{ $json.images }}' }
		: { requestId: scenario.collects ? '={{ $json.request_id }}' : given(scenario, 'requestId') };
	return {
		operation,
		...own,
		waitForCompletion: wait,
		downloadImages: scenario.download,
		options,
		...(batchInterval > 0 && {
			requestOptions: { batching: { batch: { batchSize, batchInterval } } },
		}),
	};
}

const node = (name: string, type: string) => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0] as [number, number],
	parameters: {},
});

export function workflowOf(scenario: Scenario): WorkflowJson {
	const { onError, tries, waitBetweenTries, collects } = scenario;
	const image = (name: string, changes: Partial<Scenario> = {}) => ({
		...node(name, 'n8n-nodes-seaart-gpt-image-1.gptImage1'),
		parameters: parametersOf({ ...scenario, ...changes }),
		onError,
		retryOnFail: tries > 1,
		maxTries: tries,
		waitBetweenTries,
	});
	const images = collects
		? [image(CREATE), image(NODE, { operation: 'getResult', wait: true })]
		: [image(NODE)];
	const nodes = [node(TRIGGER, 'n8n-nodes-base.manualTrigger'), ...images];
	const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
	return {
		nodes,
		// Another one makes n8n work out time zones for every expression, which is slow.
		settings: { timezone: 'UTC' },
		connections: Object.fromEntries(
			images.map(({ name }, index) => [nodes[index]!.name, to(name)]),
		),
	};
}
