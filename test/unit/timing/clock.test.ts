import FakeTimers from '@sinonjs/fake-timers';
import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { systemClock } from '../../../nodes/GptImage1/timing/clock';
import { handlersOf, stateOf } from './manualClock';

describe('in faked time', () => {
	let time: FakeTimers.Clock;
	let scope: AbortScope;

	beforeEach(() => {
		const toFake = ['setTimeout', 'clearTimeout', 'Date', 'performance'] as const;
		time = FakeTimers.install({ now: Date.UTC(2026, 0, 1), toFake: [...toFake] });
		scope = new AbortScope();
	});

	afterEach(() => time.uninstall());

	const sleep = async (ms: number) => await systemClock.sleepUntil(systemClock.now() + ms, scope);

	it('keeps sleeping where a timer rings early', async () => {
		const sleeping = sleep(1_000);
		const passed = jest.spyOn(performance, 'now').mockReturnValue(systemClock.now() + 999.6);
		await time.tickAsync(1_000);
		expect(await stateOf(sleeping)).toBe('pending');
		passed.mockRestore();
		await time.tickAsync(1);
		expect(await stateOf(sleeping)).toBe('resolved: undefined');
	});

	it('sleeps until a moment, and does not go by the time of day', async () => {
		const sleeping = sleep(1_000);
		const day = systemClock.date();
		time.setSystemTime(day + 7_200_000);
		expect(systemClock.date()).toBe(day + 7_200_000);
		expect(await stateOf(sleeping)).toBe('pending');
		time.setSystemTime(day - 3_600_000);
		await time.tickAsync(999);
		expect(await stateOf(sleeping)).toBe('pending');
		await time.tickAsync(1);
		expect(await stateOf(sleeping)).toBe('resolved: undefined');
	});

	it('sleeps longer than one timer of Node.js can', async () => {
		const sleeping = sleep(2 ** 32);
		// Node.js makes a longer timer one of a millisecond.
		await time.tickAsync(2 ** 31);
		expect(await stateOf(sleeping)).toBe('pending');
		await time.tickAsync(2 ** 31);
		expect(await stateOf(sleeping)).toBe('resolved: undefined');
		expect(handlersOf(scope)).toBe(0);
	});

	it('rejects at once on abort, and leaves no timer', async () => {
		const sleeping = [1, 2, 3].map(sleep);
		expect(time.countTimers()).toBe(3);
		scope.abort();
		// From then on also for a moment that has passed.
		for (const one of [...sleeping, sleep(-1)])
			expect(await stateOf(one)).toBe('rejected: Aborted');
		expect(time.countTimers()).toBe(0);
	});

	it('rejects where the abort comes together with the end of the sleep', async () => {
		const sleeping = sleep(1_000);
		// The timer rings, and the abort comes before the sleeper resumes.
		time.tick(1_000);
		scope.abort();
		expect(await stateOf(sleeping)).toBe('rejected: Aborted');
	});

	it('does not sleep for a moment that has come', async () => {
		await Promise.all([sleep(0), sleep(-1)]);
		expect(time.countTimers()).toBe(0);
	});
});

it('draws from 0 to below 1', () => expect(Math.floor(systemClock.random())).toBe(0));

it('uses the sleepWithAbort of n8n 1.123, with a signal of its own for each sleep', async () => {
	const signals = new Set<AbortSignal>();
	const sleep = jest.fn(); // ignores signals there
	const sleepWithAbort = async (_ms: number, signal: AbortSignal) =>
		await new Promise((_resolve, reject) => {
			signals.add(signal);
			// As there, never taken off.
			signal.addEventListener('abort', () => reject(new Error('The execution was cancelled')));
		});
	await jest.isolateModulesAsync(async () => {
		jest.doMock('n8n-workflow', () => ({ sleep, sleepWithAbort }));
		const older = await import('../../../nodes/GptImage1/timing/clock');
		const abort = await import('../../../nodes/GptImage1/timing/abort');
		const scope = new abort.AbortScope();
		const outcomes = [1, 2].map((s) => older.systemClock.sleepUntil(s * 9e9, scope));
		scope.abort();
		for (const outcome of outcomes) expect(await stateOf(outcome)).toBe('rejected: Aborted');
	});
	expect(signals.size).toBe(2);
	expect(sleep).not.toHaveBeenCalled();
});
