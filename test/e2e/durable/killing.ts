import { createdInLog } from '../processes';
import type { Processes } from '../processes';
import { bytesOf, createsFor, endAll, tasksFor } from '../tasks';
import { until } from '../until';
import type { DurablePair } from './durablePair';
import type { Order } from './ordersTable';
import type { Gate } from './workflows';

/** A moment in an order's life in which n8n is killed. */
interface Phase {
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
	/** Whether its image had been delivered before the kill, which cannot be known after it. */
	deliveredBefore?: true;
}

/** The IDs in the log lines of an execution, as `grep 'task created .*execution N,'` finds them. */
const loggedIds = ({ processes }: DurablePair, { execution }: Order): string[] =>
	createdInLog(processes.log())
		.filter((created) => created.execution === execution)
		.map(({ id }) => id);

/** Holds the workflow at this gate until the kill. */
const atGate = (gate: Gate): Pick<Phase, 'prepare' | 'reached' | 'afterKill'> => ({
	prepare: ({ destination }) => destination.closeGate(gate),
	reached: async ({ destination }) => ({ executionId: await destination.whenHeld(gate) }),
	afterKill: ({ destination }) => destination.openGate(gate),
});

/** Plays the scenario, and resolves when its call has come. */
const inCall = (
	call: 'create' | 'image',
	when: string,
	scenario: Parameters<DurablePair['emulator']['play']>[0],
): Pick<Phase, 'when' | 'prepare' | 'reached'> => ({
	when,
	prepare: ({ emulator }) => emulator.play(scenario, { prompt: when }),
	async reached(pair) {
		await until(`${call} of ${when}`, () =>
			tasksFor(pair, when).some(({ id }) => pair.emulator.calls(call, id).length > 0),
		);
		return { executionId: (await pair.table.one(when)).execution ?? '' };
	},
});

/** From the order to the delivery, in this order. */
const PHASES: Phase[] = [
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

/** Places an order, kills n8n in each phase of its life, starts it again, and counts. */
export function killedInEachPhase(pair: DurablePair): void {
	test.each(PHASES)('killed $when', async (phase) => {
		const { processes, table, destination } = pair;
		const { when, becomes, deliveredBefore } = phase;
		phase.prepare?.(pair);
		await pair.place({ order_id: when, prompt: when });
		await processes.kill(await phase.reached(pair));
		phase.afterKill?.(pair);
		await processes.restart();
		await table.whenAll([when], becomes);
		if (becomes === 'unclear') {
			const order = await table.one(when);
			expect(order.note).toMatch(/Search n8n's log/);
			await table.edit(order, phase.byHand!(pair, order));
			await table.whenAll([when], 'delivered');
		}
		expect(createsFor(pair, when)).toHaveLength(1);
		const [task, ...more] = tasksFor(pair, when);
		expect(more).toEqual([]);
		const delivered = destination.files.get(`${task!.id}_1.png`) ?? [];
		const bytes = bytesOf(pair, task!.id);
		expect(delivered.length).toBeGreaterThanOrEqual(deliveredBefore ? 2 : 1);
		expect(delivered.filter((file) => !file.equals(bytes))).toEqual([]);
	});

	test('"Retry execution" on the killed collectors', async () => {
		const { client, collector, emulator } = pair;
		const before = emulator.creates().length;
		const killed = await client.executions(collector, ['crashed', 'error']);
		expect(killed).not.toEqual([]);
		for (const { id } of killed) await client.waitForExecution(await client.retryExecution(id));
		expect(emulator.creates()).toHaveLength(before);
	});
}
