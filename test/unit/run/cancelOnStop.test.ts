import { byHand, settled, stateOf } from '../timing/manualClock';
import { BODY, Fixture, NEXT_RUN, notCreated, unclear } from './taskItems';

/** What Stop does to the tasks of an execution. */

let fixture: Fixture;

beforeEach(() => void (fixture = new Fixture()));

const KEPT = { id: 'mmsu_1', createdAt: 0 };
const SUCCEEDED = { ...KEPT, succeeded: true };
const CANCELLED_LINE = 'info stopped: task cancelled mmsu_1';
const LATE_LINE = 'info stopped: task had already finished mmsu_1';
const FAILED_LINE = 'warn stopped: could not cancel the task mmsu_1 Forbidden';

const answered = (accepted: boolean) => async () => ({ accepted, fields: {} });
const forbidden = async () => await Promise.reject(new Error('Forbidden'));

/** How its cancel is answered, and what becomes of it, of the ledger and in the log. */
test.each<[string, typeof fixture.cancel, string, object[], string]>([
	['cancelled', answered(true), 'discarded', [], CANCELLED_LINE],
	['that had ended before', answered(false), 'succeeded', [SUCCEEDED], LATE_LINE],
	['that cannot be cancelled', forbidden, 'open', [KEPT], FAILED_LINE],
])('Stop and an open task %s', async (_what, answer, life, entries, line) => {
	const task = await fixture.open();
	const isAnswered = byHand<void>();
	fixture.cancel = async () => await isAnswered.promise.then(answer);
	fixture.stop.abort();
	// At once: the credential cannot be read any more when the item has settled.
	expect(fixture.prepare).toHaveBeenCalledTimes(1);
	expect(await stateOf(task.settled)).toBe('pending');
	expect(fixture.cancels).toEqual(['mmsu_1']);
	isAnswered.resolve();
	await task.settled;
	expect(task.life.is).toBe(life);
	expect(fixture.entries).toEqual(entries);
	expect(fixture.logs.at(-1)).toBe(line);
});

test('a task whose create is under way is cancelled once its request ID is known', async () => {
	const { task, accept, item } = fixture.obtain();
	expect(await fixture.cancelledOnStop()).toEqual([]);
	// The create has read the credential.
	expect(fixture.prepare).not.toHaveBeenCalled();
	expect(await stateOf(item.task!.settled)).toBe('pending');
	accept();
	await task;
	await item.task!.settled;
	expect(fixture.cancels).toEqual(['mmsu_1']);
	expect(fixture.entries).toEqual([]);
});

test.each([
	['refused', notCreated, [], []],
	// The log alone reports it here: the next execution reports it first.
	['not clear', unclear, [{ creating: '17' }], ['warn stopped: Lost']],
])('a create whose response is %s leaves nothing to cancel', async (_how, error, left, logs) => {
	const { reject, item } = fixture.obtain();
	const { settled: seenTo } = item.task!;
	fixture.stop.abort();
	reject(error());
	await seenTo;
	await settled();
	expect(fixture.cancels).toEqual([]);
	expect(fixture.entries).toEqual(left);
	expect(fixture.logs).toEqual(logs);
});

const AFTER_STOP: Record<string, () => unknown> = {
	'cancelled whose request ID the user gave, though two tries wait for it': () => {
		for (const _try of [1, 2]) fixture.tasks.track(fixture.item(), 'mmsu_1');
	},
	'cancelled whose create two tries have joined': async () => {
		const [first, second] = [fixture.obtain(), fixture.obtain()];
		first.accept();
		await second.task;
	},
	'cancelled of an earlier execution, as soon as it is known': async () => {
		await fixture.open();
		fixture.restart();
		fixture.tasks.recall(fixture.item({ executionId: '18' }), BODY);
	},
	'cancelled that was left, once a later try has it': async () => {
		fixture.tasks.leaveOnStop(await fixture.open());
		await fixture.obtain().task;
	},
	'cancelled whose create is under way when its run hands its items on': async () => {
		const { accept, task } = fixture.obtain();
		fixture.tasks.handOver(fixture.run);
		accept();
		await task;
	},
	'cancelled of a run that continues when another, kept in the ledger, is over': async () => {
		await fixture.open();
		await fixture.open('mmsu_2', { run: NEXT_RUN });
		fixture.tasks.handOver(NEXT_RUN);
		expect(fixture.tasks.ofOthers(NEXT_RUN, 1)).toEqual([]);
		expect(fixture.entries).toHaveLength(2);
	},
	'left alone of which the latest try has Cancel on Stop off': async () => {
		await fixture.open();
		await fixture.obtain({ cancelOnStop: false }).task;
	},
	'left alone that has succeeded': async () =>
		fixture.tasks.step(await fixture.open(), { is: 'succeeded' }),
	'left alone that has failed': async () =>
		fixture.tasks.step(await fixture.open(), { is: 'ended' }),
	'left alone that has ended, one way or the other': async () =>
		fixture.tasks.leaveOnStop(await fixture.open()),
	// Its item is with the next node.
	'left alone of a run that n8n has recorded': async () =>
		await fixture.open('mmsu_1', { run: { index: 1, isRecorded: true } }),
};

test.each(Object.entries(AFTER_STOP))('On Stop a task is %s', async (which, prepare) => {
	await prepare();
	const cancels = which.startsWith('cancelled') ? ['mmsu_1'] : [];
	expect(await fixture.cancelledOnStop()).toEqual(cancels);
});
