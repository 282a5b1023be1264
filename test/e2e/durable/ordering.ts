import { createsFor, tasksFor } from '../tasks';
import { until } from '../until';
import { publish } from '../webhooks';
import type { DurablePair } from './durablePair';
import { collectWorkflow } from './workflows';
import type { Gate } from './workflows';

/** What holds for orders apart from the moment of a kill. */
export function orders(pair: DurablePair): void {
	// Before the order is one: whoever places it again, or retries it, gets it once.
	test.each<{ gate: Gate; when: string }>([
		{ gate: 'rowNotWritten', when: 'before the row was written' },
		{ gate: 'notOrdered', when: 'before the row was an order' },
	])('killed $when, placed twice more: created once', async ({ gate }) => {
		const { client, table, destination, orderer, processes } = pair;
		const order = { order_id: gate, prompt: `an order that was placed again, ${gate}` };
		destination.closeGate(gate);
		// The caller gets no answer.
		const placing = pair.place(order).catch(() => {});
		await destination.whenHeld(gate);
		await processes.kill('everything');
		await placing;
		destination.openGate(gate);
		await processes.restart();
		const before = await table.all(order.order_id);
		expect(before.filter(({ state }) => state)).toEqual([]);
		await pair.place(order);
		await pair.place(order);
		if (processes.mode === 'regular') {
			const [crashed] = await client.executions(orderer, ['crashed']);
			const retry = await client.waitForExecution(await client.retryExecution(crashed!.id));
			expect(retry.status).toBe('success');
		}
		await table.whenAll([order.order_id], 'delivered');
		expect(createsFor(pair, order.prompt)).toHaveLength(1);
	});

	test('four collectors that take the same orders at the same moment: created and delivered once', async () => {
		const { client, table, destination, collector } = pair;
		const many = Array.from({ length: 12 }, (_, index) => `raced-${index + 1}`);
		const promptOf = (id: string) => `a prompt of ${id}`;
		await client.deactivateWorkflow(collector);
		await pair.place(...many.map((id) => ({ order_id: id, prompt: promptOf(id) })));
		// Its executions take rows for abandoned after some seconds, however busy the machine is.
		const patient = collectWorkflow(destination.url, { patient: true });
		destination.closeGate('placedNotClaimed');
		destination.closeGate('deliveredNotNoted');
		const copies: string[] = [];
		for (let copy = 1; copy <= 4; copy++)
			copies.push((await publish(pair, { ...patient, name: `Collector ${copy}` })).id);
		try {
			await destination.whenHeld('placedNotClaimed', 4);
			destination.openGate('placedNotClaimed');
			await table.whenAll(many, 'collecting');
			// Four more executions look for rows to deliver while these are being delivered.
			const newest = Number((await client.executions(copies[0]!))[0]?.id ?? 0);
			await until('four more executions of a collector', async () => {
				const all = await client.executions(copies[0]!);
				return all.filter(({ id }) => Number(id) > newest).length >= 4;
			});
			destination.openGate('deliveredNotNoted');
			await table.whenAll(many, 'delivered');
			for (const prompt of many.map(promptOf)) {
				expect(createsFor(pair, prompt)).toHaveLength(1);
				const [task, ...more] = tasksFor(pair, prompt);
				expect(more).toEqual([]);
				expect(destination.files.get(`${task!.id}_1.png`)).toHaveLength(1);
			}
		} finally {
			for (const id of copies) await client.deactivateWorkflow(id);
			await client.activateWorkflow(collector);
		}
	});

	test('a create slower than the limit, not killed: unclear, then delivered by itself', async () => {
		const { table, destination } = pair;
		const order = { order_id: 'slow', prompt: 'a create that takes long' };
		destination.closeGate('createdNotNoted');
		await pair.place(order);
		await destination.whenHeld('createdNotNoted');
		await table.whenAll([order.order_id], 'unclear');
		destination.openGate('createdNotNoted');
		await table.whenAll([order.order_id], 'delivered');
		expect(createsFor(pair, order.prompt)).toHaveLength(1);
	});

	test('what the service refuses, does not answer, or fails at says so in its row; the others continue', async () => {
		const { table } = pair;
		const scenarios = {
			modelNotAllowed: { state: 'failed', note: /HTTP 403/ },
			createAnswers500: { state: 'unclear', note: /may exist/ },
			failsWithContentBlocked: { state: 'failed', note: /safety policy/ },
		};
		const bad = Object.keys(scenarios).map((id) => ({ order_id: id, prompt: `a cat [${id}]` }));
		await pair.place(...bad, { order_id: '', prompt: '' }, { order_id: 'good', prompt: 'a cow' });
		await table.whenAll(['good'], 'delivered');
		for (const [id, { state, note }] of Object.entries(scenarios)) {
			const [row] = await table.whenAll([id], state);
			expect(row!.note).toMatch(note);
		}
		await until('the order without a prompt has failed', async () =>
			(await table.all()).some(({ prompt, state }) => !prompt && state === 'failed'),
		);
		// Created and delivered in later executions of the collector, which try nothing of this again.
		await pair.place({ order_id: 'later', prompt: 'a later cow' });
		await table.whenAll(['later'], 'delivered');
		for (const { prompt } of bad) expect(createsFor(pair, prompt)).toHaveLength(1);
		expect(tasksFor(pair, 'a cow')).toHaveLength(1);
		// Ordered again by hand, with another prompt, though its row has the ID of the failed task.
		const blocked = await table.one('failsWithContentBlocked');
		expect(blocked.request_id).toBeTruthy();
		await table.edit(blocked, { state: 'ordered', prompt: 'a cat without a scenario' });
		await table.whenAll(['failsWithContentBlocked'], 'delivered');
	});
}
