import { strict as assert } from 'node:assert';
import type { Environment } from './environment';
import { count, createsFor, PHASES, promptOf, tasksFor } from './phases';
import type { Phase } from './phases';

/** Places an order, kills n8n in each phase of its life, starts it again, and counts. */
export async function killInEachPhase(env: Environment): Promise<void> {
	for (const [index, phase] of PHASES.entries()) await killIn(env, phase, `order-${index + 1}`);
}

async function killIn(env: Environment, phase: Phase, orderId: string): Promise<void> {
	const { system, orders, checks, emulator, destination, say, signal } = env;
	const prompt = promptOf(phase, orderId);
	const { becomes, byHand, deliveries = 'once' } = phase;
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
		const { bytes } = await emulator.tasks.get(task.id)!.images[0]!.picture!;
		assert(delivered.length > 0, 'It says that it is delivered, and nothing has arrived.');
		assert(
			delivered.every((file) => file.equals(bytes)),
			'Other bytes than the service made.',
		);
		assert.equal(delivered.length > 1, deliveries === 'again', `${delivered.length} deliveries`);
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
