import type { Client } from '../../n8n/client';
import { until } from '../until';

/** A row of the table that the two workflows share. */
export interface Order {
	id: number;
	order_id: string;
	prompt: string;
	state: string;
	request_id: string | null;
	execution: string | null;
	note: string | null;
}

const TABLE = 'seaart_image_orders';

/** The table of orders, as a person sees and changes it under "Data tables". */
export class OrdersTable {
	constructor(private readonly client: Client) {}

	/** All rows, or those of these orders. */
	async all(...orderIds: string[]): Promise<Order[]> {
		const path = await this.findPath();
		if (!path) return [];
		const { data } = await this.client.request<{ data: Order[] }>('GET', `${path}/rows?take=200`);
		return orderIds.length === 0 ? data : data.filter((row) => orderIds.includes(row.order_id));
	}

	/** The one row of an order. Throws where there is none, or more than one. */
	async one(orderId: string): Promise<Order> {
		const [row, ...more] = await this.all(orderId);
		if (!row || more.length > 0) throw new Error(`${more.length + 1} rows of order ${orderId}.`);
		return row;
	}

	/** What a person changes in a row by hand. */
	async edit({ id }: Order, data: Partial<Omit<Order, 'id'>>): Promise<void> {
		const filters = [{ columnName: 'id', condition: 'eq', value: id }];
		const path = `${await this.findPath()}/rows`;
		await this.client.request('PATCH', path, { filter: { type: 'and', filters }, data });
	}

	/** The rows of these orders once each is in this state. */
	async whenAll(orderIds: string[], state: string): Promise<Order[]> {
		let rows: Order[] = [];
		return await until(
			() => `all ${state}, but\n${JSON.stringify(rows, null, '\t')}`,
			async () => {
				rows = await this.all(...orderIds);
				return rows.length === orderIds.length && rows.every((row) => row.state === state) && rows;
			},
			120_000,
		);
	}

	/** It is there once an order has been placed. */
	private async findPath(): Promise<string | undefined> {
		type Table = { id: string; name: string; projectId: string };
		const { data } = await this.client.request<{ data: Table[] }>('GET', '/data-tables-global');
		const found = data.find(({ name }) => name === TABLE);
		return found && `/projects/${found.projectId}/data-tables/${found.id}`;
	}
}
