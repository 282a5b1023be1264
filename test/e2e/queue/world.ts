import type { INodeExecutionData } from 'n8n-workflow';
import { startEmulator } from '../../emulator';
import type { Emulator } from '../../emulator';
import type { Client, Saved } from '../../n8n/client';
import { saveCredential } from '../../n8n/trial';
import { startCluster } from './cluster';
import type { Cluster } from './cluster';
import { findPrograms } from './programs';

/** What every part of the test works with. */
export interface World {
	cluster: Cluster;
	client: Client;
	emulator: Emulator;
	credential: Saved;
	/** Aborted when all takes longer than it may. */
	signal: AbortSignal;
}

const MAX_MS = 15 * 60_000;

/** How long a task takes unless its prompt says otherwise ("… that takes 90 s"). */
export const TASK_SECONDS = 4;

const progress = {
	byTime: ({ parameters }: { parameters: { prompt: string } }) => {
		const [, seconds] = /takes (\d+) s/.exec(parameters.prompt) ?? [];
		return 1000 * Number(seconds ?? TASK_SECONDS);
	},
};

/** A cluster and an emulated service for all tests of a file. */
export function useWorld(): World {
	const world = {} as World;
	beforeAll(async () => {
		const signal = AbortSignal.timeout(MAX_MS);
		const say = (line: string) => process.stderr.write(`${line}\n`);
		const emulator = await startEmulator({ progress });
		Object.assign(world, { signal, emulator });
		const cluster = await startCluster(findPrograms(), { say, signal });
		const { client } = cluster.main;
		Object.assign(world, { cluster, client });
		const { key: apiKey, baseUrl } = emulator;
		world.credential = await saveCredential(client, { apiKey, baseUrl });
	});
	afterAll(async () => {
		await world.cluster?.stop();
		await world.emulator?.stop();
	});
	return world;
}

/** The bytes of a row's image are those that the service made for it, and lie in the database. */
export async function expectImage(
	{ client, emulator }: World,
	{ json, binary }: INodeExecutionData,
): Promise<void> {
	const { request_id: requestId, index } = json as { request_id: string; index: number };
	const image = binary?.data;
	expect(image?.id).toMatch(/^database:/);
	const made = emulator.tasks.get(requestId)?.images[index]?.picture?.bytes;
	// It is stamped, so that the bytes tell whose it is.
	expect(made?.includes(`${requestId}/${index}`)).toBe(true);
	const bytes = await client.binary(image!);
	expect(bytes.equals(made!)).toBe(true);
}
