import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../harness/engine';
import type { Say } from '../n8n/command';
import { firstImage, imagesOf } from '../n8n/firstImage';
import type { ImageFile } from '../n8n/imageFiles';
import { installOurs } from '../n8n/packed';
import { startService } from '../n8n/service';

/**
 * Runs the First image workflow on n8n's own engine, with the package installed from its tarball.
 * The node reports how its task is getting on, as it does to the editor. Stop cancels the task.
 */
export async function generate(
	parameters: Record<string, unknown>,
	{ say, signal }: { say: Say; signal: AbortSignal },
): Promise<ImageFile[]> {
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-'));
	const service = await startService();
	try {
		const installed = await installOurs(userFolder, { say, signal });
		const engine = await startEngine([installed]);
		try {
			signal.throwIfAborted();
			say(`Generating (${service.source}) …`);
			const { apiKey, baseUrl } = service;
			const run = engine.start(firstImage(parameters), {
				credential: { apiKey, baseUrl },
				onMessage: (message) => say(`  ${message}`),
			});
			signal.addEventListener('abort', () => run.stop());
			const images = imagesOf(await run.ended);
			return await Promise.all(
				images.map(async (image, index) => ({
					name: image.fileName ?? `image-${index}`,
					bytes: await engine.bytes(image),
				})),
			);
		} finally {
			await engine.stop();
		}
	} finally {
		await service.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}
