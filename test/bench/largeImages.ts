import { setTimeout as sleep } from 'node:timers/promises';
import { medianOf } from './figure';
import type { Work } from './figure';
import type { Ground } from './ground';
import { ResidentMemory } from './residentMemory';
import { mustSucceed, runNode, runRecipe } from './runs';
import { startService } from './service';

/** Each figure is the median of so many processes of n8n: garbage is collected at its own pace. */
const PROCESSES = 3;
const IMAGES_A_TASK = 10;
const TASK = 1000;
const SMALL = 10_000;
const LARGE = 4_000_000;
const SETTLING = 3000;

type Run = typeof runNode;

/** MB that n8n holds at most in one run, and those that it held just before. */
type Peak = { peak: number; before: number };

/** Images go through streams into n8n's file storage: their size must not show in its memory. */
export async function largeImages(ground: Ground): Promise<Work> {
	await ground.clear();
	const peakOf = async (run: Run, items: number, bytes: number) => {
		const peaks: Peak[] = [];
		for (let count = 0; count < PROCESSES; count++) {
			const { peak, before } = await peakOfOne(ground, run, items, bytes);
			ground.say(
				`  ${run.name}, ${items * IMAGES_A_TASK} images of ${bytes / 1000} kB: ` +
					`${before.toFixed()} MB before, ${peak.toFixed()} MB at the peak`,
			);
			peaks.push({ peak, before });
		}
		return {
			peak: medianOf(peaks.map(({ peak }) => peak)),
			before: medianOf(peaks.map(({ before }) => before)),
		};
	};
	const small = await peakOf(runNode, 10, SMALL);
	const large = await peakOf(runNode, 10, LARGE);
	const many = await peakOf(runNode, 30, LARGE);
	const theirSmall = await peakOf(runRecipe, 10, SMALL);
	const theirLarge = await peakOf(runRecipe, 10, LARGE);
	return {
		work: `10 items of 10 images of 4 MB, n8n's file storage, median of ${PROCESSES} processes`,
		method:
			"Resident memory of n8n's process as the kernel keeps its peak (VmHWM, reset before the " +
			'run), each time in a new n8n that has made one small image before.',
		figures: [
			{
				what: "n8n's peak resident memory above that with 10 kB images",
				measured: large.peak - small.peak,
				unit: 'MB',
				atMost: 96,
				recipe: theirLarge.peak - theirSmall.peak,
			},
			{
				what: 'peak for 300 such images / for 100',
				measured: many.peak / large.peak,
				unit: '×',
				atMost: 1.2,
			},
			{
				what: 'the same, what n8n held before left out',
				measured: (many.peak - many.before) / (large.peak - large.before),
				unit: '×',
			},
		],
	};
}

async function peakOfOne(ground: Ground, run: Run, items: number, bytes: number): Promise<Peak> {
	const service = await startService({ durations: [TASK], pictures: { bytes } });
	const n8n = await ground.freshN8n();
	try {
		// One small run beforehand, so that what n8n loads at its first run is in both figures.
		const warmUp = await startService({ durations: [TASK], pictures: { bytes: SMALL } });
		mustSucceed(await run(n8n.client, warmUp, { items: 1 }), 1);
		await warmUp.stop();
		await sleep(SETTLING);
		const memory = new ResidentMemory(n8n.pid);
		const before = memory.now;
		const outcome = await run(n8n.client, service, { items, images: IMAGES_A_TASK });
		mustSucceed(outcome, items * IMAGES_A_TASK);
		return { peak: memory.peak, before };
	} finally {
		await ground.stop(n8n);
		await service.stop();
	}
}
