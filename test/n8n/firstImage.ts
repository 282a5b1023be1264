import { constants } from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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

/** Throws where the folder can neither be written into nor made: before an image is paid for. */
export async function assertWritable(folder: string): Promise<void> {
	const found = await stat(folder).catch(() => undefined);
	if (!found) return await assertWritable(dirname(folder));
	if (!found.isDirectory()) throw new Error(`Could not write images: ${folder} is not a folder.`);
	await access(folder, constants.W_OK).catch(() => {
		throw new Error(`Could not write images: the folder ${folder} is not writable.`);
	});
}

/**
 * Writes the images that the node put out into the folder, and returns their paths. Throws with the
 * reason where there are none.
 */
export async function writeImages(
	folder: string,
	{ status, data }: Pick<Execution, 'status' | 'data'>,
	bytesOf: (image: IBinaryData) => Promise<Buffer>,
): Promise<string[]> {
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
	await mkdir(folder, { recursive: true });
	const written = images.map(async (image, index) => {
		const path = join(folder, basename(image.fileName ?? `image-${index}`));
		await writeFile(path, await bytesOf(image));
		return path;
	});
	return await Promise.all(written);
}
