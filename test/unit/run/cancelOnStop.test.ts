import type { CancelOutcome } from '../../../nodes/GptImage1/service/client';
import { settled, stateOf } from '../timing/manualClock';
import { Bench, BODY, byHand, notCreated, unclear } from './taskItems';

/** What Stop does to the tasks of an execution. */

let bench: Bench;

beforeEach(() => {
	bench = new Bench();
});

test('an open task is cancelled', async () => {
	const task = await bench.open();
	const cancel = byHand<CancelOutcome>();
	bench.cancel = async () => await cancel.promise;
	bench.stop.abort();
	// At once: the credential cannot be read any more when the item has settled.
	expect(bench.prepared).toBe(1);
	await settled();
	expect(bench.cancels).toEqual(['mmsu_1']);
	expect(await stateOf(task.settled)).toBe('pending');
	cancel.resolve({ accepted: true, fields: {} });
	await task.settled;
	expect(task.life.is).toBe('discarded');
	expect(bench.entries).toEqual([]);
	expect(bench.logs.at(-1)).toBe('info, stopped: task cancelled, mmsu_1');
});

test('a task whose create is under way is cancelled once its request ID is known', async () => {
	const { task, create, item } = bench.obtain();
	bench.stop.abort();
	await settled();
	expect(bench.cancels).toEqual([]);
	expect(await stateOf(item.task!.settled)).toBe('pending');
	create.resolve({ requestId: 'mmsu_1', fields: {} });
	await task;
	await item.task!.settled;
	expect(bench.cancels).toEqual(['mmsu_1']);
	expect(bench.entries).toEqual([]);
});

test.each([
	['refused', notCreated, []],
	// Nobody is told of it here: the next execution is the first to tell.
	['not clear', unclear, [{ creating: '17' }]],
] as const)(
	'a create whose response is %s leaves nothing to cancel',
	async (_how, error, entries) => {
		const { create, item } = bench.obtain();
		const { settled: seenTo } = item.task!;
		bench.stop.abort();
		create.reject(error());
		await seenTo;
		await settled();
		expect(bench.cancels).toEqual([]);
		expect(bench.entries).toEqual(entries);
	},
);

test('a task is cancelled once, though two tries have joined its create', async () => {
	const first = bench.obtain();
	const second = bench.obtain();
	bench.stop.abort();
	first.create.resolve({ requestId: 'mmsu_1', fields: {} });
	await first.task;
	await second.task;
	await settled();
	expect(bench.cancels).toEqual(['mmsu_1']);
});

test('tasks of several items, and the one whose request ID the user gave', async () => {
	await bench.open('mmsu_1', bench.item({ index: 1 }));
	await bench.open('mmsu_2', bench.item({ index: 2 }));
	bench.tasks.track(bench.item({ index: 3 }), 'mmsu_3');
	bench.stop.abort();
	await settled();
	expect(bench.cancels).toEqual(['mmsu_1', 'mmsu_2', 'mmsu_3']);
});

test('a task of an earlier execution is cancelled as soon as it is known', async () => {
	await bench.open();
	bench.restart();
	bench.tasks.recall(bench.item({ executionId: '18' }), BODY);
	bench.stop.abort();
	await settled();
	expect(bench.cancels).toEqual(['mmsu_1']);
});

test('a task that is created after Stop is cancelled', async () => {
	bench.stop.abort();
	await bench.open();
	await settled();
	expect(bench.cancels).toEqual(['mmsu_1']);
});

test("the latest try's setting counts", async () => {
	await bench.open();
	bench.obtain(bench.item({ cancelOnStop: false }));
	bench.stop.abort();
	await settled();
	expect(bench.cancels).toEqual([]);
});

test('with Cancel on Stop off the task keeps running, and the log says so', async () => {
	const task = await bench.open('mmsu_1', bench.item({ cancelOnStop: false }));
	bench.stop.abort();
	await task.settled;
	expect(bench.cancels).toEqual([]);
	expect(bench.logs.at(-1)).toBe(
		"info, stopped: task left running because 'Cancel on Stop' is off, mmsu_1",
	);
	expect(bench.entries).toMatchObject([{ id: 'mmsu_1' }]);
});

test('a task that had ended before its cancel came has succeeded', async () => {
	bench.cancel = async () => ({ accepted: false, fields: {} });
	const task = await bench.open();
	bench.stop.abort();
	await task.settled;
	expect(task.life.is).toBe('succeeded');
	expect(bench.entries).toMatchObject([{ id: 'mmsu_1', succeeded: true }]);
	expect(bench.logs.at(-1)).toBe('info, stopped: task had already finished, mmsu_1');
});

test('a cancel that fails for good leaves the task in the ledger and a warning in the log', async () => {
	bench.cancel = async () => await Promise.reject(new Error('Forbidden'));
	const task = await bench.open();
	bench.stop.abort();
	await task.settled;
	expect(task.life.is).toBe('open');
	expect(bench.entries).toMatchObject([{ id: 'mmsu_1' }]);
	expect(bench.logs.at(-1)).toBe('warn, stopped: could not cancel the task, mmsu_1, Forbidden');
});

describe('nothing is cancelled', () => {
	test('of what has succeeded or ended', async () => {
		bench.tasks.step(await bench.open('mmsu_1', bench.item({ index: 1 })), { is: 'succeeded' });
		bench.tasks.step(await bench.open('mmsu_2', bench.item({ index: 2 })), { is: 'ended' });
		bench.stop.abort();
		await settled();
		expect(bench.cancels).toEqual([]);
	});

	test('of a task that is known to have ended, though not how', async () => {
		bench.tasks.leaveOnStop(await bench.open());
		bench.stop.abort();
		await settled();
		expect(bench.cancels).toEqual([]);
	});

	test('of a run that has handed its items on; the ledger still knows its tasks', async () => {
		await bench.open('mmsu_1');
		await bench.open('mmsu_2', bench.item({ run: { index: 1, isRecorded: false } }));
		bench.tasks.handOver(bench.run);
		expect(bench.tasks.ofOthers(bench.run, 1)).toEqual([]);
		bench.stop.abort();
		await settled();
		expect(bench.cancels).toEqual(['mmsu_2']);
		expect(bench.entries).toMatchObject([{ id: 'mmsu_1' }]);
	});
});

test('a task of a run that n8n has recorded is not cancelled: its item is with the next node', async () => {
	await bench.open();
	bench.run.isRecorded = true;
	bench.stop.abort();
	await settled();
	expect(bench.cancels).toEqual([]);
});

test('a task that was left on Stop is cancelled again once a later try has it', async () => {
	bench.tasks.leaveOnStop(await bench.open());
	await bench.obtain().task;
	bench.stop.abort();
	await settled();
	expect(bench.cancels).toEqual(['mmsu_1']);
});

test('a create that is under way when its run hands its items on is still cancelled', async () => {
	const { create, task } = bench.obtain();
	bench.tasks.handOver(bench.run);
	bench.stop.abort();
	create.resolve({ requestId: 'mmsu_1', fields: {} });
	await task;
	await settled();
	expect(bench.cancels).toEqual(['mmsu_1']);
});

test('a request ID for which two tries have waited is cancelled once', async () => {
	bench.tasks.track(bench.item(), 'mmsu_9');
	bench.tasks.track(bench.item(), 'mmsu_9');
	bench.stop.abort();
	await settled();
	expect(bench.cancels).toEqual(['mmsu_9']);
});
