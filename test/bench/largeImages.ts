import { setTimeout as sleep } from 'node:timers/promises';
import { figure, medianOf } from './figure';
import type { Result } from './figure';
import type { Harness } from './harness';
import { ResidentMemory } from './residentMemory';
import { mustSucceed, prompts, runOurs } from './runs';
import type { Service } from './service';

/** Each figure is the median of so many processes of n8n: garbage is collected in its own time. */
const PROCESSES = 3;
const ITEMS = 10;
const IMAGES_PER_TASK = 10;
const TASK_MS = 1000;
const SMALL_BYTES = 10_000;
const LARGE_BYTES = 4_000_000;
const SETTLE_MS = 3000;

/** Images go through streams into n8n's file storage: their size must not show in its memory. */
export async function largeImages(harness: Harness): Promise<Result> {
	await harness.stopShared();
	const [small, large] = await Promise.all(
		[SMALL_BYTES, LARGE_BYTES].map(
			async (bytes) => await harness.service({ durations: [TASK_MS], pictures: { bytes } }),
		),
	);
	const [smallMB, largeMB]: number[][] = [[], []];
	for (let count = 0; count < PROCESSES; count++) {
		smallMB!.push(await peakMB(harness, small!, small!));
		largeMB!.push(await peakMB(harness, small!, large!));
		harness.say(
			`  10 kB: ${smallMB!.at(-1)!.toFixed()} MB, 4 MB: ${largeMB!.at(-1)!.toFixed()} MB`,
		);
	}
	return {
		work: `100 images of 4 MB, n8n's file storage, median of ${PROCESSES} processes`,
		method:
			"10 items of 10 images. Resident memory of n8n's process as the kernel keeps its peak " +
			'(VmHWM, reset before the run), each time in a new n8n that has made one small image before.',
		figures: [
			figure(
				'peak memory beyond that with 10 kB images',
				medianOf(largeMB!) - medianOf(smallMB!),
				'MB',
				{ atMost: 64 },
			),
		],
	};
}

async function peakMB(harness: Harness, first: Service, measured: Service): Promise<number> {
	const n8n = await harness.freshN8n();
	try {
		// What n8n loads at its first run is a part of neither figure.
		mustSucceed(await runOurs(n8n.client, first, { input: prompts(1) }), { images: 1 });
		await sleep(SETTLE_MS);
		await measured.reset();
		const memory = new ResidentMemory(n8n.pid);
		const parameters = { numberOfImages: IMAGES_PER_TASK };
		const outcome = await runOurs(n8n.client, measured, { input: prompts(ITEMS), parameters });
		mustSucceed(outcome, { images: ITEMS * IMAGES_PER_TASK });
		return memory.peakMB;
	} finally {
		await harness.stop(n8n);
	}
}
