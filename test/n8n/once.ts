import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution, WorkflowJson } from './client';
import type { Say } from './command';
import { exampleWorkflow, startTrial } from './trial';

const NODE = 'SeaArt GPT Image 1';
const TRIGGER = 'When clicking ‘Execute workflow’';
const TIMEOUT_MS = 15 * 60_000;
const CANCEL_GRACE_MS = 2000;

/**
 * Runs the example workflow with this prompt in a whole n8n without a browser, and writes its
 * images into a folder. Returns their paths.
 */
export async function once({
	prompt,
	out,
	say,
	signal,
}: {
	prompt: string;
	out: string;
	say: Say;
	signal: AbortSignal;
}): Promise<string[]> {
	const trial = await startTrial(withPrompt(exampleWorkflow('first-image'), prompt), {
		say,
		signal,
	});
	const { client } = trial.n8n;
	try {
		const whose = trial.service.emulated
			? 'the emulated service, free of charge'
			: `${trial.service.baseUrl}, charged`;
		say(`Running the workflow (images from ${whose}) …`);
		const id = await client.runWorkflow(trial.workflow.id, TRIGGER);
		const execution = await client
			.waitForExecution(id, { timeoutMs: TIMEOUT_MS, signal })
			.catch(async (error) => {
				// Stop it as a user would, so that the node can cancel its task before n8n ends.
				await client.stopExecution(id).catch(() => {});
				await sleep(CANCEL_GRACE_MS);
				throw error;
			});
		const paths: string[] = [];
		await mkdir(out, { recursive: true });
		for (const binary of imagesOf(execution)) {
			const path = join(out, basename(binary.fileName ?? `image-${paths.length}`));
			await writeFile(path, await client.binary(binary));
			paths.push(path);
		}
		return paths;
	} finally {
		say('Stopping n8n …');
		await trial.stop();
	}
}

function withPrompt(workflow: WorkflowJson, prompt: string): WorkflowJson {
	const nodes = workflow.nodes.map((node) =>
		node.name === NODE ? { ...node, parameters: { ...node.parameters, prompt } } : node,
	);
	return { ...workflow, nodes };
}

/** The binaries of every row that the node put out, or the reason why there are none. */
function imagesOf({ status, data }: Execution) {
	const { error, runData } = data.resultData;
	if (status !== 'success') {
		const said = [error?.message, error && 'description' in error && error.description];
		throw new Error([`The workflow ended as ${status}`, ...said.filter(Boolean)].join(': '));
	}
	const rows = runData[NODE]?.at(-1)?.data?.main?.[0] ?? [];
	const images = rows.flatMap(({ binary = {} }) => Object.values(binary));
	if (images.length === 0) throw new Error('The workflow succeeded but put out no image.');
	return images;
}
