import type { INodeExecutionData } from 'n8n-workflow';
import type { RecordedRequest } from '../emulator';
import type { RunningN8n } from './runningN8n';

/** The tasks that the service made for this prompt: as many as are charged. */
export const tasksFor = ({ emulator }: RunningN8n, prompt: string) =>
	[...emulator.tasks.values()].filter(({ parameters }) => parameters.prompt === prompt);

/** The creates that arrived for this prompt, answered or not. */
export const createsFor = ({ emulator }: RunningN8n, prompt: string): RecordedRequest[] =>
	emulator.creates().filter(({ body }) => (body as { prompt?: string }).prompt === prompt);

/** The bytes of an item's image are those that the service made for it. */
export async function expectImage(
	{ client, emulator }: RunningN8n,
	{ json, binary }: INodeExecutionData,
): Promise<void> {
	const { request_id: requestId, index } = json as { request_id: string; index: number };
	const made = emulator.tasks.get(requestId)?.images[index]?.picture?.bytes;
	// It is stamped, so that the bytes tell whose it is.
	expect(made?.includes(`${requestId}/${index}`)).toBe(true);
	expect((await client.binary(binary!.data!)).equals(made!)).toBe(true);
}

/** Ends every task that still runs. */
export function endAll({ emulator }: RunningN8n): void {
	for (const { id, state } of emulator.tasks.values()) if (state !== 'ended') emulator.end(id);
}
