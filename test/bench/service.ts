import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EmulatorOptions } from '../emulator';
import type { Call } from '../service/contract';
import type { Fault } from '../service/faults';

export type ServiceOptions = Pick<EmulatorOptions, 'pictures' | 'limits'> & {
	/** Milliseconds from create to end, by the number that a prompt ends in. */
	durations: number[];
};

/** What the service has seen since it was reset. */
export type ServiceRecord = {
	calls: Array<{ call?: Call; at: number; status: number }>;
	tasks: Array<{ durationMs: number; cancelledAt?: number }>;
};

export type Command =
	| { name: 'record' }
	| { name: 'reset' }
	| { name: 'addSucceededTasks'; count: number }
	| { name: 'answerNext'; call: Call; fault: Fault };

/** An emulated service in a process of its own, so that its work is not measured with n8n's. */
export type Service = {
	baseUrl: string;
	key: string;
	record(): Promise<ServiceRecord>;
	/** Forgets tasks and calls. */
	reset(): Promise<void>;
	/** Makes tasks that have succeeded, without a call, and returns their request IDs. */
	addSucceededTasks(count: number): Promise<string[]>;
	/** The next call of this kind is answered so. */
	answerNext(call: Call, fault: Fault): Promise<void>;
	stop(): Promise<void>;
};

export async function startService(options: ServiceOptions): Promise<Service> {
	const child = fork(join(__dirname, 'serviceProcess.ts'), [JSON.stringify(options)]);
	const reply = async (): Promise<unknown> => {
		const replied = new AbortController();
		const failed = once(child, 'exit', { signal: replied.signal }).then(() => {
			throw new Error('The process of the emulated service has ended');
		});
		try {
			return await Promise.race([once(child, 'message').then(([message]) => message), failed]);
		} finally {
			replied.abort();
			failed.catch(() => {});
		}
	};
	const send = async (command: Command) => {
		child.send(command);
		return await reply();
	};
	const address = (await reply()) as { baseUrl: string; key: string };
	return {
		...address,
		record: async () => (await send({ name: 'record' })) as ServiceRecord,
		reset: async () => void (await send({ name: 'reset' })),
		addSucceededTasks: async (count) =>
			(await send({ name: 'addSucceededTasks', count })) as string[],
		answerNext: async (call, fault) => void (await send({ name: 'answerNext', call, fault })),
		async stop() {
			const exited = once(child, 'exit');
			child.disconnect();
			await exited;
		},
	};
}

/** How often a call was made; with a status, how often it was answered so. */
export const countCalls = ({ calls }: ServiceRecord, call: Call, status?: number): number =>
	calls.filter((one) => one.call === call && (status ?? one.status) === one.status).length;

/** The longest that a task took, in milliseconds. */
export const slowestMs = ({ tasks }: ServiceRecord): number =>
	Math.max(...tasks.map(({ durationMs }) => durationMs));
