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

it('brings what the work brings', async () => {
	const work = async () => await clock.sleep(500).then(() => 'image');
	expect(await clock.until(withDeadline(clock, 1_000, scope, work))).toBe('image');
	expect(clock.time).toBe(500);
	expectNothingLeft();
});

it('throws what the work throws, be it before its first await', async () => {
	const failure = new Error('refused');
	const later = withDeadline(clock, 1_000, scope, async () => await Promise.reject(failure));
	await expect(later).rejects.toBe(failure);
	const atOnce = withDeadline(clock, 1_000, scope, () => {
		throw failure;
	});
	await expect(atOnce).rejects.toBe(failure);
	expectNothingLeft();
});

describe('settles, though the work continues,', () => {
	let working: AbortScope | undefined;
	const neverEnds = async (given: AbortScope) => {
		working = given;
		return await new Promise<never>(() => {});
	};

	it('at the deadline', async () => {
		const bounded = withDeadline(clock, 1_000, scope, neverEnds);
		await clock.pass(999);
		expect([await stateOf(bounded), working?.aborted]).toEqual(['pending', false]);
		await clock.pass(1);
		expect([await stateOf(bounded), working?.aborted]).toEqual(['rejected: DeadlinePassed', true]);
		expect(scope.aborted).toBe(false);
		expectNothingLeft();
	});

	it('on abort', async () => {
		const bounded = withDeadline(clock, 1_000, scope, neverEnds);
		scope.abort();
		expect([await stateOf(bounded), working?.aborted]).toEqual(['rejected: Aborted', true]);
		expect(clock.timers).toBe(0);
	});
});

it.each([
	['DeadlinePassed', () => clock.pass(1_000)],
	['Aborted', async () => scope.abort()],
])('throws %s whatever the work makes of its abort', async (name, end) => {
	const bounded = withDeadline(clock, 1_000, scope, async (working) => {
		await new Promise<void>((resolve, reject) => {
			working.onAbort(() => reject(new Error('socket hang up')));
			working.onAbort(resolve);
		});
	});
	const outcome = bounded.catch((error: Error) => error.constructor.name);
	await end();
	expect(await outcome).toBe(name);
});

it('does not start the work after the deadline or an abort', async () => {
	const work = jest.fn(async () => {});
	await clock.pass(1_000);
	await expect(withDeadline(clock, 1_000, scope, work)).rejects.toBeInstanceOf(DeadlinePassed);
	scope.abort();
	await expect(withDeadline(clock, 0, scope, work)).rejects.toBeInstanceOf(Aborted);
	expect(work).not.toHaveBeenCalled();
});

it('does not abort the scope of work that has ended in time', async () => {
	const handler = jest.fn();
	await withDeadline(clock, 1_000, scope, async (working) => void working.onAbort(handler));
	await clock.pass(2_000);
	scope.abort();
	expect(handler).not.toHaveBeenCalled();
});

it('leaves no rejection unhandled of work that fails after the deadline', async () => {
	const unhandled = jest.fn();
	realProcess.on('unhandledRejection', unhandled);
	const bounded = withDeadline(clock, 1_000, scope, async () => {
		await clock.sleep(2_000);
		throw new Error('too late');
	});
	await expect(clock.until(bounded)).rejects.toBeInstanceOf(DeadlinePassed);
	await clock.pass(5_000);
	realProcess.off('unhandledRejection', unhandled);
	expect(unhandled).not.toHaveBeenCalled();
});
