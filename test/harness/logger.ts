import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import type { Logger as LoggerInterface } from 'n8n-workflow';
import { backendCommon, Container, workflowPackage } from './n8n';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export class LogLine {
	constructor(
		readonly level: LogLevel,
		readonly message: string,
		readonly metadata: object,
	) {}

	/** Everything that the line carries, as one string to search. */
	get text(): string {
		return `${this.message} ${inspect(this.metadata, { depth: 8 })}`;
	}
}

/** Which run the current call belongs to, however many run at once. */
const currentLines = new AsyncLocalStorage<LogLine[]>();

/** Stands in n8n's container for n8n's Logger; keeps each line of a run with the run, drops others. */
class CollectingLogger implements LoggerInterface {
	scoped(): this {
		return this;
	}

	error(message: string, metadata: object = {}) {
		this.keep('error', message, metadata);
	}

	warn(message: string, metadata: object = {}) {
		this.keep('warn', message, metadata);
	}

	info(message: string, metadata: object = {}) {
		this.keep('info', message, metadata);
	}

	debug(message: string, metadata: object = {}) {
		this.keep('debug', message, metadata);
	}

	private keep(level: LogLevel, message: string, metadata: object) {
		currentLines.getStore()?.push(new LogLine(level, message, metadata));
	}
}

/** Puts the collecting logger where n8n-core, n8n-workflow and every node look for theirs. */
export function collectLogs(): void {
	const logger = new CollectingLogger();
	Container.set(backendCommon.Logger, logger as never);
	workflowPackage.LoggerProxy.init(logger);
}

/** Runs `work` so that whatever is logged on its behalf, now or later, lands in `lines`. */
export function loggingTo<Result>(lines: LogLine[], work: () => Result): Result {
	return currentLines.run(lines, work);
}
