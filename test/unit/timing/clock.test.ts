import FakeTimers from '@sinonjs/fake-timers';
import { AbortScope } from '../../../nodes/GptImage1/timing/abort';
import { systemClock } from '../../../nodes/GptImage1/timing/clock';
import { CountingScope, stateOf } from './manualClock';

describe('in faked time', () => {
	let time: FakeTimers.Clock;

	beforeEach(() => {
		time = FakeTimers.install({
			now: Date.UTC(2026, 0, 1),
			toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'],
		});
	});

	afterEach(() => time.uninstall());

	it('keeps sleeping where a timer rings early', async () => {
		const at = systemClock.now() + 1_000;
		const sleeping = systemClock.sleepUntil(at, new AbortScope());
		const passed = jest.spyOn(performance, 'now').mockReturnValue(at - 0.4);
		await time.tickAsync(1_000);
		expect(await stateOf(sleeping)).toBe('pending');
		passed.mockRestore();
		await time.tickAsync(1);
		expect(await stateOf(sleeping)).toBe('resolved: undefined');
	});

	it('sleeps until a moment, and does not go by the time of day', async () => {
		const sleeping = systemClock.sleepUntil(systemClock.now() + 1_000, new AbortScope());
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
		const scope = new CountingScope();
		const sleeping = systemClock.sleepUntil(systemClock.now() + 2 ** 32, scope);
		// Node.js makes a longer timer one of a millisecond.
		expect(time.countTimers()).toBe(1);
		await time.tickAsync(2 ** 31);
		expect(await stateOf(sleeping)).toBe('pending');
		await time.tickAsync(2 ** 31);
		expect(await stateOf(sleeping)).toBe('resolved: undefined');
		expect(scope.open).toBe(0);
	});

	it('rejects at once on abort, and leaves no timer and no handler', async () => {
		const scope = new CountingScope();
		const sleeping = [1, 2, 3].map((s) => systemClock.sleepUntil(s * 60_000, scope));
		expect(time.countTimers()).toBe(3);
		scope.abort();
		// From then on also for a moment that has passed.
		for (const sleep of [...sleeping, systemClock.sleepUntil(0, scope)]) {
			expect(await stateOf(sleep)).toBe('rejected: Aborted');
		}
		expect(time.countTimers()).toBe(0);
	});

	it('rejects where the abort comes together with the end of the sleep', async () => {
		const scope = new AbortScope();
		const sleeping = systemClock.sleepUntil(systemClock.now() + 1_000, scope);
		// The timer rings, and the abort comes before the sleeper resumes.
		time.tick(1_000);
		scope.abort();
		expect(await stateOf(sleeping)).toBe('rejected: Aborted');
	});

	it('does not sleep for a moment that has come', async () => {
		await systemClock.sleepUntil(systemClock.now(), new AbortScope());
		await systemClock.sleepUntil(-1, new AbortScope());
		expect(time.countTimers()).toBe(0);
	});
});

it('draws from 0 to below 1', () => expect(Math.floor(systemClock.random())).toBe(0));

describe('with the n8n-workflow of n8n 1.123, whose sleep ignores signals', () => {
	it('uses sleepWithAbort, with a signal of its own for each sleep', async () => {
		const signals: AbortSignal[] = [];
		const sleep = jest.fn(async () => {});
		const sleepWithAbort = jest.fn(async (_ms: number, signal: AbortSignal) => {
			signals.push(signal);
			await new Promise((_resolve, reject) => {
				// As there, never taken off.
				signal.addEventListener('abort', () => reject(new Error('The execution was cancelled')));
			});
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
		expect(new Set(signals).size).toBe(2);
		expect(sleep).not.toHaveBeenCalled();
	});
});
