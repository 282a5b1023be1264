import { settled, stateOf } from '../timing/manualClock';
import { Fixture, BODY, notCreated, unclear } from './taskItems';

const NEXT_RUN = { index: 1, isRecorded: false };
const THIRD_RUN = { index: 2, isRecorded: false };

let fixture: Fixture;

beforeEach(() => {
	fixture = new Fixture();
});

describe('a new task', () => {
	test('is in the ledger before its create is sent, and with its request ID afterwards', async () => {
		fixture.clock.time = 5000;
		const { task, item, send, create } = fixture.obtain();
		expect(fixture.entries).toEqual([{ creating: '17' }]);
		expect(item.task?.life).toEqual({ is: 'creating' });
		await fixture.clock.pass(1000);
		create.resolve({ requestId: 'mmsu_1', fields: { status: 'IN_QUEUE' } });
		expect(await task).toMatchObject({
			requestId: 'mmsu_1',
			fields: { status: 'IN_QUEUE' },
			createdAt: 6000,
			created: true,
			resumed: false,
			hasSucceeded: false,
		});
		expect(item.task).toBe(await task);
		expect(await fixture.obtain(item).task).toMatchObject({ resumed: false });
		expect(fixture.entries).toEqual([{ id: 'mmsu_1', createdAt: 6000 }]);
		expect(send).toHaveBeenCalledTimes(1);
		expect(fixture.logs).toEqual(['task created, mmsu_1']);
	});

	test('that was definitely not created leaves no trace', async () => {
		const { task, create } = fixture.obtain();
		create.reject(notCreated());
		await expect(task).rejects.toThrow('Refused');
		expect(fixture.entries).toEqual([]);
		await fixture.open();
		expect(fixture.entries).toMatchObject([{ id: 'mmsu_1' }]);
	});

	test('that may have been created is never created again in this execution', async () => {
		const first = fixture.obtain();
		first.create.reject(unclear());
		await expect(first.task).rejects.toThrow('Lost');
		expect(fixture.entries).toEqual([{ unconfirmed: '17' }]);
		const second = fixture.obtain();
		await expect(second.task).rejects.toThrow('an earlier attempt got no response');
		fixture.restart();
		const third = fixture.obtain();
		await expect(third.task).rejects.toThrow('an earlier attempt got no response');
		expect([second.send, third.send].map(({ mock }) => mock.calls)).toEqual([[], []]);
	});

	test("is one for each item and run; for an agent's call, for each body as well", async () => {
		await fixture.open('mmsu_1');
		const others = [
			fixture.obtain(fixture.item({ index: 1 })),
			fixture.obtain(fixture.item({ run: NEXT_RUN })),
			fixture.obtain(fixture.item({ run: THIRD_RUN, isTool: true })),
			fixture.obtain(fixture.item({ run: THIRD_RUN, isTool: true }), { ...BODY, n: 2 }),
		];
		for (const { send } of others) expect(send).toHaveBeenCalledTimes(1);
	});
});

describe('a later try', () => {
	test.each([
		['gets the task of the first, with no other create', BODY],
		['gets it also where an expression yields another body', { prompt: 'another apple' }],
	])('%s', async (_what, body) => {
		const first = await fixture.open();
		const { task, send, item } = fixture.obtain(fixture.item(), body);
		expect(await task).toBe(first);
		expect(first).toMatchObject({ item, resumed: true });
		expect(send).not.toHaveBeenCalled();
	});

	test('joins a create that is under way', async () => {
		const first = fixture.obtain();
		const second = fixture.obtain();
		expect(await stateOf(second.task)).toBe('pending');
		first.create.resolve({ requestId: 'mmsu_1', fields: {} });
		expect(await second.task).toBe(await first.task);
		expect(second.send).not.toHaveBeenCalled();
	});

	test('creates one where the create that it has joined was refused', async () => {
		const first = fixture.obtain();
		const second = fixture.obtain();
		const third = fixture.obtain();
		first.create.reject(notCreated());
		await settled();
		expect([second.send, third.send].map(({ mock }) => mock.calls.length).sort()).toEqual([0, 1]);
		second.create.resolve({ requestId: 'mmsu_2', fields: {} });
		third.create.resolve({ requestId: 'mmsu_2', fields: {} });
		expect(await second.task).toBe(await third.task);
	});

	test('creates none where the create that it has joined got no clear response', async () => {
		const first = fixture.obtain();
		const second = fixture.obtain();
		first.create.reject(unclear());
		await expect(second.task).rejects.toThrow('an earlier attempt got no response');
		expect(second.send).not.toHaveBeenCalled();
	});

	test('creates a new one where the first has ended without an image', async () => {
		fixture.tasks.step(await fixture.open('mmsu_1'), { is: 'ended' });
		expect(fixture.entries).toEqual([]);
		expect((await fixture.open('mmsu_2')).requestId).toBe('mmsu_2');
	});

	test('fetches what has succeeded', async () => {
		const first = await fixture.open();
		await fixture.clock.pass(1000);
		fixture.tasks.step(first, { is: 'succeeded' });
		expect(fixture.entries).toEqual([{ id: 'mmsu_1', createdAt: 0, succeeded: true }]);
		const { task } = fixture.obtain();
		expect((await task).hasSucceeded).toBe(true);
	});
});

