import { strict as assert } from 'node:assert';
import type { INodeExecutionData } from 'n8n-workflow';
import { startEmulator } from '../../emulator';
import type { Emulator } from '../../emulator';
import type { Client, Saved } from '../../n8n/client';
import { saveCredential } from '../../n8n/trial';
import type { Checks } from './checks';
import type { Cluster } from './cluster';

/** What every part of the test works with. */
export interface World {
	cluster: Cluster;
	client: Client;
	emulator: Emulator;
	credential: Saved;
	checks: Checks;
	say: (line: string) => void;
	signal: AbortSignal;
}

/** How long a task takes unless its prompt says otherwise ("… that takes 90 s"). */
export const TASK_SECONDS = 4;

/** The emulated service: one stamped picture an image, so that the bytes tell whose it is. */
export const startService = async (): Promise<Emulator> =>
	await startEmulator({
		progress: {
			byTime: ({ parameters }) => {
				const [, seconds] = /takes (\d+) s/.exec(parameters.prompt) ?? [];
				return 1000 * Number(seconds ?? TASK_SECONDS);
			},
		},
	});

export const credentialFor = async (client: Client, { key, baseUrl }: Emulator): Promise<Saved> =>
	await saveCredential(client, { apiKey: key, baseUrl });

/** The bytes of a row's image are those that the service made for it, and lie in the database. */
export async function checkImage(
	{ client, emulator }: World,
	{ json, binary }: INodeExecutionData,
): Promise<void> {
	const { request_id: requestId, index } = json as { request_id: string; index: number };
	const image = binary?.data;
	assert(image, `Task ${requestId}: its row has no image.`);
	assert.match(image.id ?? '', /^database:/, `Task ${requestId}: its image is elsewhere.`);
	const made = emulator.tasks.get(requestId)?.images[index]?.picture;
	assert(made, `Task ${requestId}: the service made no image ${index}.`);
	assert(
		made.bytes.includes(`${requestId}/${index}`),
		`Task ${requestId}: the service did not stamp its image.`,
	);
	const bytes = await client.binary(image);
	assert(bytes.equals(made.bytes), `Task ${requestId}: the bytes are not those of its image.`);
}
