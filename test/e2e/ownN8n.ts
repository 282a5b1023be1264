import { Processes } from './processes';
import type { Mode } from './processes';
import { connectN8n } from './runningN8n';
import type { RunningN8n } from './runningN8n';

/** An n8n of a file's own. */
export type OwnN8n = RunningN8n & { processes: Processes };

/**
 * Starts n8n in this mode for all tests of a file; the emulator keeps what it knows between them.
 *
 * @param taskSeconds how long a task takes unless its prompt says otherwise ("… that takes 90 s")
 */
export function useOwnN8n(mode: Mode, taskSeconds: number): OwnN8n {
	const processes = new Processes(mode);
	const n8n = { processes } as OwnN8n;
	const byTime = ({ parameters }: { parameters: { prompt: string } }) =>
		1000 * Number(/takes (\d+) s/.exec(parameters.prompt)?.[1] ?? taskSeconds);
	beforeAll(async () => {
		const client = await processes.start();
		Object.assign(n8n, await connectN8n({ progress: { byTime } }, client));
	});
	afterAll(async () => {
		await processes.stop();
		await n8n.emulator?.stop();
	});
	return n8n;
}