describe('what an earlier execution has saved', () => {
	test('an open task continues, as old as it is', async () => {
		fixture.clock.time = 1000;
		await fixture.open();
		await fixture.clock.pass(60_000);
		fixture.restart();
		const { task, send } = fixture.obtain(fixture.item({ executionId: '18' }));
		expect(await task).toMatchObject({
			requestId: 'mmsu_1',
			createdAt: 1000,
			resumed: true,
			created: true,
			life: { is: 'open' },
		});
		expect(send).not.toHaveBeenCalled();
	});

	test('a task from the future, as the clock was set back, was created just now', async () => {
		await fixture.open();
		fixture.restart();
		const [key] = Object.keys(fixture.context.tasks!);
		fixture.context.tasks![key!] = { id: 'mmsu_1', createdAt: 3_600_000 };
		fixture.clock.time = 5000;
		expect(fixture.tasks.recall(fixture.item(), BODY)?.createdAt).toBe(5000);
	});

	test('a task that has succeeded', async () => {
		fixture.tasks.step(await fixture.open(), { is: 'succeeded' });
		fixture.restart();
		const { task } = fixture.obtain(fixture.item({ executionId: '18' }));
		expect(await task).toMatchObject({ requestId: 'mmsu_1', hasSucceeded: true, resumed: true });
	});

	test('a create without a clear response, of which the user has read: it is created', async () => {
		const first = fixture.obtain();
		first.create.reject(unclear());
		await expect(first.task).rejects.toThrow('Lost');
		fixture.restart();
		const later = fixture.obtain(fixture.item({ executionId: '18' }));
		expect(later.send).toHaveBeenCalledTimes(1);
	});

	test('a create that was under way, of which nobody has read: told once, then created', async () => {
		fixture.obtain();
		expect(fixture.entries).toEqual([{ creating: '17' }]);
		fixture.restart();
		const second = fixture.obtain(fixture.item({ executionId: '18' }));
		await expect(second.task).rejects.toThrow('an earlier attempt got no response');
		expect(second.send).not.toHaveBeenCalled();
		expect(fixture.entries).toEqual([{ unconfirmed: '18' }]);
		// Retry On Fail, in the same execution.
		await expect(fixture.obtain(fixture.item({ executionId: '18' })).task).rejects.toThrow();
		fixture.restart();
		expect(fixture.obtain(fixture.item({ executionId: '19' })).send).toHaveBeenCalledTimes(1);
	});
});

test('a task whose request ID the user gave is not in the ledger', async () => {
	const item = fixture.item();
	const task = fixture.tasks.track(item, 'mmsu_9');
	expect(item.task).toBe(task);
	expect(task).toMatchObject({ requestId: 'mmsu_9', created: false, resumed: false });
	fixture.tasks.step(task, { is: 'succeeded' });
	expect(fixture.entries).toEqual([]);
});

test('a step that cannot be throws, and changes nothing', async () => {
	const task = await fixture.open();
	expect(() => fixture.tasks.step(task, { is: 'notCreated' })).toThrow('cannot become notCreated');
	expect(task.life.is).toBe('open');
	expect(fixture.entries).toEqual([{ id: 'mmsu_1', createdAt: 0 }]);
});

test('the other tasks of a run are those of other items that may bring images', async () => {
	await fixture.open('mmsu_0', fixture.item({ index: 0 }));
	await fixture.open('mmsu_1', fixture.item({ index: 1 }));
	fixture.tasks.step(await fixture.open('mmsu_2', fixture.item({ index: 2 })), { is: 'succeeded' });
	fixture.tasks.step(await fixture.open('mmsu_3', fixture.item({ index: 3 })), { is: 'ended' });
	fixture.obtain(fixture.item({ index: 4 }));
	await fixture.open('mmsu_5', fixture.item({ run: NEXT_RUN, index: 1 }));
	const others = (run: typeof NEXT_RUN) =>
		fixture.tasks
			.ofOthers(run, 0)
			.map(({ life }) => ('requestId' in life ? life.requestId : life.is));
	expect(others(fixture.run)).toEqual(['mmsu_1', 'mmsu_2', 'creating']);
	expect(others(NEXT_RUN)).toEqual(['mmsu_5']);
});
