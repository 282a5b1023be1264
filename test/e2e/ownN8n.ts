import { Processes } from './processes';
import type { Mode } from './processes';
import { connectN8n } from './runningN8n';
import type { RunningN8n } from './runningN8n';

/** An n8n of a file's own. */
export type OwnN8n = RunningN8n & { processes: Processes };

/** How long a task takes unless its prompt says otherwise ("… that takes 90 s"). */
const progressOf = (taskSeconds: number) => ({
	byTime: ({ parameters }: { parameters: { prompt: string } }) => {
		const [, seconds] = /takes (\d+) s/.exec(parameters.prompt) ?? [];
		return 1000 * Number(seconds ?? taskSeconds);
	},
});

/** Starts n8n in this mode for all tests of a file; the emulator keeps what it knows between them. */
export function useOwnN8n(mode: Mode, { taskSeconds }: { taskSeconds: number }): OwnN8n {
	const processes = new Processes(mode);
	const n8n = { processes } as OwnN8n;
	beforeAll(async () => {
		const client = await processes.start();
		Object.assign(n8n, await connectN8n({ progress: progressOf(taskSeconds) }, client));
	});
	afterAll(async () => {
		await processes.stop();
		await n8n.emulator?.stop();
	});
	return n8n;
}
