import { randomUUID } from 'node:crypto';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import type { WorkflowJson } from '../n8n/client';

/** The name of the manual trigger in every workflow of these tests. */
export const TRIGGER = 'Start';

/** The name of this package's node in the workflows below. */
export const IMAGES = 'Images';

/** Its type. */
export const SEAART = 'n8n-nodes-seaart-gpt-image-1.gptImage1';

/** Where its items arrive: those that went well, and those that did not. */
export const GOOD = 'Good';
export const BAD = 'Bad';

type Settings = Partial<Pick<INode, 'retryOnFail' | 'maxTries' | 'waitBetweenTries' | 'onError'>>;

export interface ImagePlan {
	/** One input item each. */
	prompts: string[];
	parameters?: INodeParameters;
	options?: INodeParameters;
	settings?: Settings;
}

/** As often as the node may ask, so that no test waits long. */
export const SWIFTLY = { pollInterval: 0.5 };

export const node = (
	name: string,
	type: string,
	parameters: INodeParameters = {},
	more: Partial<INode> = {},
): INode => ({
	id: randomUUID(),
	name,
	type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
	typeVersion: 1,
	position: [0, 0],
	parameters,
	...more,
});

export const imageNode = ({ parameters, options, settings }: Omit<ImagePlan, 'prompts'>): INode =>
	node(
		IMAGES,
		SEAART,
		{ prompt: '={{ $json.prompt }}', ...parameters, options: { ...SWIFTLY, ...options } },
		settings,
	);

/** A manual trigger whose pinned data are the items. */
export const startWith = (items: IDataObject[]) => ({
	trigger: node(TRIGGER, 'manualTrigger'),
	pinData: { [TRIGGER]: items.map((json) => ({ json })) },
});

/** A webhook at a path of its own. */
export const webhook = (parameters: INodeParameters = {}): INode =>
	node(
		'Webhook',
		'webhook',
		{ httpMethod: 'POST', path: randomUUID(), options: {}, ...parameters },
		{ typeVersion: 2, webhookId: randomUUID() },
	);

/** Nodes one after the other, each fed by the first output of the one before. */
export const inARow = (...nodes: INode[]): WorkflowJson['connections'] =>
	Object.fromEntries(
		nodes
			.slice(1)
			.map(({ name }, index) => [
				nodes[index]!.name,
				{ main: [[{ node: name, type: 'main', index: 0 }]] },
			]),
	);

/** Prompts into this package's node, and from its outputs into "Good" and "Bad". */
export function imageWorkflow(name: string, { prompts, ...plan }: ImagePlan): WorkflowJson {
	const { trigger, pinData } = startWith(prompts.map((prompt) => ({ prompt })));
	const images = imageNode(plan);
	const [good, bad] = [node(GOOD, 'noOp'), node(BAD, 'noOp')];
	return {
		name,
		nodes: [trigger, images, good, bad],
		connections: {
			...inARow(trigger, images),
			[IMAGES]: {
				main: [GOOD, BAD].map((to) => [{ node: to, type: 'main', index: 0 }]),
			},
		},
		pinData,
	};
}
