import { broken, ID, ok, Service } from './service';

/** What calls of one kind share: how many are sent a second, and at a time. */

const OWN = { requestId: ID, created: true };

test('more than twenty creates are sent a second as they are accepted', async () => {
	const service = new Service([ok({ request_id: ID })]);
	const { client, scope } = service;
	await service.until(
		Promise.all(
			Array.from({ length: 60 }, async () => await client.create({ prompt: 'x' }, scope, () => {})),
		),
	);
	expect(service.clock.time).toBeLessThan(1000);
});

test('only an answer of the service tells the rate limiter that calls are accepted', async () => {
	const unanswered = [broken('ECONNRESET'), new Error('no code at all')];
	const service = new Service([...unanswered, { status: 500 }, ok({ status: 'IN_QUEUE' })]);
	const accepted = jest.spyOn(service.limits.reads.limiter, 'accepted');
	await service.until(service.client.status(OWN, service.scope));
	expect(service.sent).toHaveLength(4);
	expect(accepted).toHaveBeenCalledTimes(2);
});

test('no more than 50 status, result and cancel calls are under way at a time', async () => {
	const service = new Service(['hang']);
	const calls = Array.from(
		{ length: 70 },
		async () => await service.client.status(OWN, service.scope),
	);
	for (const call of calls) call.catch(() => {});
	await service.clock.pass(20_000);
	expect(service.sent).toHaveLength(50);
	service.scope.abort();
	await Promise.allSettled(calls);
});

test('no more than ten polls and ten results are sent a second', async () => {
	const answer = { status: 'COMPLETED', outputs: [{ url: 'x' }] };
	const service = new Service([ok(answer)]);
	const { client, scope } = service;
	const calls = Array.from({ length: 35 }, async (_, number) =>
		number % 3 === 0
			? await client.status(OWN, scope)
			: number % 3 === 1
				? await client.result(OWN, scope)
				: await client.cancel(OWN, scope),
	);
	await service.until(Promise.all(calls));
	for (const isOfKind of [
		(url: string) => url.endsWith('/response'),
		(url: string) => !url.endsWith('/response'),
	]) {
		const times = service.sent.filter(({ url }) => isOfKind(url)).map(({ at }) => at);
		expect(times.length).toBeGreaterThan(10);
		for (const at of times) {
			expect(times.filter((time) => time >= at && time < at + 1000).length).toBeLessThan(11);
		}
	}
	expect(service.clock.time).toBeLessThan(4000);
});
