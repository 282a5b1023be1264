import type { INodeExecutionData } from 'n8n-workflow';
import type { RecordedRequest } from '../emulator';
import type { RunningN8n } from './runningN8n';
import { until } from './until';

/** The tasks that the service made for this prompt: as many as are charged. */
export const tasksFor = ({ emulator }: RunningN8n, prompt: string) =>
	[...emulator.tasks.values()].filter(({ parameters }) => parameters.prompt === prompt);

/** The creates that arrived for this prompt, answered or not. */
export const createsFor = ({ emulator }: RunningN8n, prompt: string): RecordedRequest[] =>
	emulator.creates().filter(({ body }) => (body as { prompt?: string }).prompt === prompt);

/** Resolves when so many requests are there. */
export async function arrived(requests: () => RecordedRequest[], count: number): Promise<void> {
	const what = () => `${count} requests, but ${requests().length}`;
	await until(what, () => requests().length >= count);
}

/** The bytes that the service made for an image. They are stamped, so they tell whose they are. */
export function bytesOf({ emulator }: RunningN8n, requestId: string, index = 0): Buffer {
	const { bytes } = emulator.tasks.get(requestId)!.images[index]!.picture!;
	expect(bytes.includes(`${requestId}/${index}`)).toBe(true);
	return bytes;
}

/** The bytes of an item's image are those that the service made for it. */
export async function expectImage(
	n8n: RunningN8n,
	{ json, binary }: INodeExecutionData,
): Promise<void> {
	const { request_id: requestId, index } = json as { request_id: string; index?: number };
	const delivered = await n8n.client.binary(binary!.data!);
	expect(delivered.equals(bytesOf(n8n, requestId, index))).toBe(true);
}

/** Ends every task that still runs. */
export function endAll({ emulator }: RunningN8n): void {
	for (const { id, state } of emulator.tasks.values()) if (state !== 'ended') emulator.end(id);
}
