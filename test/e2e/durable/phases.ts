import { createdInLog } from '../processes';
import type { Processes } from '../processes';
import { endAll, tasksFor } from '../tasks';
import { until } from '../until';
import type { DurablePair } from './durablePair';
import type { Order } from './ordersTable';
import type { Gate } from './workflows';

/** A moment in an order's life in which n8n is killed. */
export interface Phase {
	/** Completes "killed …"; the ID and the prompt of its order. */
	when: string;
	/** Makes the moment last, until the kill. */
	prepare?(pair: DurablePair): void;
	/** Resolves in this moment, with what is to be killed. */
	reached(pair: DurablePair): Promise<Parameters<Processes['kill']>[0]>;
	/** After the kill, before the restart. */
	afterKill?(pair: DurablePair): void;
	/** What becomes of the order by itself; an unclear one needs a person. */
	becomes: 'delivered' | 'unclear';
	/** What a person who does as the row's note says puts into it. */
	byHand?(pair: DurablePair, order: Order): Partial<Order>;
	/** Whether its image had been delivered before the kill, which nobody could know after it. */
	deliveredBefore?: true;
}

/** The IDs in the log lines of an execution, as `grep 'task created .*execution N,'` finds them. */
const loggedIds = ({ processes }: DurablePair, { execution }: Order): string[] =>
	createdInLog(processes.log())
		.filter((created) => created.execution === execution)
		.map(({ id }) => id);

const atGate = (gate: Gate) => ({
	prepare: ({ destination }: DurablePair) => destination.closeGate(gate),
	reached: async ({ destination }: DurablePair) => ({
		executionId: await destination.whenHeld(gate),
	}),
	afterKill: ({ destination }: DurablePair) => destination.openGate(gate),
});

/** Plays the scenario, and resolves when its call has come. */
const inCall = (
	call: 'create' | 'image',
	when: string,
	scenario: Parameters<DurablePair['emulator']['play']>[0],
) => ({
	when,
	prepare: ({ emulator }: DurablePair) => emulator.play(scenario, { prompt: when }),
	async reached(pair: DurablePair) {
		await until(`${call} of ${when}`, () =>
			tasksFor(pair, when).some(({ id }) => pair.emulator.calls(call, id).length > 0),
		);
		return { executionId: (await pair.table.one(when)).execution ?? '' };
	},
});

/** From the order to the delivery, in this order. */
export const PHASES: Phase[] = [
	{
		when: 'before the create, the order not yet taken',
		...atGate('placedNotClaimed'),
		becomes: 'delivered',
	},
	{
		when: 'before the create, the order taken',
		...atGate('claimedNotSent'),
		becomes: 'unclear',
		byHand(pair, order) {
			expect(loggedIds(pair, order)).toEqual([]);
			expect(tasksFor(pair, order.prompt)).toEqual([]);
			return { state: 'ordered' };
		},
	},
	{
		...inCall('create', 'in the create, its answer outstanding', {
			create: () => 'hangAfterAccept',
		}),
		becomes: 'unclear',
		byHand(pair, order) {
			expect(loggedIds(pair, order)).toEqual([]);
			// Only the account of the service has it.
			return { state: 'created', request_id: tasksFor(pair, order.prompt)[0]!.id };
		},
	},
	{
		when: 'after the create, its ID not yet noted',
		...atGate('createdNotNoted'),
		becomes: 'unclear',
		byHand: (pair, order) => ({
			state: 'created',
			request_id: loggedIds(pair, order).at(-1) ?? '',
		}),
	},
	{
		when: 'in the wait that takes 3600 s',
		async reached({ table }) {
			await table.whenAll([this.when], 'created');
			return 'everything';
		},
		afterKill: endAll,
		becomes: 'delivered',
	},
	{
		...inCall('image', 'in the download', {
			faults: { image: (count) => (count === 1 ? 'hang' : undefined) },
		}),
		becomes: 'delivered',
	},
	{
		when: 'after the delivery, not yet noted',
		...atGate('deliveredNotNoted'),
		becomes: 'delivered',
		deliveredBefore: true,
	},
];
