import { Aborted, AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { DeadlinePassed, withDeadline } from '../../../nodes/GptImage1/timing/clock';
import { realProcess } from '../../harness/realProcess';
import { handlersOf, ManualClock, stateOf } from './manualClock';

type Work = (working: AbortScope) => Promise<unknown>;

let clock: ManualClock;
let scope: AbortScope;

beforeEach(() => {
	clock = new ManualClock();
	scope = new AbortScope();
});

const within = async (ms: number, work: Work) => await withDeadline(clock, ms, scope, work);

const expectNothingLeft = () => expect([clock.timers, handlersOf(scope)]).toEqual([0, 0]);

it('brings what the work brings, and lets go of it', async () => {
	const handler = jest.fn();
	const work = async (working: AbortScope) => {
		working.onAbort(handler);
		await clock.sleep(500);
		return 'image';
	};
	expect(await clock.until(within(1_000, work))).toBe('image');
	expect(clock.time).toBe(500);
	expectNothingLeft();
	scope.abort();
	expect(handler).not.toHaveBeenCalled();
});

const failure = new Error('refused');
const fail = () => {
	throw failure;
};

it.each<[string, Work]>([
	['after its first await', async () => await Promise.resolve().then(fail)],
	['before it', fail],
])('throws what the work throws %s', async (_when, work) => {
	await expect(within(1_000, work)).rejects.toBe(failure);
	expectNothingLeft();
});

const untilAborted = async (working: AbortScope) =>
	await new Promise<void>((resolve) => working.onAbort(resolve));

describe.each<[string, Work]>([
	['continues', async () => await new Promise<never>(() => {})],
	['ends', untilAborted],
	['fails', async (working) => await untilAborted(working).then(fail)],
])('work that %s where it is aborted', (_what, work) => {
	it.each([
		['at the deadline', async () => await clock.pass(1), 'rejected: DeadlinePassed'],
		['with its scope', async () => scope.abort(), 'rejected: Aborted'],
	])('is aborted %s', async (_when, end, outcome) => {
		let working = scope;
		const bounded = within(1_000, async (given) => await work((working = given)));
		await clock.pass(999);
		expect([await stateOf(bounded), working.aborted]).toEqual(['pending', false]);
		await end();
		expect([await stateOf(bounded), working.aborted]).toEqual([outcome, true]);
		expect(scope.aborted).toBe(outcome === 'rejected: Aborted');
		expectNothingLeft();
	});
});

it('does not start the work after the deadline or an abort', async () => {
	const work = jest.fn();
	await clock.pass(1_000);
	await expect(within(1_000, work)).rejects.toBeInstanceOf(DeadlinePassed);
	scope.abort();
	await expect(within(0, work)).rejects.toBeInstanceOf(Aborted);
	expect(work).not.toHaveBeenCalled();
});

it('leaves no rejection unhandled of work that fails after the deadline', async () => {
	const unhandled = jest.fn();
	realProcess.on('unhandledRejection', unhandled);
	const bounded = within(1_000, async () => await clock.sleep(2_000).then(fail));
	await expect(clock.until(bounded)).rejects.toBeInstanceOf(DeadlinePassed);
	await clock.pass(5_000);
	realProcess.off('unhandledRejection', unhandled);
	expect(unhandled).not.toHaveBeenCalled();
});
