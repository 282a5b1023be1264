import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedRequest } from '../../emulator';
import type { Execution } from '../../n8n/client';
import type { RunningN8n } from '../runningN8n';
import { until } from '../until';

/** For so long a request that was on its way when Stop was pressed may arrive. */
const ON_ITS_WAY_MS = 1000;

/** For so long nothing more may come. */
const QUIET_MS = 2000;

/** Resolves when so many requests are there. */
export async function arrived(requests: () => RecordedRequest[], count: number): Promise<void> {
	const what = () => `${count} requests, but ${requests().length}`;
	await until(what, () => requests().length >= count);
}

export interface Stopped {
	execution: Execution;
	/** All that arrived at the service after Stop was pressed. */
	after: RecordedRequest[];
	/** What arrived after the execution had ended, cancels left out. */
	late: RecordedRequest[];
}

/**
 * Presses Stop, waits for the cancels, and watches what still comes.
 *
 * @param cancels how many are to come; fewer is an error, and more are found in `after`
 * @param pressed called as soon as n8n has taken the Stop
 */
export async function stop(
	{ client, emulator }: RunningN8n,
	id: string,
	cancels: number,
	pressed = () => {},
): Promise<Stopped> {
	const at = Date.now();
	await client.stopExecution(id);
	pressed();
	const execution = await client.waitForExecution(id);
	await sleep(ON_ITS_WAY_MS);
	const ended = Date.now();
	await arrived(emulator.cancels, cancels);
	await sleep(QUIET_MS);
	const after = emulator.requests.filter((request) => request.at >= at);
	const late = after.filter(({ at: when, call }) => when > ended && call !== 'cancel');
	return { execution, after, late };
}
