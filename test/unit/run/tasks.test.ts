import { settled } from '../timing/manualClock';
import { BODY, Fixture, NEXT_RUN, notCreated, unclear } from './taskItems';

let fixture: Fixture;

beforeEach(() => void (fixture = new Fixture()));

/** It fails, for it may exist; and the execution whose error says so is in the ledger. */
async function expectNotCreatedAgain(
	{ task, send, item: { executionId } }: ReturnType<Fixture['obtain']>,
	reason = 'an earlier attempt got no response',
): Promise<void> {
	await settled();
	expect(send).not.toHaveBeenCalled();
	await expect(task).rejects.toThrow(reason);
	expect(fixture.entries).toEqual([{ unconfirmed: executionId }]);
}

describe('a new task', () => {
	test('is in the ledger before its create is sent, and with its request ID afterwards', async () => {
		fixture.clock.time = 5000;
		const { task, item, send, accept } = fixture.obtain();
		expect(fixture.entries).toEqual([{ creating: '17' }]);
		expect(item.task?.life).toEqual({ is: 'creating' });
		await fixture.clock.pass(1000);
		const fields = { status: 'IN_QUEUE' };
		accept('mmsu_1', fields);
		const known = { requestId: 'mmsu_1', fields, createdAt: 6000, created: true };
		expect(await task).toMatchObject({ ...known, resumed: false, hasSucceeded: false });
		expect(item.task).toBe(await task);
		expect(fixture.tasks.recall(item, BODY)).toMatchObject({ resumed: false });
		expect(fixture.entries).toEqual([{ id: 'mmsu_1', createdAt: 6000 }]);
		expect(send).toHaveBeenCalledTimes(1);
		expect(fixture.logs).toEqual(['task created, mmsu_1']);
	});

	test('that was definitely not created leaves no trace', async () => {
		const { task, reject } = fixture.obtain();
		reject(notCreated());
		await expect(task).rejects.toThrow('Refused');
		expect(fixture.entries).toEqual([]);
		await fixture.open();
		expect(fixture.entries).toMatchObject([{ id: 'mmsu_1' }]);
	});

	test('that may have been created is not created again in this execution, but in the next', async () => {
		const first = fixture.obtain();
		const joined = fixture.obtain();
		first.reject(unclear());
		await expect(first.task).rejects.toThrow('Lost');
		expect(fixture.logs).toEqual([]);
		for (const again of [joined, fixture.obtain()]) await expectNotCreatedAgain(again, 'Lost');
		fixture.restart();
		await expectNotCreatedAgain(fixture.obtain());
		// The user has read of it before "Retry execution".
		fixture.restart();
		expect(fixture.obtain({ executionId: '18' }).send).toHaveBeenCalledTimes(1);
	});

	test("is one for each item and run; for an agent's call, for each body as well", async () => {
		await fixture.open('mmsu_1');
		const call = { run: { index: 2, isRecorded: false }, isTool: true };
		const others = [{ index: 1 }, { run: NEXT_RUN }, call].map((change) => fixture.obtain(change));
		for (const { send } of [...others, fixture.obtain(call, { ...BODY, n: 2 })])
			expect(send).toHaveBeenCalledTimes(1);
	});
});

describe('a later try', () => {
	test('gets the task of the first, also where an expression yields another body', async () => {
		const first = await fixture.open();
		const { task, send, item } = fixture.obtain({}, { prompt: 'another apple' });
		expect(await task).toBe(first);
		expect(first).toMatchObject({ item, resumed: true });
		expect(send).not.toHaveBeenCalled();
	});

	test('creates one where the create that it has joined was refused', async () => {
		const first = fixture.obtain();
		const [second, third] = [fixture.obtain(), fixture.obtain()];
		first.reject(notCreated());
		await settled();
		expect([second.send, third.send].map(({ mock }) => mock.calls.length).sort()).toEqual([0, 1]);
		for (const { accept } of [second, third]) accept('mmsu_2');
		expect(await second.task).toBe(await third.task);
	});

	test('creates a new one where the first has ended without an image', async () => {
		fixture.tasks.step(await fixture.open('mmsu_1'), { is: 'ended' });
		expect(fixture.entries).toEqual([]);
		expect((await fixture.open('mmsu_2')).requestId).toBe('mmsu_2');
	});
});

describe('what an earlier execution has saved', () => {
	test.each(['open', 'succeeded'] as const)('a task that is %s, as old as it is', async (is) => {
		fixture.clock.time = 1000;
		const first = await fixture.open();
		await fixture.clock.pass(60_000);
		if (is === 'succeeded') fixture.tasks.step(first, { is });
		const succeeded = is === 'succeeded' || undefined;
		expect(fixture.entries).toEqual([{ id: 'mmsu_1', createdAt: 1000, succeeded }]);
		fixture.restart();
		const { task, send } = fixture.obtain({ executionId: '18' });
		const known = { requestId: 'mmsu_1', createdAt: 1000, resumed: true, created: true };
		expect(await task).toMatchObject({ ...known, life: { is } });
		expect(send).not.toHaveBeenCalled();
	});

	test('a task from the future, as the clock was set back, was created just now', async () => {
		fixture.clock.time = 60_000;
		await fixture.open();
		fixture.restart();
		fixture.clock.time = 5000;
		expect(fixture.tasks.recall(fixture.item(), BODY)?.createdAt).toBe(5000);
	});

	test('a create that was under way and is not reported yet: reported once, then created', async () => {
		fixture.obtain();
		expect(fixture.entries).toEqual([{ creating: '17' }]);
		fixture.restart();
		// The second of them is of Retry On Fail, in the same execution.
		for (const executionId of ['18', '18'])
			await expectNotCreatedAgain(fixture.obtain({ executionId }));
		fixture.restart();
		expect(fixture.obtain({ executionId: '19' }).send).toHaveBeenCalledTimes(1);
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

test('the other tasks of a run are those of other items that may bring images', async () => {
	const open = async (index: number, run = fixture.run) =>
		await fixture.open(`mmsu_${index}`, { index, run });
	await open(0);
	await open(1);
	fixture.tasks.step(await open(2), { is: 'succeeded' });
	fixture.tasks.step(await open(3), { is: 'ended' });
	fixture.obtain({ index: 4 });
	await open(5, NEXT_RUN);
	const others = (run: typeof NEXT_RUN) =>
		fixture.tasks.ofOthers(run, 0).map(({ item, life }) => `${item.index} ${life.is}`);
	expect(others(fixture.run)).toEqual(['1 open', '2 succeeded', '4 creating']);
	expect(others(NEXT_RUN)).toEqual(['5 open']);
});
