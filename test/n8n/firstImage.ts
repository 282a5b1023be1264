import type { IBinaryData } from 'n8n-workflow';
import type { Execution, WorkflowJson } from './client';
import { exampleWorkflow } from './demo';

const NODE = 'SeaArt GPT Image 1';

/** The First image workflow, with these parameters of its node in place of those in the file. */
export function firstImage(parameters: Record<string, unknown>): WorkflowJson {
	const workflow = exampleWorkflow('first-image');
	const { parameters: inFile } = workflow.nodes.find(({ name }) => name === NODE)!;
	Object.assign(inFile, parameters);
	return workflow;
}

/** The images that its node put out. Throws with the reason where there are none. */
export function imagesOf({ status, data }: Pick<Execution, 'status' | 'data'>): IBinaryData[] {
	const { error, runData } = data.resultData;
	if (status !== 'success') {
		const message = error?.message.replace(/ \[item \d+\]$/, '') ?? `The workflow was ${status}`;
		const advice = error && 'description' in error && error.description;
		// Where a task exists, or may exist, it says how to get at the image without paying again.
		throw new Error(advice && /request ID/.test(advice) ? `${message}. ${advice}` : `${message}.`);
	}
	const items = runData[NODE]?.at(-1)?.data?.main?.[0] ?? [];
	const images = items.flatMap(({ binary = {} }) => Object.values(binary));
	if (images.length === 0) throw new Error('The workflow succeeded but returned no image.');
	return images;
}
