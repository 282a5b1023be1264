import { clockUntil } from '../../nodes/GptImage1/run/clock';
import { Ended } from '../../nodes/GptImage1/task/errors';

const after = (ms: number, act: () => void) => setTimeout(act, ms);

test('sleeps until a moment and not less', async () => {
	const clock = clockUntil(new AbortController().signal);
	const at = clock.now() + 60;
	await clock.sleepUntil(at);
	expect(Date.now()).toBeGreaterThanOrEqual(at);
	await clock.sleepUntil(at);
	expect(Date.now()).toBeLessThan(at + 500);
});

test('Stop ends a sleep at once', async () => {
	const stop = new AbortController();
	const clock = clockUntil(stop.signal);
	const started = Date.now();
	after(30, () => stop.abort());
	await expect(clock.sleepUntil(started + 60_000)).rejects.toBeInstanceOf(Ended);
	expect(Date.now() - started).toBeLessThan(1000);
	expect(() => clock.checkStop()).toThrow(Ended);
});

test('after Stop nobody sleeps any more, not even till a moment that has passed', async () => {
	const clock = clockUntil(AbortSignal.abort());
	await expect(clock.sleepUntil(Date.now() + 60_000)).rejects.toBeInstanceOf(Ended);
	await expect(clock.sleepUntil(0)).rejects.toBeInstanceOf(Ended);
	expect(await clock.pause(60_000)).toBe(false);
});

test('a sleep that outlives Stop', async () => {
	const clock = clockUntil(AbortSignal.abort());
	const at = Date.now() + 40;
	await clock.sleepUntil(at, true);
	expect(Date.now()).toBeGreaterThanOrEqual(at);
	await clock.sleepUntil(0, true);
});

test('a pause tells whether it came to its end', async () => {
	const stop = new AbortController();
	const clock = clockUntil(stop.signal);
	expect(await clock.pause(1)).toBe(true);
	const other = new AbortController();
	expect(await clock.pause(1, other.signal)).toBe(true);
	after(10, () => other.abort());
	expect(await clock.pause(60_000, other.signal)).toBe(false);
	expect(await clock.pause(60_000, other.signal)).toBe(false);
	after(10, () => stop.abort());
	expect(await clock.pause(60_000, new AbortController().signal)).toBe(false);
});

test('a sleep may be longer than a timer of Node.js can run', async () => {
	const stop = new AbortController();
	const clock = clockUntil(stop.signal);
	let over = false;
	const sleeping = clock.sleepUntil(Date.now() + 2 ** 33).finally(() => (over = true));
	await new Promise((resolve) => setTimeout(resolve, 30));
	expect(over).toBe(false);
	stop.abort();
	await expect(sleeping).rejects.toBeInstanceOf(Ended);
});

test('many sleepers make no warning', async () => {
	const warned = jest.fn();
	process.on('warning', warned);
	const stop = new AbortController();
	const clock = clockUntil(stop.signal);
	const sleeping = Array.from({ length: 50 }, async () => await clock.pause(60_000));
	stop.abort();
	expect(await Promise.all(sleeping)).toEqual(Array(50).fill(false));
	await new Promise((resolve) => setTimeout(resolve, 10));
	process.off('warning', warned);
	expect(warned).not.toHaveBeenCalled();
});

test('chance is from 0 to below 1', () => {
	const clock = clockUntil(new AbortController().signal);
	for (let draw = 0; draw < 100; draw++) {
		const random = clock.random();
		expect(random >= 0 && random < 1).toBe(true);
	}
});

describe('with the n8n-workflow that n8n 1.123 brings', () => {
	test('its sleepWithAbort is used, as its sleep heeds no signal', async () => {
		const sleepWithAbort = jest.fn(async () => await Promise.reject(new Error('aborted')));
		const sleep = jest.fn(async () => {});
		const older = await jest.isolateModulesAsync(async () => {
			jest.doMock('n8n-workflow', () => ({ sleep, sleepWithAbort }));
			expect(
				await (
					await import('../../nodes/GptImage1/run/clock')
				)
					.clockUntil(new AbortController().signal)
					.pause(1000),
			).toBe(false);
		});
		expect(older).toBeUndefined();
		expect(sleepWithAbort).toHaveBeenCalledTimes(1);
		expect(sleep).not.toHaveBeenCalled();
	});
});
