import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import { backendCommon, Container, workflowPackage } from './n8n';

export type LogLine = {
	level: 'error' | 'warn' | 'info' | 'debug';
	message: string;
	metadata: object;
	/** Everything that the line carries, as one string to search. */
	text: string;
};

/** Which run the current call belongs to, however many run at once. */
const currentLines = new AsyncLocalStorage<LogLine[]>();

/** Keeps a line of a run with the run; drops others. */
const keep =
	(level: LogLine['level']) =>
	(message: string, metadata: object = {}) => {
		currentLines.getStore()?.push({
			...{ level, message, metadata },
			get text() {
				return `${message} ${inspect(metadata, { depth: 8 })}`;
			},
		});
	};

/** Puts a logger that collects where n8n-core, n8n-workflow and every node look for theirs. */
export function collectLogs(): void {
	const logger = {
		...{ error: keep('error'), warn: keep('warn'), info: keep('info'), debug: keep('debug') },
		scoped: (): unknown => logger,
	};
	Container.set(backendCommon.Logger, logger as never);
	workflowPackage.LoggerProxy.init(logger);
}

/** Runs `work` so that whatever is logged on its behalf, now or later, lands in `lines`. */
export function loggingTo<Result>(lines: LogLine[], work: () => Result): Result {
	return currentLines.run(lines, work);
}
