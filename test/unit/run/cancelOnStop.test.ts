import type { CancelOutcome } from '../../../nodes/GptImage1/service/client';
import { settled, stateOf } from '../timing/manualClock';
import { Fixture, BODY, byHand, notCreated, unclear } from './taskItems';

/** What Stop does to the tasks of an execution. */

let fixture: Fixture;

beforeEach(() => {
	fixture = new Fixture();
});

/** Stop comes. @returns the request IDs of the cancels that are sent at once */
async function cancelledOnStop(): Promise<string[]> {
	fixture.stop.abort();
	await settled();
	return fixture.cancels;
}

test('an open task is cancelled', async () => {
	const task = await fixture.open();
	const cancel = byHand<CancelOutcome>();
	fixture.cancel = async () => await cancel.promise;
	fixture.stop.abort();
	// At once: the credential cannot be read any more when the item has settled.
	expect(fixture.prepared).toBe(1);
	await settled();
	expect(fixture.cancels).toEqual(['mmsu_1']);
	expect(await stateOf(task.settled)).toBe('pending');
	cancel.resolve({ accepted: true, fields: {} });
	await task.settled;
	expect(task.life.is).toBe('discarded');
	expect(fixture.entries).toEqual([]);
	expect(fixture.logs.at(-1)).toBe('info, stopped: task cancelled, mmsu_1');
});

test('a task whose create is under way is cancelled once its request ID is known', async () => {
	const { task, create, item } = fixture.obtain();
	fixture.stop.abort();
	await settled();
	// The create has read the credential.
	expect([fixture.cancels, fixture.prepared]).toEqual([[], 0]);
	expect(await stateOf(item.task!.settled)).toBe('pending');
	create.resolve({ requestId: 'mmsu_1', fields: {} });
	await task;
	await item.task!.settled;
	expect(fixture.cancels).toEqual(['mmsu_1']);
	expect(fixture.entries).toEqual([]);
});

test.each([
	['refused', notCreated, []],
	// Nobody is told of it here: the next execution is the first to tell.
	['not clear', unclear, [{ creating: '17' }]],
] as const)(
	'a create whose response is %s leaves nothing to cancel',
	async (_how, error, entries) => {
		const { create, item } = fixture.obtain();
		const { settled: seenTo } = item.task!;
		fixture.stop.abort();
		create.reject(error());
		await seenTo;
		await settled();
		expect(fixture.cancels).toEqual([]);
		expect(fixture.entries).toEqual(entries);
	},
);

test('a task is cancelled once, though two tries have joined its create', async () => {
	const first = fixture.obtain();
	const second = fixture.obtain();
	fixture.stop.abort();
	first.create.resolve({ requestId: 'mmsu_1', fields: {} });
	await first.task;
	await second.task;
	await settled();
	expect(fixture.cancels).toEqual(['mmsu_1']);
});

test('tasks of several items, and the one whose request ID the user gave', async () => {
	await fixture.open('mmsu_1', fixture.item({ index: 1 }));
	await fixture.open('mmsu_2', fixture.item({ index: 2 }));
	fixture.tasks.track(fixture.item({ index: 3 }), 'mmsu_3');
	expect(await cancelledOnStop()).toEqual(['mmsu_1', 'mmsu_2', 'mmsu_3']);
});

test('a task of an earlier execution is cancelled as soon as it is known', async () => {
	await fixture.open();
	fixture.restart();
	fixture.tasks.recall(fixture.item({ executionId: '18' }), BODY);
	expect(await cancelledOnStop()).toEqual(['mmsu_1']);
});

test('a task that is created after Stop is cancelled', async () => {
	fixture.stop.abort();
	await fixture.open();
	await settled();
	expect(fixture.cancels).toEqual(['mmsu_1']);
});

test("the latest try's setting counts", async () => {
	await fixture.open();
	fixture.obtain(fixture.item({ cancelOnStop: false }));
	expect(await cancelledOnStop()).toEqual([]);
});

test('with Cancel on Stop off the task keeps running, and the log says so', async () => {
	const task = await fixture.open('mmsu_1', fixture.item({ cancelOnStop: false }));
	fixture.stop.abort();
	await task.settled;
	expect(fixture.cancels).toEqual([]);
	expect(fixture.logs.at(-1)).toBe(
		"info, stopped: task left running because 'Cancel on Stop' is off, mmsu_1",
	);
	expect(fixture.entries).toMatchObject([{ id: 'mmsu_1' }]);
});

test('a task that had ended before its cancel came has succeeded', async () => {
	fixture.cancel = async () => ({ accepted: false, fields: {} });
	const task = await fixture.open();
	fixture.stop.abort();
	await task.settled;
	expect(task.life.is).toBe('succeeded');
	expect(fixture.entries).toMatchObject([{ id: 'mmsu_1', succeeded: true }]);
	expect(fixture.logs.at(-1)).toBe('info, stopped: task had already finished, mmsu_1');
});

test('a cancel that fails for good leaves the task in the ledger and a warning in the log', async () => {
	fixture.cancel = async () => await Promise.reject(new Error('Forbidden'));
	const task = await fixture.open();
	fixture.stop.abort();
	await task.settled;
	expect(task.life.is).toBe('open');
	expect(fixture.entries).toMatchObject([{ id: 'mmsu_1' }]);
	expect(fixture.logs.at(-1)).toBe('warn, stopped: could not cancel the task, mmsu_1, Forbidden');
});

describe('nothing is cancelled', () => {
	test.each(['succeeded', 'ended'] as const)('of what has %s', async (is) => {
		fixture.tasks.step(await fixture.open(), { is });
		expect(await cancelledOnStop()).toEqual([]);
	});

	test('of a task that is known to have ended, though not how', async () => {
		fixture.tasks.leaveOnStop(await fixture.open());
		expect(await cancelledOnStop()).toEqual([]);
	});

	test('of a run that has handed its items on; the ledger still knows its tasks', async () => {
		await fixture.open('mmsu_1');
		await fixture.open('mmsu_2', fixture.item({ run: { index: 1, isRecorded: false } }));
		fixture.tasks.handOver(fixture.run);
		expect(fixture.tasks.ofOthers(fixture.run, 1)).toEqual([]);
		expect(await cancelledOnStop()).toEqual(['mmsu_2']);
		expect(fixture.entries).toMatchObject([{ id: 'mmsu_1' }]);
	});
});

test('a task of a run that n8n has recorded is not cancelled: its item is with the next node', async () => {
	await fixture.open();
	fixture.run.isRecorded = true;
	expect(await cancelledOnStop()).toEqual([]);
});

test('a task that was left on Stop is cancelled again once a later try has it', async () => {
	fixture.tasks.leaveOnStop(await fixture.open());
	await fixture.obtain().task;
	expect(await cancelledOnStop()).toEqual(['mmsu_1']);
});

test('a create that is under way when its run hands its items on is still cancelled', async () => {
	const { create, task } = fixture.obtain();
	fixture.tasks.handOver(fixture.run);
	fixture.stop.abort();
	create.resolve({ requestId: 'mmsu_1', fields: {} });
	await task;
	await settled();
	expect(fixture.cancels).toEqual(['mmsu_1']);
});

test('a request ID for which two tries have waited is cancelled once', async () => {
	fixture.tasks.track(fixture.item(), 'mmsu_9');
	fixture.tasks.track(fixture.item(), 'mmsu_9');
	expect(await cancelledOnStop()).toEqual(['mmsu_9']);
});
