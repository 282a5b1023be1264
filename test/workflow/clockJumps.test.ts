import type { Call } from '../service/contract';
import { useSimulatedFixture } from './fixture';

/** The system's clock is set while a run is under way; timers run on as they do. */

const HOUR_MS = 3_600_000;

const fixture = useSimulatedFixture({ progress: { byReads: 4 } });

describe.each([
	['an hour back', -HOUR_MS],
	['two hours forward', 2 * HOUR_MS],
])('%s', (_jump, byMs) => {
	/** Starts a run and sets the clock while the node sleeps after such a call. */
	async function runWithJump(call: Call, options: object = {}) {
		const started = fixture.time.now;
		const run = fixture.start({ prompt: 'x', options });
		await fixture.answered(call);
		await fixture.time.pass(100);
		fixture.time.moveWallClock(byMs);
		const execution = await run.ended;
		return { execution, tookSeconds: Math.round((fixture.time.now - started) / 1000) };
	}

	test.each<[string, Call, object, 'rateLimited' | 'error500' | undefined]>([
		['a wait with a poll interval', 'status', { pollInterval: 5 }, undefined],
		['a wait by the automatic schedule', 'create', {}, undefined],
		['a create that was refused', 'create', {}, 'rateLimited'],
		['a status that failed', 'status', {}, 'error500'],
		['a result that failed', 'result', {}, 'error500'],
		['a download that failed', 'image', {}, 'error500'],
	])('%s still brings the image', async (_what, call, options, answer) => {
		if (answer) fixture.emulator.answerNext(call, answer);
		const { execution, tookSeconds } = await runWithJump(call, options);
		await fixture.expectItsFile(fixture.onlyItem(execution));
		expect(tookSeconds).toBeLessThan(60);
		expect(fixture.requests('status')).toHaveLength(call === 'status' && answer ? 5 : 4);
	});

	test('a time-out is kept', async () => {
		fixture.emulator.play('stuckInQueue');
		const options = { pollInterval: 5, timeout: 60 };
		const { execution, tookSeconds } = await runWithJump('status', options);
		expect(execution.error?.message).toContain(fixture.onlyTask().id);
		expect(tookSeconds).toBeGreaterThanOrEqual(60);
		expect(tookSeconds).toBeLessThanOrEqual(62);
	});
});
