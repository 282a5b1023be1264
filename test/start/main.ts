import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import buildWhereStale from '../build';
import { startEngine } from '../harness/engine';
import type { Engine } from '../harness/engine';
import { say, stopSignal } from '../n8n/command';
import { assertWritable, firstImage, writeImages } from '../n8n/firstImage';
import { installOurs } from '../n8n/packed';
import { startService } from '../n8n/service';

/**
 * Builds, runs the First image workflow on n8n's own engine, with the package installed from its tarball,
 * writes the images into a folder and prints their paths. The node reports how its task is getting on, as
 * it does to the editor. Stop cancels the task. Returns the exit code.
 */
export async function main(out: string, parameters: Record<string, unknown>): Promise<number> {
	const signal = stopSignal();
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-'));
	const service = await startService();
	let engine: Engine | undefined;
	try {
		await assertWritable(out);
		buildWhereStale();
		engine = await startEngine(await installOurs(userFolder, { say, signal }));
		signal.throwIfAborted();
		say(`Generating (${service.source}) …`);
		const { apiKey, baseUrl } = service;
		const run = engine.start(firstImage(parameters), {
			credential: { apiKey, baseUrl },
			onMessage: (message) => say(`  ${message}`),
		});
		signal.addEventListener('abort', () => run.stop());
		const bytes = engine.bytes.bind(engine);
		for (const path of await writeImages(out, await run.ended, bytes)) console.log(path);
		return 0;
	} catch (error) {
		if (signal.aborted) return 130;
		say((error as Error).message);
		return 1;
	} finally {
		await engine?.stop();
		await service.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}
