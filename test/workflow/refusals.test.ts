import type { Call } from '../service/contract';
import { CONTINUE, prompt, prompts, refused, useSimulatedFixture } from './fixture';

/** A service that asks for patience is given it. */

const fixture = useSimulatedFixture({ progress: { byTime: 20_000 } });

/** It is refused for some time once the first call has come. */
test.each<[string, Call, number]>([
	['getStatus', 'status', 15_000],
	['getResult', 'result', 15_000],
	['cancel', 'cancel', 15_000],
	['generate', 'status', 40_000],
	['generate', 'result', 40_000],
])('a refusal is a wait, not a failure: %s, its %s for %i ms', async (operation, call, ms) => {
	const requestId = fixture.emulator.addTask().id;
	const waitForCompletion = operation === 'generate';
	fixture.emulator.answerNext(call, refused(1), 100_000);
	const run = fixture.start({ operation, prompt: 'x', requestId, waitForCompletion });
	await fixture.answered(call);
	await fixture.time.pass(ms);
	fixture.emulator.answerTruly();
	const execution = await run.ended;
	expect(execution.error?.message).toBeUndefined();
	expect(execution.items('Image')).toHaveLength(1);
	expect(fixture.counts().creates).toBe(waitForCompletion ? 1 : 0);
});

test('under Continue, a Retry-After of an hour does not hold every item in turn', async () => {
	fixture.emulator.answerNext('create', refused(3600), 100_000);
	const started = fixture.time.now;
	const parameters = { prompt, options: { maxTasksInFlight: 1 } };
	const execution = await fixture.run(parameters, { items: prompts(5), settings: CONTINUE });
	const outputItems = execution.items('Image');
	expect(outputItems.map(({ json }) => Object.keys(json))).toEqual(Array(5).fill(['error']));
	expect((fixture.time.now - started) / 60_000).toBeLessThan(15);
});
