import { startEmulator } from '../emulator';
import type { Emulator } from '../emulator';
import type { Command, ServiceOptions, ServiceRecord } from './service';

async function main({ durations, ...options }: ServiceOptions): Promise<void> {
	const emulator = await startEmulator({
		...options,
		progress: { byTime: ({ parameters }) => durationMs(parameters.prompt, durations) },
	});
	process.on('message', (command: Command) => {
		process.send!(carryOut(command, emulator, durations) ?? null);
	});
	process.once('disconnect', () => process.exit(0));
	process.send!({ baseUrl: emulator.baseUrl, key: emulator.key });
}

function carryOut(command: Command, emulator: Emulator, durations: number[]): unknown {
	switch (command.name) {
		case 'record':
			return recordOf(emulator, durations);
		case 'reset':
			return emulator.reset();
		case 'answerNext':
			return emulator.answerNext(command.call, command.fault);
		case 'addSucceededTasks':
			return Array.from({ length: command.count }, () => {
				const { id } = emulator.addTask();
				emulator.end(id);
				return id;
			});
	}
}

/** Every prompt of the benches ends in the number of its item. */
function durationMs(prompt: string, durations: number[]): number {
	const item = Number(/\d+$/.exec(prompt)?.[0] ?? 0);
	return durations[item % durations.length]!;
}

const recordOf = (emulator: Emulator, durations: number[]): ServiceRecord => ({
	calls: emulator.requests.map(({ call, at, status }) => ({ call, at, status })),
	tasks: [...emulator.tasks.values()].map(({ ending, endsAt, parameters }) => ({
		durationMs: durationMs(parameters.prompt, durations),
		cancelledAt: ending?.how === 'cancelled' ? endsAt : undefined,
	})),
});

void main(JSON.parse(process.argv[2]!) as ServiceOptions);
