import type { TaskItem } from '../../../nodes/GptImage1/run/task';
import type { CancelOutcome } from '../../../nodes/GptImage1/service/client';
import { byHand, settled, stateOf } from '../timing/manualClock';
import { BODY, Fixture, NEXT_RUN, notCreated, unclear } from './taskItems';

/** What Stop does to the tasks of an execution. */

let fixture: Fixture;

beforeEach(() => {
	fixture = new Fixture();
});

const KEPT = { id: 'mmsu_1', createdAt: 0 };

/** How its cancel is answered, and what becomes of it, of the ledger and in the log. */
test.each<[string, () => Promise<CancelOutcome>, string, object[], string]>([
	[
		'is cancelled',
		async () => ({ accepted: true, fields: {} }),
		'discarded',
		[],
		'info stopped: task cancelled mmsu_1',
	],
	[
		'had ended before',
		async () => ({ accepted: false, fields: {} }),
		'succeeded',
		[{ ...KEPT, succeeded: true }],
		'info stopped: task had already finished mmsu_1',
	],
	[
		'cannot be cancelled',
		async () => await Promise.reject(new Error('Forbidden')),
		'open',
		[KEPT],
		'warn stopped: could not cancel the task mmsu_1 Forbidden',
	],
])('an open task %s', async (_what, answer, life, entries, line) => {
	const task = await fixture.open();
	const answered = byHand<void>();
	fixture.cancel = async () => await answered.promise.then(answer);
	fixture.stop.abort();
	// At once: the credential cannot be read any more when the item has settled.
	expect(fixture.prepared).toBe(1);
	expect(await stateOf(task.settled)).toBe('pending');
	expect(fixture.cancels).toEqual(['mmsu_1']);
	answered.resolve();
	await task.settled;
	expect(task.life.is).toBe(life);
	expect(fixture.entries).toEqual(entries);
	expect(fixture.logs.at(-1)).toBe(line);
});

test('a task whose create is under way is cancelled once its request ID is known', async () => {
	const { task, accept, item } = fixture.obtain();
	// The create has read the credential.
	expect([await fixture.cancelledOnStop(), fixture.prepared]).toEqual([[], 0]);
	expect(await stateOf(item.task!.settled)).toBe('pending');
	accept();
	await task;
	await item.task!.settled;
	expect(fixture.cancels).toEqual(['mmsu_1']);
	expect(fixture.entries).toEqual([]);
});

test.each([
	['refused', notCreated, []],
	// It is not reported here: the next execution reports it first.
	['not clear', unclear, [{ creating: '17' }]],
] as const)('a create whose response is %s leaves nothing to cancel', async (_how, error, left) => {
	const { reject, item } = fixture.obtain();
	const { settled: seenTo } = item.task!;
	fixture.stop.abort();
	reject(error());
	await seenTo;
	await settled();
	expect(fixture.cancels).toEqual([]);
	expect(fixture.entries).toEqual(left);
});

const open = (change: Partial<TaskItem> = {}, id = 'mmsu_1') =>
	fixture.open(id, fixture.item(change));

/** How a task has come to be, and whether it is cancelled. */
const WAYS: Record<string, [cancelled: boolean, prepare: () => unknown]> = {
	'whose request ID the user gave': [true, () => fixture.tasks.track(fixture.item(), 'mmsu_1')],
	'for which two tries have waited, once': [
		true,
		() => [1, 2].map(() => fixture.tasks.track(fixture.item(), 'mmsu_1')),
	],
	'whose create two tries have joined, once': [
		true,
		async () => {
			const [first, second] = [fixture.obtain(), fixture.obtain()];
			first.accept();
			await second.task;
		},
	],
	'of an earlier execution, as soon as it is known': [
		true,
		async () => {
			await open();
			fixture.restart();
			fixture.tasks.recall(fixture.item({ executionId: '18' }), BODY);
		},
	],
	'that was left, once a later try has it': [
		true,
		async () => {
			fixture.tasks.leaveOnStop(await open());
			await fixture.obtain().task;
		},
	],
	'whose create is under way when its run hands its items on': [
		true,
		async () => {
			const { accept, task } = fixture.obtain();
			fixture.tasks.handOver(fixture.run);
			accept();
			await task;
		},
	],
	'of a run that continues when another hands its items on, whose tasks the ledger keeps': [
		true,
		async () => {
			await open();
			await open({ run: NEXT_RUN }, 'mmsu_2');
			fixture.tasks.handOver(NEXT_RUN);
			expect(fixture.tasks.ofOthers(NEXT_RUN, 1)).toEqual([]);
			expect(fixture.entries).toHaveLength(2);
		},
	],
	'of which the latest try has Cancel on Stop off': [
		false,
		async () => {
			await open();
			await fixture.obtain(fixture.item({ cancelOnStop: false })).task;
		},
	],
	'that has succeeded': [false, async () => fixture.tasks.step(await open(), { is: 'succeeded' })],
	'that has failed': [false, async () => fixture.tasks.step(await open(), { is: 'ended' })],
	'that has ended, one way or the other': [
		false,
		async () => fixture.tasks.leaveOnStop(await open()),
	],
	// Its item is with the next node.
	'of a run that n8n has recorded': [
		false,
		async () => await open({ run: { index: 1, isRecorded: true } }),
	],
};

test.each(Object.entries(WAYS))('Stop and a task %s', async (_which, [cancelled, prepare]) => {
	await prepare();
	expect(await fixture.cancelledOnStop()).toEqual(cancelled ? ['mmsu_1'] : []);
});
