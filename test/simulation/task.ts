import type { Format } from './imageBytes';
import { imageBytes } from './imageBytes';
import type { Random } from './random';

/** A task as the simulated service keeps it. Times are ms since the beginning. */

export type TaskImage = {
	url: string;
	bytes: Buffer;
	/** What goes wrong with it at every attempt to fetch it. */
	lasting: 'none' | 'notFound' | 'html' | 'cutSilently' | 'toFile';
};

export type Ending = 'good' | 'failed' | 'cancelled' | 'never';

export type Task = {
	requestId: string;
	item: number;
	body: Record<string, unknown>;
	createdAt: number;
	/** Until then the call says that there is no such task. */
	knownFrom: Record<'status' | 'result' | 'cancel', number>;
	runsFrom: number;
	endsAt: number;
	ending: Ending;
	/** Until then the result is not there, although the task has ended; and what its call says. */
	resultFrom: number;
	lateResult: 202 | 404;
	errorType: string;
	/** The words by which it is called while it is open. */
	words: { queued: string; running: string };
	images: TaskImage[];
	/** How its bad end looks to those who ask for the result. */
	badResult: 'ok' | 'client error' | 'server error';
	/** Which shape its result takes. */
	shape: 'outputs' | 'older' | 'bare' | 'hostile';
};

const ERROR_TYPES = [
	'INFERENCE_FAILURE',
	'INFERENCE_TIMEOUT',
	'REQUEST_INVALID',
	'CONTENT_BLOCKED',
	'INTERNAL_SERVER_ERROR',
	'SOMETHING_NEW',
	'',
];

export function drawTask(
	place: { requestId: string; item: number; body: Record<string, unknown>; host: string },
	now: number,
	random: Random,
): Task {
	const { requestId, body } = place;
	const duration = random.magnitude(...random.pick<[number, number]>(DURATIONS));
	const endsAt = now + duration;
	const format = (body.output_format ?? 'png') as Format;
	// The service may be a little behind itself.
	const isBehind = random.chance(0.12);
	const behind = () => (isBehind && random.chance(0.7) ? now + random.magnitude(100, 25_000) : now);
	return {
		requestId,
		item: place.item,
		body,
		createdAt: now,
		knownFrom: { status: behind(), result: behind(), cancel: behind() },
		runsFrom: now + random.next() * duration,
		endsAt,
		ending: random.weighted({ good: 16, failed: 3, cancelled: 1, never: 1 }),
		lateResult: random.chance(0.7) ? 202 : 404,
		resultFrom: random.chance(0.8) ? endsAt : endsAt + random.magnitude(100, 20_000),
		errorType: random.pick(ERROR_TYPES),
		words: {
			queued: random.pick(['IN_QUEUE', 'IN_QUEUE', 'QUEUED', 'in_queue', 'WAITING_ROOM']),
			running: random.pick(['IN_PROGRESS', 'IN_PROGRESS', 'in_progress', 'UPSCALING']),
		},
		images: Array.from({ length: Number(body.n ?? 1) }, (_, index) => ({
			url: `${place.host}/2026/${requestId}/${index}.${format}`,
			bytes: imageBytes(format, `${requestId}/${index}`, random, random.chance(0.1)),
			lasting: random.weighted({
				none: 60,
				notFound: 1,
				html: 1,
				cutSilently: 1,
				toFile: 0.5,
			}),
		})),
		badResult: random.pick(['ok', 'client error', 'server error']),
		shape: random.pick(['outputs', 'outputs', 'older', 'bare', 'hostile']),
	};
}

const DURATIONS: ReadonlyArray<[number, number]> = [
	[100, 3_000],
	[3_000, 30_000],
	[5_000, 60_000],
	[2_000, 150_000],
];

export const hasEnded = (task: Task, now: number) => task.ending !== 'never' && now >= task.endsAt;

/** Takes a cancellation. @returns false where the task had ended before */
export function cancelTask(task: Task, now: number, random: Random): boolean {
	if (hasEnded(task, now)) return false;
	task.ending = 'cancelled';
	task.endsAt = now + (random.chance(0.5) ? 0 : random.magnitude(1, 3_000));
	return true;
}
