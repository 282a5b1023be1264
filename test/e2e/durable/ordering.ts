import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { withCredential } from '../../n8n/trial';
import type { Environment } from './environment';
import { count, createsFor, tasksFor } from './phases';
import type { Gate } from './workflows';
import { collectWorkflow } from './workflows';

/** What holds for orders apart from the moment of a kill. */
export async function checkOrders(env: Environment): Promise<void> {
	await killedWhileOrdering(env, { gate: 'rowNotWritten', when: 'before the row was written' });
	await killedWhileOrdering(env, { gate: 'notOrdered', when: 'before the row was an order' });
	await severalCollectors(env);
	await slowCreate(env);
	await refusedOrders(env);
}

/** Killed before the order is one: whoever places it again, or retries it, gets it once. */
async function killedWhileOrdering(
	env: Environment,
	{ gate, when }: { gate: Gate; when: string },
): Promise<void> {
	const { system, orders, destination, orderer, checks, say, signal } = env;
	const { client, mode } = system;
	const order = { order_id: gate, prompt: `an order that was placed again, ${gate}` };
	let retried = '';
	await checks.check(`${mode} mode, killed ${when}`, async () => {
		destination.closeGate(gate);
		// The caller gets no answer.
		const placing = env.place(order).catch(() => {});
		await destination.whenHeld(gate, signal);
		await system.kill('everything');
		await placing;
		destination.openGate(gate);
		await system.restart();
		const before = await orders.all(order.order_id);
		assert(before.every(({ state }) => !state));
		await env.place(order);
		await env.place(order);
		if (mode === 'regular') {
			const all = await client.executions(orderer);
			const crashed = all.find(({ status }) => status === 'crashed');
			assert(crashed, `No execution crashed: ${all.map(({ status }) => status).join(', ')}`);
			const retry = await client.waitForExecution(await client.retryExecution(crashed.id));
			assert.equal(retry.status, 'success');
			retried = ', and retried';
		}
		await orders.whenAll([order.order_id], 'delivered', { signal });
		assert.equal(createsFor(env, order.prompt).length, 1, 'creates');
	});
	const creates = createsFor(env, order.prompt).length;
	say(
		`durable: ${mode} mode, killed ${when}, placed twice more${retried}: 1 order, ${count(creates, 'create')}`,
	);
}

/** Collectors that all take the same orders at the same moment; nothing is killed. */
async function severalCollectors(env: Environment): Promise<void> {
	const { system, orders, destination, credential, collector, checks, say, signal } = env;
	const { client } = system;
	const many = Array.from({ length: 12 }, (_, index) => `raced-${index + 1}`);
	const promptOf = (id: string) => `a prompt of ${id}`;
	const filesOf = (id: string) =>
		tasksFor(env, promptOf(id)).flatMap((task) => destination.files.get(`${task.id}_1.png`) ?? []);
	const copies: string[] = [];
	await checks.check(`${system.mode} mode, four collectors at once`, async () => {
		// Its executions take rows for abandoned after some seconds, however busy the machine is.
		await client.deactivateWorkflow(collector);
		const patient = collectWorkflow(destination.url, { patient: true });
		destination.closeGate('placedNotClaimed');
		destination.closeGate('deliveredNotNoted');
		for (let copy = 1; copy <= 4; copy++) {
			const workflow = { ...withCredential(patient, credential), name: `Collector ${copy}` };
			const { id } = await client.createWorkflow(workflow);
			await client.activateWorkflow(id);
			copies.push(id);
		}
		await env.place(...many.map((id) => ({ order_id: id, prompt: promptOf(id) })));
		await destination.whenHeld('placedNotClaimed', signal, 4);
		destination.openGate('placedNotClaimed');
		await orders.whenAll(many, 'collecting', { signal });
		// Four more executions look for rows to deliver while these are being delivered.
		const newest = Number((await client.executions(copies[0]))[0]?.id ?? 0);
		const since = async () =>
			(await client.executions(copies[0])).filter(({ id }) => Number(id) > newest).length;
		while ((await since()) < 4) await sleep(200, undefined, { signal });
		destination.openGate('deliveredNotNoted');
		await orders.whenAll(many, 'delivered', { signal });
		for (const id of many) {
			assert.equal(createsFor(env, promptOf(id)).length, 1, `creates of ${id}`);
			assert.equal(filesOf(id).length, 1, `deliveries of ${id}`);
		}
	});
	for (const id of copies) await client.deactivateWorkflow(id);
	await client.activateWorkflow(collector);
	const creates = many.flatMap((id) => createsFor(env, promptOf(id))).length;
	const deliveries = many.flatMap(filesOf).length;
	say(
		`durable: ${system.mode} mode, four collectors at once: 12 orders, ${creates} creates, ${deliveries} deliveries`,
	);
}

/** A create that takes so long that the row is taken for killed, and then comes to its end. */
async function slowCreate(env: Environment): Promise<void> {
	const { system, orders, destination, checks, say, signal } = env;
	const order = { order_id: 'slow', prompt: 'a create that takes long' };
	await checks.check(`${system.mode} mode, a create slower than the limit`, async () => {
		destination.closeGate('createdNotNoted');
		await env.place(order);
		await destination.whenHeld('createdNotNoted', signal);
		await orders.whenAll([order.order_id], 'unclear', { signal });
		destination.openGate('createdNotNoted');
		await orders.whenAll([order.order_id], 'delivered', { signal });
		assert.equal(createsFor(env, order.prompt).length, 1, 'creates');
	});
	say(
		`durable: ${system.mode} mode, a create slower than the limit, not killed: unclear, then created and delivered by itself`,
	);
}

/** What the service refuses, does not answer, or fails at, says so in its row; others go on. */
async function refusedOrders(env: Environment): Promise<void> {
	const { system, orders, checks, say, signal } = env;
	const scenarios = {
		modelNotAllowed: { state: 'failed', note: /HTTP 403/ },
		createAnswers500: { state: 'unclear', note: /may exist/ },
		failsWithContentBlocked: { state: 'failed', note: /safety policy/ },
	};
	await checks.check(`${system.mode} mode, orders that fail`, async () => {
		const bad = Object.keys(scenarios).map((id) => ({ order_id: id, prompt: `a cat [${id}]` }));
		await env.place(...bad, { order_id: '', prompt: '' }, { order_id: 'good', prompt: 'a cow' });
		await orders.whenAll(['good'], 'delivered', { signal });
		for (const [id, { state, note }] of Object.entries(scenarios)) {
			const [row] = await orders.whenAll([id], state, { signal });
			assert.match(row!.note ?? '', note);
		}
		const noPrompt = async () => (await orders.all()).find(({ prompt }) => !prompt);
		while ((await noPrompt())?.state !== 'failed') await sleep(200, undefined, { signal });
		// Created and delivered in later executions of the collector, which try nothing of this again.
		await env.place({ order_id: 'later', prompt: 'a later cow' });
		await orders.whenAll(['later'], 'delivered', { signal });
		for (const { prompt } of bad) assert.equal(createsFor(env, prompt).length, 1, prompt);
		assert.equal(tasksFor(env, 'a cow').length, 1);
		// Ordered again by hand, with another prompt, though its row has the ID of the failed task.
		const blocked = await orders.one('failsWithContentBlocked');
		assert(blocked.request_id);
		await orders.edit(blocked, { state: 'ordered', prompt: 'a cat without a scenario' });
		await orders.whenAll(['failsWithContentBlocked'], 'delivered', { signal });
	});
	say(
		`durable: ${system.mode} mode, refused or failed orders: 1 create each, the others delivered`,
	);
}
