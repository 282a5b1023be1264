import { setTimeout as sleep } from 'node:timers/promises';
import type { Say } from './command';
import { startDemo } from './demo';
import { assertWritable, firstImage, writeImages } from './firstImage';

const TRIGGER = 'When clicking ‘Execute workflow’';
const TIMEOUT_MS = 15 * 60_000;
const CANCEL_GRACE_MS = 2000;

/**
 * Runs the First image workflow with this prompt in a whole n8n without a browser, and writes its
 * images into a folder. Returns their paths.
 */
export async function once(
	{ prompt, out }: { prompt: string; out: string },
	{ say, signal }: { say: Say; signal: AbortSignal },
): Promise<string[]> {
	await assertWritable(out);
	const { n8n, service, workflow, stop } = await startDemo(firstImage({ prompt }), { say, signal });
	const { client } = n8n;
	try {
		say(`Generating (${service.source}) …`);
		const id = await client.runWorkflow(workflow.id, TRIGGER);
		const execution = await client
			.waitForExecution(id, { timeoutMs: TIMEOUT_MS, signal })
			.catch(async (error) => {
				// Stop it as a user would, so that the node can cancel its task before n8n ends.
				await client.stopExecution(id).catch(() => {});
				await sleep(CANCEL_GRACE_MS);
				throw error;
			});
		return await writeImages(out, execution, async (image) => await client.binary(image));
	} finally {
		say('Stopping n8n …');
		await stop();
	}
}
