import { startEmulator } from '../../emulator';
import type { Emulator } from '../../emulator';
import type { Saved } from '../../n8n/client';
import { saveCredential, withCredential } from '../../n8n/trial';
import type { Checks } from './checks';
import { activate, post } from '../queue/workflows';
import type { Active } from '../queue/workflows';
import { startDestination } from './destination';
import type { Destination } from './destination';
import { Orders } from './orders';
import type { System } from './system';
import { callerWorkflow, collectWorkflow, orderWorkflow } from './workflows';

/** What every phase of the test works with. */
export interface Environment {
	system: System;
	emulator: Emulator;
	destination: Destination;
	credential: Saved;
	orders: Orders;
	/** The id of the published collect workflow. */
	collector: string;
	/** The id of the published order workflow. */
	orderer: string;
	/** Places orders as another workflow does. */
	place(...orders: Array<{ order_id: string; prompt: string }>): Promise<void>;
	checks: Checks;
	say: (line: string) => void;
	signal: AbortSignal;
}

const TASK_MS = 1000;

/** One picture a task, stamped with its request ID. */
const startService = async (): Promise<Emulator> =>
	await startEmulator({
		progress: {
			byTime: ({ parameters }) => {
				const [, seconds] = /takes (\d+) s/.exec(parameters.prompt) ?? [];
				return seconds ? 1000 * Number(seconds) : TASK_MS;
			},
		},
	});

/** Imports the two workflows into a fresh n8n, chooses the credential in them, and publishes them. */
export async function prepare(
	system: System,
	rest: Pick<Environment, 'checks' | 'say' | 'signal'>,
): Promise<Environment> {
	const { client } = system;
	const [emulator, destination] = await Promise.all([startService(), startDestination()]);
	const { key: apiKey, baseUrl } = emulator;
	const credential = await saveCredential(client, { apiKey, baseUrl });
	const publish = async (workflow: Parameters<typeof withCredential>[0]) => {
		const { id } = await client.createWorkflow(withCredential(workflow, credential));
		await client.activateWorkflow(id);
		return id;
	};
	const collector = await publish(collectWorkflow(destination.url));
	const orderer = await publish(orderWorkflow(destination.url));
	const caller: Active = await activate(client, credential, callerWorkflow(orderer));
	const place: Environment['place'] = async (...orders) => await post(caller, { orders });
	const orders = new Orders(client);
	return { system, emulator, destination, credential, orders, collector, orderer, place, ...rest };
}
