import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 100;

/**
 * The first answer that is something, asked for again and again. The time-out is there to end a
 * test that hangs: nothing that a test expects depends on it.
 *
 * @throws Error that says what has not come
 */
export async function until<T>(
	what: string | (() => string),
	ask: () => T | Promise<T>,
	timeoutMs = 110_000,
): Promise<Exclude<T, undefined | false>> {
	for (const deadline = Date.now() + timeoutMs; ; await sleep(INTERVAL_MS)) {
		const answer = await ask();
		if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
		if (Date.now() > deadline)
			throw new Error(`Not in ${timeoutMs} ms: ${typeof what === 'string' ? what : what()}`);
	}
}
