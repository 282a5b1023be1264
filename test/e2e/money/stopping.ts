import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedRequest } from '../../emulator';
import type { Execution } from '../../n8n/client';
import type { World } from '../world';

/** By so long after Stop the last call of a stopped execution may come, in milliseconds. */
const SOON = 1000;

/** For so long after the end of an execution nothing more may come, in milliseconds. */
const QUIET = 2000;

/** Resolves when so many requests are there. */
export async function until(
	requests: () => RecordedRequest[],
	count: number,
	timeoutMs = 30_000,
): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	while (requests().length < count) {
		if (Date.now() > deadline) throw new Error(`${requests().length} of ${count} requests came`);
		await sleep(20);
	}
}

export interface Stopped {
	execution: Execution;
	/** When Stop was pressed, in ms since 1970. */
	at: number;
	/** All that arrived at the service after that. */
	after: RecordedRequest[];
	/** What arrived after the execution had ended, or later than soon after Stop. */
	late: RecordedRequest[];
}

/** Presses Stop, and then watches what still comes. */
export async function stop({ client, emulator }: World, id: string): Promise<Stopped> {
	const at = Date.now();
	await client.stopExecution(id);
	const execution = await client.waitForExecution(id);
	await sleep(Math.max(0, at + SOON - Date.now()));
	const ended = Date.now();
	await sleep(QUIET);
	const after = emulator.requests.filter((request) => request.at >= at);
	return { execution, at, after, late: after.filter((request) => request.at > ended) };
}
