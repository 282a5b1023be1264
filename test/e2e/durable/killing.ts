import { bytesOf, createsFor, tasksFor } from '../tasks';
import type { DurablePair } from './durablePair';
import { PHASES } from './phases';

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
