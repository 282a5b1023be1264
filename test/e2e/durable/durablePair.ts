import { useOwnN8n } from '../ownN8n';
import type { OwnN8n } from '../ownN8n';
import type { Mode } from '../processes';
import { post, publish } from '../webhooks';
import { startDestination } from './destination';
import type { Destination } from './destination';
import { OrdersTable } from './ordersTable';
import { callerWorkflow, collectWorkflow, orderWorkflow } from './workflows';

/** An n8n of its own with the two durable workflows in it, published. */
export interface DurablePair extends OwnN8n {
	destination: Destination;
	table: OrdersTable;
	/** The id of the collect workflow. */
	collector: string;
	/** The id of the order workflow. */
	orderer: string;
	/** Places orders as another workflow does. */
	place(...orders: Array<{ order_id: string; prompt: string }>): Promise<void>;
}

export function useDurablePair(mode: Mode): DurablePair {
	const pair = useOwnN8n(mode, { taskSeconds: 1 }) as DurablePair;
	beforeAll(async () => {
		const destination = await startDestination();
		Object.assign(pair, { destination, table: new OrdersTable(pair.client) });
		pair.collector = (await publish(pair, collectWorkflow(destination.url))).id;
		pair.orderer = (await publish(pair, orderWorkflow(destination.url))).id;
		const caller = await publish(pair, callerWorkflow(pair.orderer));
		pair.place = async (...orders) => await post(caller, { orders });
	});
	afterAll(async () => await pair.destination?.stop());
	return pair;
}
