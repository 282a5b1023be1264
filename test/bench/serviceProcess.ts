import { startEmulator } from '../emulator';
import type { Emulator } from '../emulator';
import type { ServiceOptions, ServiceRecord } from './service';

/** The emulated service in a process of its own, so that its work is not measured with n8n's. */

async function main({ durations, ...options }: ServiceOptions): Promise<void> {
	const emulator = await startEmulator({
		...options,
		progress: { byTime: ({ parameters }) => durationOf(parameters.prompt, durations) },
	});
	process.on('message', (question: 'record' | 'forget') => {
		if (question === 'forget') emulator.reset();
		process.send!(recordOf(emulator, durations));
	});
	process.once('disconnect', () => process.exit(0));
	process.send!({ baseUrl: emulator.baseUrl, key: emulator.key });
}

/** Every prompt of the benches ends in the number of its item. */
function durationOf(prompt: string, durations: number[]): number {
	const item = Number(/\d+$/.exec(prompt)?.[0] ?? 0);
	return durations[item % durations.length]!;
}

const recordOf = (emulator: Emulator, durations: number[]): ServiceRecord => ({
	calls: emulator.requests.map(({ call, at, status }) => ({ call, at, status })),
	tasks: [...emulator.tasks.values()].map(({ createdAt, ending, parameters }) => ({
		createdAt,
		duration: durationOf(parameters.prompt, durations),
		ended: ending !== undefined,
	})),
});

void main(JSON.parse(process.argv[2]!) as ServiceOptions);
