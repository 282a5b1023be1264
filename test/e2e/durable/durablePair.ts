import { useOwnN8n } from '../ownN8n';
import type { OwnN8n } from '../ownN8n';
import type { Mode } from '../processes';
import { post, publish } from '../webhooks';
import { startDestination } from './destination';
import type { Destination } from './destination';
import { killedInEachPhase } from './killing';
import { orders } from './ordering';
import { OrdersTable } from './ordersTable';
import { recoveringFromLog } from './recovering';
import { retrying } from './retrying';
import { callerWorkflow, collectWorkflow, orderWorkflow } from './workflows';

/** An n8n of its own with the two durable workflows in it, published. */
export interface DurablePair extends OwnN8n {
	destination: Destination;
	table: OrdersTable;
	/** The ids of the collect workflow and of the order workflow. */
	collector: string;
	orderer: string;
	/** Places orders as another workflow does. */
	place(...orders: Array<{ order_id: string; prompt: string }>): Promise<void>;
}

/** Kills n8n in every phase of an order of the durable workflows, and counts what was created and delivered. */
export const durablePromises = (mode: Mode) =>
	describe(`In ${mode} mode`, () => {
		jest.setTimeout(15 * 60_000);
		const pair = useOwnN8n(mode, 1) as DurablePair;
		beforeAll(async () => {
			const destination = await startDestination();
			Object.assign(pair, { destination, table: new OrdersTable(pair.client) });
			pair.collector = (await publish(pair, collectWorkflow(destination.url))).id;
			pair.orderer = (await publish(pair, orderWorkflow(destination.url))).id;
			const caller = await publish(pair, callerWorkflow(pair.orderer));
			pair.place = async (...placed) => await post(caller, { orders: placed });
		});
		afterAll(async () => await pair.destination?.stop());

		killedInEachPhase(pair);
		orders(pair);
		retrying(pair);
		recoveringFromLog(pair);
	});
