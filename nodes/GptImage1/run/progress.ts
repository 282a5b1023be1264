import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { UNKNOWN } from '../service/parseResponse';
import type { TaskStatus } from '../service/types';
import { hasEnded } from '../service/types';

/** What a person who watches, or looks for a lost task, can read of an item. */

/** How often a task that continues unchanged is reported, in ms. */
const REPORT_AGAIN_MS = 10_000;

type Level = 'debug' | 'info' | 'warn';

export class Progress {
	private last = { message: '', at: 0 };

	constructor(
		private readonly context: IExecutePaginationFunctions,
		private readonly itemIndex: number,
		/** Takes the key out: a user may have put it into the wrong field. */
		private readonly redact: <T>(value: T) => T,
	) {}

	/**
	 * As n8n is set by default, its log shows the message alone. Where a process is killed, the log may
	 * be all that is left of its tasks; so the message itself names the task, the execution and the item.
	 */
	log(level: Level, line: string, given: IDataObject): void {
		const { context, itemIndex } = this;
		const [message, details] = this.redact([line, given] as const);
		const executionId = context.getExecutionId();
		const task = details.requestId ? `task ${details.requestId as string}, ` : '';
		const where = `${task}execution ${executionId}, item ${itemIndex}`;
		context.logger[level](`SeaArt GPT Image 1: ${message} (${where})`, {
			...details,
			executionId,
			nodeName: context.getNode().name,
			itemIndex,
		});
	}

	/**
	 * A log line, and in a manual execution a line in the console of the browser that shows the editor.
	 * The latter is not in n8n's types for item functions, but both 1.123 and 2.41 have it there;
	 * elsewhere nothing is lost.
	 */
	report(level: Level, requestId: string, what: string, elapsedMs?: number): void {
		const elapsedSeconds = elapsedMs === undefined ? undefined : Math.round(elapsedMs / 1000);
		const details = { requestId, ...(elapsedSeconds !== undefined && { elapsedSeconds }) };
		this.log(level, `task ${what}`, details);
		const context = this.context as { sendMessageToUI?: (message: string) => void };
		context.sendMessageToUI?.(this.redact(`Task ${requestId} ${what}`));
	}

	/** Reports every change and the end; a task that continues unchanged, now and then. */
	reportStatus(requestId: string, status: TaskStatus, ageMs: number, now: number): void {
		const { state, word } = status;
		const message = word.endsWith(UNKNOWN) ? `${state}, status ${word}` : state;
		if (message === this.last.message && now < this.last.at + REPORT_AGAIN_MS) return;
		this.last = { message, at: now };
		const seconds = Math.round(ageMs / 1000);
		const ended = hasEnded(status);
		const what = ended ? `${message} after ${seconds} s` : `${message} (${seconds} s elapsed)`;
		this.report(ended ? 'info' : 'debug', requestId, what, ageMs);
	}
}
