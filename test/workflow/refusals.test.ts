import type { Call } from '../service/contract';
import { busiestSecond, CONTINUE, prompt, prompts, refused, useSimulatedFixture } from './fixture';

/** What a service that asks for patience is given: neither a failure nor a storm of calls. */

const fixture = useSimulatedFixture({ progress: { byTime: 20_000 } });

const OPERATIONS: Array<[string, Call]> = [
	['getStatus', 'status'],
	['getResult', 'result'],
	['cancel', 'cancel'],
];

const once = { waitForCompletion: false, downloadImages: false };

/** Parameters of an operation for the task of each item, or for a new one. */
const parametersFor = (operation: string) => ({
	...{ operation, prompt: 'x', requestId: '={{ $json.id }}' },
	...once,
});

const tasks = (count: number) =>
	Array.from({ length: count }, () => ({ id: fixture.emulator.addTask().id }));

test.each<[string, Call]>([['generate', 'create'], ...OPERATIONS])(
	'Retry-After: 0 never makes a storm of calls: %s',
	async (operation, call) => {
		fixture.emulator.answerNext(call, refused(0), 100_000);
		fixture.start(parametersFor(operation), { items: tasks(1) });
		await fixture.time.pass(3000);
		expect(fixture.requests(call).length).toBeGreaterThan(0);
		expect(fixture.requests(call).length).toBeLessThanOrEqual(10);
	},
);

/** It is refused for some time once the first call has come. */
test.each<[string, Call, number]>([
	...OPERATIONS.map(([name, call]) => [name, call, 15_000] as [string, Call, number]),
	['generate', 'status', 40_000],
	['generate', 'result', 40_000],
])('a refusal is a wait, not a failure: %s, its %s for %i ms', async (operation, call, ms) => {
	fixture.emulator.answerNext(call, refused(1), 100_000);
	const waitForCompletion = operation === 'generate';
	const parameters = { ...parametersFor(operation), waitForCompletion };
	const run = fixture.start(parameters, { items: tasks(1) });
	await fixture.untilAnswered(call);
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

test.each(OPERATIONS)('%s of many request IDs: at most ten calls in any second', async (name) => {
	const execution = await fixture.run(parametersFor(name), { items: tasks(100) });
	expect(execution.status).toBe('success');
	expect(execution.items('Image')).toHaveLength(100);
	expect(fixture.requests().length).toBeGreaterThanOrEqual(100);
	expect(busiestSecond(fixture.requests())).toBeLessThanOrEqual(10);
});
