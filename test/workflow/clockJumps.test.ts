import type { Call } from '../service/contract';
import type { Execution } from '../harness/execution';
import { useSimulatedFixture } from './fixture';

/** The system's clock is set while a run is under way; timers run on as they do. */

const HOUR_MS = 3_600_000;

const fixture = useSimulatedFixture({ progress: { byReads: 4 } });

const MOMENTS = {
	/** Such a call has left and is not answered yet. */
	'during the call': async (call: Call) => {
		while (fixture.requests(call).length === 0) await fixture.time.pass(5);
	},
	/** Such a call was answered, and the node sleeps until its next one. */
	'in the sleep after it': async (call: Call) => {
		await fixture.untilAnswered(call);
		await fixture.time.pass(100);
	},
};

const JUMPS = { 'an hour back': -HOUR_MS, 'two hours forward': 2 * HOUR_MS };

const cases = Object.entries(JUMPS).flatMap(([jump, byMs]) =>
	Object.entries(MOMENTS).map(([moment, reached]) => [jump, moment, byMs, reached] as const),
);

describe.each(cases)('%s, %s', (_jump, _moment, byMs, reached) => {
	/** Starts a run and sets the clock in the middle of it. */
	async function runWithJump(call: Call, options: object = {}) {
		const started = performance.now();
		const run = fixture.start({ prompt: 'x', options });
		await reached(call);
		fixture.time.moveWallClock(byMs);
		const execution = await fixture.endWithin(run, 300_000);
		return { execution, tookMs: performance.now() - started };
	}

	function expectItsImage({ execution }: { execution: Execution }): void {
		expect(execution.error?.message).toBeUndefined();
		expect(execution.items('Image')).toMatchObject([{ json: { state: 'succeeded' } }]);
		expect(execution.items('Image')[0]?.binary).toBeDefined();
	}

	test.each<[string, Call, object]>([
		['with a poll interval', 'status', { pollInterval: 5 }],
		['by the automatic schedule', 'create', {}],
	])('a wait %s ends in its image', async (_how, call, options) => {
		expectItsImage(await runWithJump(call, options));
		expect(fixture.requests('status')).toHaveLength(4);
	});

	test('a time-out is kept', async () => {
		fixture.emulator.play('stuckInQueue');
		const options = { pollInterval: 5, timeout: 60 };
		const { execution, tookMs } = await runWithJump('status', options);
		expect(execution.error?.message).toContain(fixture.onlyTask().id);
		expect(Math.round(tookMs / 1000)).toBeGreaterThanOrEqual(60);
		expect(Math.round(tookMs / 1000)).toBeLessThanOrEqual(62);
	});

	test.each<[Call, 'rateLimited' | 'error500']>([
		['create', 'rateLimited'],
		['status', 'error500'],
		['result', 'error500'],
		['image', 'error500'],
	])('a %s that was answered by %s is repeated', async (call, answer) => {
		fixture.emulator.answerNext(call, answer, 1);
		expectItsImage(await runWithJump(call));
	});
});
