import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';

/** What a person who watches, or looks for a lost task, gets to read of an item. */
export class Report {
	constructor(
		private readonly context: IExecutePaginationFunctions,
		private readonly itemIndex: number,
	) {}

	/**
	 * As n8n is set by default, its log shows the message alone. Where a process is killed, the log may
	 * be all that is left of its tasks; so the message itself says which task it is, and whose.
	 */
	log(level: 'debug' | 'info' | 'warn', message: string, details: IDataObject): void {
		const { requestId } = details;
		const task = requestId ? `task ${requestId as string}, ` : '';
		const where = `${task}execution ${this.context.getExecutionId()}, item ${this.itemIndex}`;
		this.context.logger[level](`SeaArt GPT Image 1: ${message} (${where})`, {
			...details,
			executionId: this.context.getExecutionId(),
			nodeName: this.context.getNode().name,
			itemIndex: this.itemIndex,
		});
	}

	/**
	 * Tells a person who watches how far the task is: a log line, and in a manual execution a line in
	 * the console of the browser that shows the editor. The latter is not in n8n's types for item
	 * functions, but both 1.123 and 2.41 have it there; elsewhere nothing is lost.
	 */
	tell(level: 'debug' | 'info', requestId: string, how: string, elapsed?: number): void {
		const elapsedSeconds = elapsed === undefined ? undefined : Math.round(elapsed / 1000);
		const after = elapsedSeconds === undefined ? '' : ` after ${elapsedSeconds} s`;
		this.log(level, `task ${how}${after}`, {
			requestId,
			...(elapsedSeconds !== undefined && { elapsedSeconds }),
		});
		const context = this.context as { sendMessageToUI?: (message: string) => void };
		context.sendMessageToUI?.(`Task ${requestId} ${how}${after}`);
	}
}
