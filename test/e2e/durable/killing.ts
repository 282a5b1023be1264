import { strict as assert } from 'node:assert';
import type { Environment } from './environment';
import { count, createsFor, PHASES, promptOf, tasksFor } from './phases';
import type { Phase } from './phases';

/** Places an order, kills n8n in each phase of its life, starts it again, and counts. */
export async function killInEachPhase(env: Environment): Promise<void> {
	for (const [index, phase] of PHASES.entries()) await killIn(env, phase, `order-${index + 1}`);
	await retryTheKilled(env);
}

/** "Retry execution" on each execution of the collector that was killed. */
async function retryTheKilled({ system, collector, emulator, checks, say }: Environment) {
	const { client, mode } = system;
	const before = emulator.creates().length;
	let retries = 0;
	await checks.check(`${mode} mode, "Retry execution" on the killed collectors`, async () => {
		const filter = JSON.stringify({ workflowId: collector, status: ['crashed', 'error'] });
		const { results } = await client.request<{ results: Array<{ id: string }> }>(
			'GET',
			`/executions?limit=100&filter=${encodeURIComponent(filter)}`,
		);
		assert(results.length > 0, 'None was marked as crashed or failed.');
		for (const { id } of results) {
			await client.waitForExecution(await client.retryExecution(id));
			retries++;
		}
		assert.equal(emulator.creates().length, before, 'creates');
	});
	const created = emulator.creates().length - before;
	say(
		`durable: ${mode} mode, "Retry execution" on ${count(retries, 'killed collector')}: ${count(created, 'create')}`,
	);
}

async function killIn(env: Environment, phase: Phase, orderId: string): Promise<void> {
	const { system, orders, checks, emulator, destination, say, signal } = env;
	const prompt = promptOf(phase, orderId);
	const { becomes, byHand, deliveredBefore } = phase;
	let person = '';
	await checks.check(`${system.mode} mode, killed ${phase.when}`, async () => {
		phase.prepare?.(env);
		await env.place({ order_id: orderId, prompt });
		await system.kill(await phase.reached(env, orderId));
		phase.afterKill?.(env);
		await system.restart();
		await orders.whenAll([orderId], becomes, { signal });
		if (becomes === 'unclear') {
			const order = await orders.one(orderId);
			assert.match(order.note ?? '', /Search n8n's log/);
			const edit = byHand!(env, order);
			person = `, unclear until a person put in ${Object.keys(edit).join(' and ')}`;
			await orders.edit(order, edit);
			await orders.whenAll([orderId], 'delivered', { signal });
		}
		assert.equal(createsFor(env, prompt).length, 1, 'creates');
		const [task, ...more] = tasksFor(env, prompt);
		assert(task && more.length === 0, `${more.length + 1} tasks`);
		const delivered = destination.files.get(`${task.id}_1.png`) ?? [];
		const { bytes } = emulator.tasks.get(task.id)!.images[0]!.picture!;
		assert(delivered.length >= (deliveredBefore ? 2 : 1), `${delivered.length} deliveries`);
		assert(
			delivered.every((file) => file.equals(bytes)),
			'Other bytes than the service made.',
		);
	});
	const made = createsFor(env, prompt).length;
	const arrived = tasksFor(env, prompt).flatMap(
		({ id }) => destination.files.get(`${id}_1.png`) ?? [],
	).length;
	const came = arrived === 1 ? 'once' : `${arrived} times, under one name`;
	say(
		`durable: ${system.mode} mode, killed ${phase.when}: 1 order, ${count(made, 'create')}, delivered ${came}${person}`,
	);
}
