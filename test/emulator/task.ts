import { randomBytes } from 'node:crypto';

import { withDefaults } from './contract';
import type { Parameters } from './contract';
import type { Picture } from './pictures';

/** How a task ends. The error words of a bad end appear in status and result as they stand here. */
export type Ending =
	| { how: 'succeeded' }
	| {
			how: 'failed' | 'cancelled';
			error: unknown;
			error_type: string;
			provider_error?: Record<string, unknown>;
	  };

export const ENDINGS = {
	succeeded: { how: 'succeeded' },
	failed: {
		how: 'failed',
		error: 'Model inference failed',
		error_type: 'INFERENCE_FAILURE',
	},
	cancelled: {
		how: 'cancelled',
		error: 'Request was cancelled',
		error_type: 'CANCELED',
	},
} as const satisfies Record<string, Ending>;

/** Where an image of a task lies on the image server, and what has been asked of it. */
export type EmulatedImage = {
	index: number;
	path: string;
	downloads: number;
	picture?: Promise<Picture>;
};

export type EmulatedTask = {
	id: string;
	parameters: Parameters;
	/** The format of the bytes; that of the parameters unless a scenario says otherwise. */
	pictureFormat: Parameters['output_format'];
	/** The scenario that the task plays, by its name in scenarios.ts. */
	scenario?: string;
	createdAt: number;
	/** Status calls answered for this task, whatever the answer was. */
	statusReads: number;
	/** Result calls answered after the end. */
	resultReads: number;
	cancels: number;
	ending?: Ending;
	endedAt?: number;
	images: EmulatedImage[];
};

/** How tasks advance: by the number of status reads, or by milliseconds from create to end. */
export type Progress = { byReads: number } | { byTime: number | ((task: EmulatedTask) => number) };

/** What bends the way of one task: never past a word, longer by a factor, another end. */
export type Course = {
	stuckIn?: 'IN_QUEUE' | 'IN_PROGRESS';
	times?: number;
	ending?: Ending;
};

export type Look = { status: 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED'; share: number };

const PORTION_IN_QUEUE = 0.25;

/** A task just made from an accepted body. */
export function newTask(body: Partial<Parameters> & { prompt: string }): EmulatedTask {
	const parameters = withDefaults(body);
	const day = new Date().toISOString().slice(0, 10);
	return {
		// Unguessable, so that a test cannot pass by making ids up.
		id: `mmsu_${randomBytes(13).toString('hex')}`,
		parameters,
		pictureFormat: parameters.output_format,
		createdAt: Date.now(),
		statusReads: 0,
		resultReads: 0,
		cancels: 0,
		images: Array.from({ length: parameters.n }, (_, index) => ({
			index,
			path: `/${day}/${randomBytes(8).toString('hex')}.${parameters.output_format}`,
			downloads: 0,
		})),
	};
}

/** Ends a task that has not ended; the first end stays. Returns whether this call ended it. */
export function endTask(task: EmulatedTask, ending: Ending): boolean {
	if (task.ending) return false;
	task.ending = ending;
	task.endedAt = Date.now();
	return true;
}

/**
 * Where the task stands now; ends it when its time, or its number of status reads, has come.
 * `share` is how much of the way lies behind it, 0 to 1.
 */
export function look(task: EmulatedTask, progress: Progress, course: Course = {}): Look {
	if (!task.ending) {
		const share = shareDone(task, progress, course);
		if (course.stuckIn === 'IN_QUEUE') return { status: 'IN_QUEUE', share: 0 };
		if (share < 1 || course.stuckIn) {
			const queued = 'byReads' in progress ? task.statusReads <= 1 : share < PORTION_IN_QUEUE;
			return { status: queued ? 'IN_QUEUE' : 'IN_PROGRESS', share: Math.min(share, 0.99) };
		}
		endTask(task, course.ending ?? ENDINGS.succeeded);
		if ('byTime' in progress) task.endedAt = task.createdAt + duration(task, progress, course);
	}
	return { status: 'COMPLETED', share: 1 };
}

function shareDone(task: EmulatedTask, progress: Progress, course: Course): number {
	if ('byReads' in progress) return task.statusReads / (progress.byReads * (course.times ?? 1));
	const whole = duration(task, progress, course);
	return whole <= 0 ? 1 : (Date.now() - task.createdAt) / whole;
}

function duration(
	task: EmulatedTask,
	{ byTime }: Extract<Progress, { byTime: unknown }>,
	{ times = 1 }: Course,
): number {
	return times * (typeof byTime === 'number' ? byTime : byTime(task));
}
