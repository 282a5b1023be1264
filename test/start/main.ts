import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import buildWhereStale from '../build';
import { startEngine } from '../harness/engine';
import { say, stopSignal } from '../n8n/command';
import { assertWritable, firstImage, writeImages } from '../n8n/firstImage';
import { installOurs } from '../n8n/packed';
import { startService, type Service } from '../n8n/service';

/** Builds, generates, writes the images into a folder and prints their paths. Returns the exit code. */
export async function main(out: string, parameters: Record<string, unknown>): Promise<number> {
	const signal = stopSignal();
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-'));
	const service = await startService();
	try {
		await assertWritable(out);
		buildWhereStale();
		const paths = await generate(out, parameters, service, userFolder, signal);
		for (const path of paths) console.log(path);
		return 0;
	} catch (error) {
		if (signal.aborted) return 130;
		say((error as Error).message);
		return 1;
	} finally {
		await service.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}

/**
 * Runs the First image workflow on n8n's own engine, with the package installed from its tarball.
 * The node reports how its task is getting on, as it does to the editor. Stop cancels the task.
 */
async function generate(
	out: string,
	parameters: Record<string, unknown>,
	{ apiKey, baseUrl, source }: Service,
	userFolder: string,
	signal: AbortSignal,
) {
	const engine = await startEngine(await installOurs(userFolder, { say, signal }));
	try {
		signal.throwIfAborted();
		say(`Generating (${source}) …`);
		const run = engine.start(firstImage(parameters), {
			credential: { apiKey, baseUrl },
			onMessage: (message) => say(`  ${message}`),
		});
		signal.addEventListener('abort', () => run.stop());
		return await writeImages(out, await run.ended, async (image) => await engine.bytes(image));
	} finally {
		await engine.stop();
	}
}
