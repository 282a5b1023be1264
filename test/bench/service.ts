import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EmulatorOptions } from '../emulator';
import type { Call } from '../emulator';

export type ServiceOptions = Pick<EmulatorOptions, 'pictures' | 'limits'> & {
	/** Milliseconds from create to end, by the number that a prompt ends in. */
	durations: number[];
};

/** What the service has seen since it was told to forget. */
export type ServiceRecord = {
	calls: Array<{ call?: Call; at: number; status: number }>;
	tasks: Array<{ createdAt: number; duration: number; ended: boolean }>;
};

/** An emulated service that runs in another process. */
export type Service = {
	baseUrl: string;
	key: string;
	record(): Promise<ServiceRecord>;
	forget(): Promise<void>;
	stop(): Promise<void>;
};

export async function startService(options: ServiceOptions): Promise<Service> {
	const child = fork(join(__dirname, 'serviceProcess.ts'), [JSON.stringify(options)]);
	const answer = async () => {
		const ended = new AbortController();
		const failed = once(child, 'exit', { signal: ended.signal }).then(() => {
			throw new Error('The process of the emulated service has ended');
		});
		try {
			return await Promise.race([once(child, 'message').then(([message]) => message), failed]);
		} finally {
			ended.abort();
			failed.catch(() => {});
		}
	};
	const ask = async (question: 'record' | 'forget') => {
		child.send(question);
		return (await answer()) as ServiceRecord;
	};
	const address = (await answer()) as { baseUrl: string; key: string };
	return {
		...address,
		record: async () => await ask('record'),
		forget: async () => void (await ask('forget')),
		async stop() {
			const gone = once(child, 'exit');
			child.disconnect();
			await gone;
		},
	};
}

type Which = { status?: number; from?: number; to?: number };

/** How often a call was made: with a status, how often it was answered so; in a span of time. */
export const countOf = (
	{ calls }: ServiceRecord,
	call: Call,
	{ status, from = 0, to = Infinity }: Which = {},
): number =>
	calls.filter(
		(one) =>
			one.call === call &&
			(status === undefined || one.status === status) &&
			one.at >= from &&
			one.at <= to,
	).length;

/** The longest that a task took, in milliseconds. */
export const slowestOf = ({ tasks }: ServiceRecord): number =>
	Math.max(...tasks.map(({ duration }) => duration));
