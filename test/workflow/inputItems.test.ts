import type { Execution } from '../harness/execution';
import { batching, prompt, prompts, useSimulatedFixture } from './fixture';

/** Which input items become tasks, and how many of them are open at a time. */

/** The most tasks that were open at a time at the service, which only a create can raise. */
let mostOpen = 0;

const fixture = useSimulatedFixture({
	onAnswer({ call }) {
		if (call !== 'create') return;
		const open = [...fixture.emulator.tasks.values()].filter(({ ending }) => !ending);
		mostOpen = Math.max(mostOpen, open.length);
	},
});

beforeEach(() => (mostOpen = 0));

/** The items come in the order of the input, whichever task has ended first. */
function expectInOrder(execution: Execution, items: Array<{ prompt: string }>): void {
	const seen = execution.items('Image').map(({ json, pairedItem }) => {
		const task = fixture.emulator.tasks.get(json.request_id as string);
		return [task?.parameters.prompt, pairedItem];
	});
	expect(seen).toEqual(items.map((item, index) => [item.prompt, { item: index }]));
	expect(fixture.emulator.creates()).toHaveLength(items.length);
}

test('no input items: nothing is done', async () => {
	const execution = await fixture.run({ prompt: 'x' }, { items: [] });
	expect(execution.items('Image')).toEqual([]);
	expect(fixture.calls()).toEqual([]);
});

test('Execute Once: one task for all items', async () => {
	const settings = { executeOnce: true };
	const execution = await fixture.run({ prompt: 'x' }, { items: [{}, {}, {}], settings });
	expect(execution.items('Image')).toHaveLength(1);
	expect(fixture.emulator.tasks.size).toBe(1);
});

test("n8n's own Batching: items that start one after the other come out in their order", async () => {
	const parameters = { prompt, waitForCompletion: false, ...batching(20) };
	const items = prompts(3);
	expectInOrder(await fixture.run(parameters, { items }), items);
});

test.each([
	['1: so many tasks are open', { maxTasksInFlight: 1 }, 1],
	['4: so many tasks are open', { maxTasksInFlight: 4 }, 4],
	['ten by default', {}, 10],
])('Max Tasks in Flight, %s', async (_what, options, open) => {
	const items = prompts(12);
	for (const slow of items.slice(1, 3)) fixture.emulator.play('slow', slow);
	expectInOrder(await fixture.run({ prompt, options }, { items }), items);
	expect(mostOpen).toBe(open);
});
