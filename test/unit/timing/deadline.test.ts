import { Aborted, type AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { DeadlinePassed, withDeadline } from '../../../nodes/GptImage1/timing/clock';
import { realProcess } from '../../harness/realProcess';
import { CountingScope, ManualClock, stateOf } from './manualClock';

let clock: ManualClock;
let scope: CountingScope;

beforeEach(() => {
	clock = new ManualClock();
	scope = new CountingScope();
});

/** Nothing is left behind, neither a timer nor a handler. */
const expectNothingLeft = () => expect([clock.timers, scope.open]).toEqual([0, 0]);

it('brings what the work brings, and lets go of it', async () => {
	const handler = jest.fn();
	const work = async (working: AbortScope) => {
		working.onAbort(handler);
		await clock.sleep(500);
		return 'image';
	};
	expect(await clock.until(withDeadline(clock, 1_000, scope, work))).toBe('image');
	expect(clock.time).toBe(500);
	expectNothingLeft();
	await clock.pass(2_000);
	scope.abort();
	expect(handler).not.toHaveBeenCalled();
});

const failure = new Error('refused');

it.each([
	['after its first await', async () => await Promise.reject(failure)],
	[
		'before it',
		() => {
			throw failure;
		},
	],
])('throws what the work throws %s', async (_when, work) => {
	await expect(withDeadline(clock, 1_000, scope, work)).rejects.toBe(failure);
	expectNothingLeft();
});

const untilAborted = async (working: AbortScope) =>
	await new Promise<void>((resolve) => working.onAbort(resolve));

describe.each<[string, (working: AbortScope) => Promise<void>]>([
	['continues', async () => await new Promise<never>(() => {})],
	['ends', untilAborted],
	['fails', async (working) => await untilAborted(working).then(() => Promise.reject(failure))],
])('work that %s where it is aborted', (_what, work) => {
	let working: AbortScope | undefined;
	const begin = async () =>
		await withDeadline(clock, 1_000, scope, async (given) => await work((working = given)));

	it('is aborted at the deadline', async () => {
		const bounded = begin();
		await clock.pass(999);
		expect([await stateOf(bounded), working?.aborted]).toEqual(['pending', false]);
		await clock.pass(1);
		expect([await stateOf(bounded), working?.aborted]).toEqual(['rejected: DeadlinePassed', true]);
		expect(scope.aborted).toBe(false);
		expectNothingLeft();
	});

	it('is aborted with its scope', async () => {
		const bounded = begin();
		scope.abort();
		expect([await stateOf(bounded), working?.aborted]).toEqual(['rejected: Aborted', true]);
		expect(clock.timers).toBe(0);
	});
});

it('does not start the work after the deadline or an abort', async () => {
	const work = jest.fn(async () => {});
	await clock.pass(1_000);
	await expect(withDeadline(clock, 1_000, scope, work)).rejects.toBeInstanceOf(DeadlinePassed);
	scope.abort();
	await expect(withDeadline(clock, 0, scope, work)).rejects.toBeInstanceOf(Aborted);
	expect(work).not.toHaveBeenCalled();
});

it('leaves no rejection unhandled of work that fails after the deadline', async () => {
	const unhandled = jest.fn();
	realProcess.on('unhandledRejection', unhandled);
	const work = async () => await clock.sleep(2_000).then(() => Promise.reject(failure));
	const bounded = withDeadline(clock, 1_000, scope, work);
	await expect(clock.until(bounded)).rejects.toBeInstanceOf(DeadlinePassed);
	await clock.pass(5_000);
	realProcess.off('unhandledRejection', unhandled);
	expect(unhandled).not.toHaveBeenCalled();
});
