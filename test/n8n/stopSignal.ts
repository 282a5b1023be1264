import { say } from './command';

/** Aborts at the first Ctrl-C or request to end; a second one ends everything at once. */
export function stopSignal(): AbortSignal {
	const stopping = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(name, () => {
			if (stopping.signal.aborted) process.exit(130);
			say('\nStopping …');
			stopping.abort();
		});
	return stopping.signal;
}
